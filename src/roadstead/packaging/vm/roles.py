"""What a cluster is made of, as facts that a version keeps of its package and that differences are told by."""

import json
from collections.abc import Iterator

from roadstead.packaging.report import RoleFacts
from roadstead.packaging.traits import Change, Facts, compared
from roadstead.packaging.vm.building import document_of
from roadstead.packaging.vm.document import Document, Role

_MIB_A_GIB = 1024


def facts_of(document: Document) -> list[RoleFacts]:
    """Return the roles of a cluster as plain facts."""
    return [
        RoleFacts(
            role=role.name,
            image=_image(role),
            count=role.count,
            replica=role.replica,
            cpu=role.cpu,
            memory=role.memory,
            storage=role.volume.size if role.volume else 0,
        )
        for role in document.roles
    ]


def lacking_services(cluster: str) -> list[str]:
    """Return the roles of a rendered cluster that nothing starts or stops, with what is missing."""
    roles = document_of(json.loads(cluster)).roles
    return [f"{role.name}: {name}" for role in roles if role.agent_installed for name in ("start", "stop") if name not in role.services]


def changes(before: str, after: str) -> list[Change]:
    """Return what changed between two rendered clusters."""
    was, became = (dict(_told(document_of(json.loads(text)))) for text in (before, after))
    return compared(was, became)


def _told(document: Document) -> Iterator[tuple[tuple[str, str, str], str]]:
    facts: Facts = {}
    for role in document.roles:
        name = role.name or document.name
        facts |= {(code, name, part): value for code, part, value in _of_role(role)}
    for name, endpoint in document.endpoints.items():
        facts["port", name, ""] = f"{endpoint.port}/{endpoint.protocol or 'tcp'}"
    for name, chosen in document.links.items():
        facts["link", name, ""] = chosen
    for tab in document.display_tabs:
        facts["service", tab, ""] = document.display_tabs[tab].cmd
    if document.metadata_root_access:
        facts["permission", "metadata_root_access", ""] = "metadata_root_access"
    yield from facts.items()


def _of_role(role: Role) -> Iterator[tuple[str, str, str]]:
    yield "role", "", role.name
    yield "image", "", _image(role)
    yield "nodes", "", f"{role.count} × {1 + role.replica}" if role.replica else str(role.count)
    yield "resources", "", ", ".join(_sizes(role))
    if role.volume:
        points = ", ".join(role.volume.mount_points)
        yield "storage", "", f"{role.volume.size} GiB {role.volume.filesystem} ({points})"
    for name, service in role.services.items():
        yield "service", name, service.cmd
    for part, command in (("custom_metadata", role.custom_metadata), ("health_check", role.health_check and role.health_check.check_cmd)):
        if command:
            yield "service", part, command
    if role.user_access:
        yield "permission", "user_access", "user_access"
    if role.passphraseless:
        yield "permission", "passphraseless", role.passphraseless


def _sizes(role: Role) -> Iterator[str]:
    if role.cpu:
        yield f"{role.cpu} CPU"
    if role.memory:
        yield f"{role.memory / _MIB_A_GIB:g} GiB"
    if role.gpu:
        yield f"{role.gpu} GPU"
    if role.instance_type:
        yield role.instance_type


def _image(role: Role) -> str:
    container = role.container
    return container.image or ", ".join(f"{zone}: {image}" for zone, image in container.images.items())
