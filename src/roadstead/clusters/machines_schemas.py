"""The shapes in which the API tells of the machines of an instance."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from ninja import Schema

if TYPE_CHECKING:
    from collections.abc import Mapping

    from roadstead.clusters.machines.gate_seen import SeenFrontgate
    from roadstead.clusters.machines.seen import SeenMachine


class MachineDisk(Schema):
    """A disk of a machine; its size is in GiB."""

    size: int
    mount_point: str
    filesystem: str


class MachinePort(Schema):
    """A port of a machine; `host` and `host_port` say where it is reached, empty and 0 until the machine runs."""

    name: str
    port: int
    protocol: str
    host: str
    host_port: int


class InstanceMachine(Schema):
    """One machine. `state` is the environment's word, `agent` its agent's: connected, healthy, unhealthy, silent, or empty without one.

    Memory is in MiB. `problems` are what a person has to know of it, in words.
    """

    id: str
    name: str
    role: str
    state: str
    reason: str
    agent: str
    problems: list[str]
    heard_at: datetime | None
    cpu: int
    memory: int
    image: str
    image_digest: str
    address: str
    public_address: str
    disks: list[MachineDisk]
    ports: list[MachinePort]

    @classmethod
    def of(cls, seen: "SeenMachine") -> Self:
        """Tell of a machine."""
        node = seen.node
        same = ("role", "cpu", "memory", "image", "image_digest", "address", "public_address")
        return cls(
            **{name: getattr(node, name) for name in same},
            id=node.pk,
            name=seen.name,
            state=seen.state.value,
            reason=seen.reason,
            agent=seen.agent.value if seen.agent else "",
            problems=[problem.message for problem in seen.problems],
            heard_at=seen.seen_at,
            disks=[MachineDisk(**{name: disk[name] for name in MachineDisk.model_fields}) for disk in node.disks],
            ports=[MachinePort(**{"host": "", "host_port": 0, **_known(port)}) for port in node.ports],
        )


class Frontgate(Schema):
    """The machine through which an instance is reached; `instances` share it. `goes_at`: when it is stopped or removed if none needs it."""

    id: str
    state: str
    reason: str
    agent: str
    agent_version: str
    heard_at: datetime | None
    address: str
    network: str
    image: str
    instances: int
    goes_at: datetime | None
    created_at: datetime

    @classmethod
    def of(cls, seen: "SeenFrontgate") -> Self:
        """Tell of a frontgate."""
        same = ("address", "network", "image", "created_at")
        return cls(
            **{name: getattr(seen.gate, name) for name in same},
            id=seen.gate.pk,
            state=seen.state.value,
            reason=seen.reason,
            agent=seen.agent_state.value if seen.agent_state else "",
            agent_version=seen.agent.version if seen.agent else "",
            heard_at=seen.agent.seen_at if seen.agent else None,
            instances=seen.number,
            goes_at=seen.goes_at,
        )


class InstanceMachines(Schema):
    """The machines of an instance and their frontgate; `unknown_since` is set while the environment doesn't answer."""

    machines: list[InstanceMachine]
    frontgate: Frontgate | None
    seen_at: datetime | None
    unknown_since: datetime | None


def _known(port: "Mapping[str, Any]") -> "dict[str, Any]":
    return {name: port[name] for name in MachinePort.model_fields if name in port}
