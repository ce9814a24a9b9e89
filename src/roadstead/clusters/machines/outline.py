"""What a package has its roles run, without the commands, which may hold secrets: enough to plan by, kept with the instance."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from roadstead.packaging.services import Document, Service


@dataclass(frozen=True)
class Duty:
    """One service of a role; `timeout` in seconds, `nodes_to_execute_on` 0 for all."""

    order: int = 0
    timeout: int = 600
    nodes_to_execute_on: int = 0
    post_start_service: bool = False
    post_stop_service: bool = False


@dataclass(frozen=True)
class Outline:
    """One role: its services, and whether its nodes have SSH keys, are asked for metadata of their own, and have their health watched."""

    name: str
    duties: Mapping[str, Duty]
    keyed: bool = False
    asked: bool = False
    watched: bool = False


def outlines_of(document: "Document") -> list[Outline]:
    """Return the outlines of a document's roles."""
    return [
        Outline(
            name=role.name,
            duties={name: _duty(service) for name, service in role.services.items() if service.cmd},
            keyed=bool(role.passphraseless),
            asked=bool(role.custom_metadata),
            watched=bool(role.health_check and role.health_check.enable and role.health_check.check_cmd),
        )
        for role in document.roles
    ]


def to_store(outlines: Sequence[Outline]) -> list[dict[str, Any]]:
    """Return outlines as JSON."""
    return [asdict(outline) for outline in outlines]


def from_store(stored: Sequence[Mapping[str, Any]]) -> list[Outline]:
    """Read back what `to_store` wrote."""
    return [Outline(**{**told, "duties": {name: Duty(**duty) for name, duty in told["duties"].items()}}) for told in stored]


def _duty(service: "Service") -> Duty:
    how = {"order": service.order, "timeout": service.timeout, "nodes_to_execute_on": service.nodes_to_execute_on}
    return Duty(**how, post_start_service=service.post_start_service, post_stop_service=service.post_stop_service)
