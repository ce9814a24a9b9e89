"""What an instance on machines tells its nodes, made of its rows and its package's document."""

from typing import TYPE_CHECKING

from roadstead.clusters import metadata

if TYPE_CHECKING:
    from roadstead.clusters.models import Cluster, Node
    from roadstead.packaging.services import Document


def told_of(cluster: "Cluster", document: "Document", nodes: "list[Node]") -> metadata.Told:
    """Return everything that is told about an instance."""
    return metadata.Told(
        cluster_id=cluster.pk,
        facts={
            "app_id": cluster.app_id,
            "version_id": cluster.version_id,
            "app_version": cluster.version.name,
            "cluster_name": cluster.name,
            "user_id": cluster.owner_id,
            "subnet": document.subnet,
            "global_uuid": document.global_uuid or cluster.pk,
            "zone": cluster.environment.zone,
            "provider": cluster.environment.provider,
        },
        hosts=tuple(_host(node) for node in nodes),
        roles=tuple(role.name for role in document.roles),
        env=document.env,
        role_env={role.name: role.env for role in document.roles},
        endpoints=tuple(_endpoints(document, nodes)),
        links=document.links,
    )


def views_of(told: metadata.Told, nodes: "list[Node]") -> dict[str, metadata.NodeView]:
    """Return what each node's agent may see, by the agent's id."""
    views = metadata.views(told)
    return {node.agent_id: views[node.pk] for node in nodes if node.agent_id}


def _host(node: "Node") -> metadata.Host:
    return metadata.Host(
        node_id=node.pk,
        instance_id=node.pk,
        role=node.title,
        ip=node.address,
        server=node.server,
        group=node.group,
        global_server=node.number,
        cpu=node.cpu,
        memory=node.memory,
        volume_size=sum(disk["size"] for disk in node.disks),
        public_key=node.public_key,
        token=node.told,
        eip=node.public_address,
    )


def _endpoints(document: "Document", nodes: "list[Node]") -> "list[metadata.Endpoint]":
    offering = {port["name"]: node.address for node in reversed(nodes) for port in node.ports}
    return [metadata.Endpoint(name, told.port, told.protocol, offering.get(name, "")) for name, told in document.endpoints.items()]
