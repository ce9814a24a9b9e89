"""What the nodes of an instance learn about it: the tree that its frontgate holds, and which parts of it each node sees as `/self`.

Pure: from facts to text by path. `docs/reference/metadata.md` is what authors of packages read.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from roadstead.clusters.numbering import base_role

Tree = dict[str, str]
"""Text by path below the cluster's root, such as `hosts/web/cln-1/ip`."""
NodeView = dict[str, dict[str, str]]
"""Absolute paths by the names that a node sees: `{"self": {"host": "/clusters/cl-1/hosts/web/cln-1", …}}`."""
# What a node sees under its own name; its host, parameters and command are its own part of them.
SHARED = (
    "hosts",
    "cluster",
    "endpoints",
    "adding-hosts",
    "deleting-hosts",
    "vertical-scaling-hosts",
    "vertical-scaling-roles",
    "stopping-hosts",
    "starting-hosts",
)


@dataclass(frozen=True)
class Host:
    """A node. `role` may end in `-replica`; `instance_id` is what the place calls the machine; `memory` is MiB, sizes are GiB."""

    node_id: str
    instance_id: str
    role: str
    ip: str
    server: int
    group: int
    global_server: int
    cpu: int
    memory: int
    gpu: int = 0
    volume_size: int = 0
    instance_size: int = 20
    public_key: str = ""
    token: str = ""
    eip: str = ""
    mac: str = ""
    instance_class: int | None = None
    volume_class: int | None = None
    physical_machine: str = ""


@dataclass(frozen=True)
class Endpoint:
    """A service that the instance offers, and where."""

    name: str
    port: int
    protocol: str = ""
    host: str = ""


@dataclass(frozen=True)
class Changing:
    """The hosts that an operation concerns while it runs; the others are told by it. `roles` are those being resized."""

    adding: tuple[Host, ...] = ()
    deleting: tuple[Host, ...] = ()
    resizing: tuple[Host, ...] = ()
    stopping: tuple[Host, ...] = ()
    starting: tuple[Host, ...] = ()


@dataclass(frozen=True)
class Told:
    """All that is told about an instance.

    `facts` are the fields of the `cluster` record by their names, nested ones with slashes (`upgrade-audit/to_app_version`); empty
    ones are left out. `env` holds parameters of the whole cluster, `role_env` those of each role, which win.
    """

    cluster_id: str
    facts: Mapping[str, object]
    hosts: tuple[Host, ...]
    roles: tuple[str, ...] = ()
    env: Mapping[str, Any] = field(default_factory=dict)
    role_env: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    endpoints: tuple[Endpoint, ...] = ()
    links: Mapping[str, str] = field(default_factory=dict)
    changing: Changing = Changing()
    root_access: bool = False


def root_of(cluster_id: str) -> str:
    """Return where an instance's tree begins."""
    return f"/clusters/{cluster_id}"


def tree(told: Told) -> Tree:
    """Return the whole tree of an instance."""
    changing = told.changing
    parts = {
        "hosts": told.hosts,
        "adding-hosts": changing.adding,
        "deleting-hosts": changing.deleting,
        "vertical-scaling-hosts": changing.resizing,
        "stopping-hosts": changing.stopping,
        "starting-hosts": changing.starting,
    }
    found = {path: value for name, hosts in parts.items() for path, value in _hosts(name, hosts)}
    found |= dict(_cluster(told))
    found |= {path: value for role in _roles(told) for path, value in _env(told, role)}
    found |= {f"links/{name}": cluster_id for name, cluster_id in told.links.items()}
    if changing.resizing:
        found["vertical-scaling-roles"] = ",".join(sorted({host.role for host in changing.resizing}))
    return found


def views(told: Told) -> dict[str, NodeView]:
    """Return what each node sees, by its id: those that are there, and those being added."""
    nodes = {host.node_id: host for host in (*told.changing.adding, *told.hosts)}
    return {node_id: _view(told, host) for node_id, host in nodes.items()}


def spelled(value: object) -> str:
    """Return a value as metadata holds it: text as it is, everything else as JSON writes it, nothing as nothing."""
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def _hosts(name: str, hosts: Iterable[Host]) -> Iterator[tuple[str, str]]:
    for host in hosts:
        for key, value in _record(host):
            if value is not None and value != "":
                yield _path(name, base_role(host.role), host.instance_id, key), spelled(value)


def _record(host: Host) -> Iterator[tuple[str, object]]:
    yield from {
        "ip": host.ip,
        "sid": host.server,
        "gid": host.group,
        "gsid": host.global_server,
        "node_id": host.node_id,
        "instance_id": host.instance_id,
        "role": base_role(host.role),
        "cpu": host.cpu,
        "gpu": host.gpu,
        "memory": host.memory,
        "volume_size": host.volume_size,
        "instance_size": host.instance_size,
        "pub_key": host.public_key,
        "token": host.token,
        "eip": host.eip,
        "mac": host.mac,
        "instance_class": host.instance_class,
        "volume_class": host.volume_class,
        "physical_machine": host.physical_machine,
    }.items()


def _cluster(told: Told) -> Iterator[tuple[str, str]]:
    facts = {"cluster_id": told.cluster_id, **told.facts}
    if facts.get("subnet"):
        # The wider family of formats calls it so.
        facts.setdefault("vxnet", facts["subnet"])
    for key, value in facts.items():
        if value is not None and value != "":
            yield f"cluster/{key}", spelled(value)
    for endpoint in told.endpoints:
        said = {"port": endpoint.port, "protocol": endpoint.protocol}
        for key, value in {**said, "host": endpoint.host}.items():
            if value != "":
                yield f"cluster/endpoints/{endpoint.name}/{key}", spelled(value)
        for key, value in said.items():
            if value != "":
                yield f"endpoints/{endpoint.name}/{key}", spelled(value)


def _env(told: Told, role: str) -> Iterator[tuple[str, str]]:
    for key, value in {**told.env, **told.role_env.get(role, {})}.items():
        yield _path("env", role, key), spelled(value)


def _roles(told: Told) -> list[str]:
    return sorted({*map(base_role, told.roles), *(base_role(host.role) for host in (*told.hosts, *told.changing.adding)), *told.role_env})


def _view(told: Told, host: Host) -> NodeView:
    root, role = root_of(told.cluster_id), base_role(host.role)
    own = {name: f"{root}/{name}" for name in SHARED}
    own |= {
        # The older name, which the origin reserved and never wrote.
        "scaling-hosts": f"{root}/vertical-scaling-hosts",
        "host": f"{root}/{_path('hosts', role, host.instance_id)}",
        "env": f"{root}/{_path('env', role)}",
        "cmd": f"{root}/cmd/{host.instance_id}",
    }
    own |= {f"links/{name}": root_of(cluster_id) for name, cluster_id in told.links.items()}
    return {"self": own, "clusters": {"": "/clusters"}} if told.root_access else {"self": own}


def _path(name: str, role: str, *below: str) -> str:
    """Put names together; the role without a name has no level of its own."""
    return "/".join([name, role, *below] if role else [name, *below])
