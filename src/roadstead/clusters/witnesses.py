"""Who wants to know how an operation on an instance ended. The packages above say it, because this one doesn't know them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from roadstead.clusters.models import Cluster
    from roadstead.jobs.models import Job

Witness = Callable[["Cluster", "Job"], None]
_witnesses: list[Witness] = []


def register_witness(witness: Witness) -> None:
    """Add a function that is told of every end, in its transaction: database work only."""
    if witness not in _witnesses:
        _witnesses.append(witness)


def tell_witnesses(cluster: "Cluster", job: "Job") -> None:
    """Tell everybody how a job of an instance ended."""
    for witness in _witnesses:
        witness(cluster, job)
