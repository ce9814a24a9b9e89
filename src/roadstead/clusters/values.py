"""What was answered for an instance, as it may be read."""

from typing import TYPE_CHECKING

from roadstead.blobs import services as blobs
from roadstead.clusters.machines.answers import readable

if TYPE_CHECKING:
    from roadstead.clusters.models import Cluster


def readable_values(cluster: "Cluster") -> str:
    """Return the answers as they were typed; of those for machines without what was asked for as a password. Reads the package."""
    if cluster.delivery == "vm":
        return readable(blobs.read(cluster.digest), cluster.values)
    return cluster.values
