"""The machines that a package's document asks for, as rows that are yet to be made."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from roadstead.blobs import services as blobs
from roadstead.clusters.machines.answers import document_of
from roadstead.clusters.machines.outline import outlines_of, to_store
from roadstead.clusters.models import Node, NodeNumber
from roadstead.clusters.numbering import FIRST_GLOBAL, new_groups

if TYPE_CHECKING:
    from roadstead.clusters.models import Cluster
    from roadstead.packaging.services import Document, Endpoint, Role

# Browsers go to 8080 where they may not have 80; everything from here on anybody may have.
WEB, WEB_OUTSIDE, FREE_FROM = 80, 8080, 1024


@dataclass(frozen=True)
class Parts:
    """What belongs to an instance that isn't written yet: its machines, and the network that its answers name."""

    nodes: list[Node]
    subnet: str


def parts_of(cluster: "Cluster") -> Parts:
    """Return what an unwritten instance is to be made of, and note on it what its roles run. Reads its package: never within `atomic`."""
    document = document_of(blobs.read(cluster.digest), cluster.values)
    cluster.outline = to_store(outlines_of(document))
    return Parts(nodes_for(cluster, document), document.subnet)


def nodes_for(cluster: "Cluster", document: "Document") -> list[Node]:
    """Return the nodes of a document, unwritten: a primary and its replicas share a group, and count their servers together."""
    return [node for role in document.roles for node in _of_role(cluster, document, role)]


def write(nodes: list[Node]) -> None:
    """Write new nodes, each with a number that no other has; in the caller's transaction."""
    for node in nodes:
        node.number = FIRST_GLOBAL + NodeNumber.objects.create().pk
    Node.objects.bulk_create(nodes)


def _of_role(cluster: "Cluster", document: "Document", role: "Role") -> Iterator[Node]:
    for group in new_groups(role.count, role.replica, bound=role.server_id_upper_bound):
        for place, numbers in enumerate(group):
            node = Node(cluster=cluster, role=role.name, replica=place > 0, server=numbers.server, group=numbers.group)
            node.image, node.cpu, node.memory = role.container.image, role.cpu, role.memory
            node.has_agent = role.agent_installed
            node.disks = _disks(node, role)
            node.ports = [] if node.replica else _ports(document, role)
            yield node


def _disks(node: Node, role: "Role") -> list[dict[str, Any]]:
    volume = role.volume
    if volume is None or not volume.size:
        return []
    how = {"size": volume.disk_size, "filesystem": volume.filesystem, "options": volume.options}
    return [{"token": f"{node.pk}-{number}", "mount_point": point, **how} for number, point in enumerate(volume.mount_points, 1)]


def _ports(document: "Document", role: "Role") -> list[dict[str, Any]]:
    found = ((name, endpoint) for name, endpoint in document.endpoints.items() if _offering(document, name, endpoint) == role.name)
    return [
        {"name": name, "port": endpoint.port, "protocol": endpoint.protocol or "tcp", "prefer": _outside(endpoint.port)}
        for name, endpoint in found
    ]


def _offering(document: "Document", name: str, endpoint: "Endpoint") -> str:
    """Return the role whose machines offer an endpoint: that of the parameter it follows, that of its name, or the first."""
    roles = [role.name for role in document.roles]
    followed = endpoint.reference.partition(".env.")[0]
    return next((role for role in (followed, name) if role in roles), roles[0])


def _outside(port: int) -> int:
    if port == WEB:
        return WEB_OUTSIDE
    return port if port >= FREE_FROM else 0
