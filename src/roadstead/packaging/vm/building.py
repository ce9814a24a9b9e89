"""Makes the typed cluster of a document that passed its checks."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeVar

from roadstead.packaging.rendered import mapping, mappings
from roadstead.packaging.vm import document as parts
from roadstead.packaging.vm.checking import port_of
from roadstead.packaging.vm.document import Document, Role
from roadstead.packaging.vm.rules import EXTRA

T = TypeVar("T")
_SAME_NAME = (
    "incremental_backup_supported",
    "backup_policy",
    "upgrading_policy",
    "metadata_root_access",
    "global_uuid",
)
_ALIASES = {"change_vxnet": "change_subnet"}
_STRONGER = {"ssh-dsa": "ssh-rsa"}


def document_of(value: dict[str, Any]) -> Document:
    """Return the cluster that a checked document describes."""
    roles = mappings(value, "nodes")
    endpoints = mapping(value, "endpoints")
    return Document(
        name=value["name"],
        description=value["description"],
        subnet=value["subnet"],
        roles=tuple(_role(role, value) for role in roles),
        env=mapping(value, "env"),
        endpoints={name: _endpoint(one, value, roles) for name, one in endpoints.items() if name != "reserved_ips"},
        links={name: link for name, link in mapping(value, "links").items() if link},
        advanced_actions=_actions(value),
        upgrade_policy=tuple(value.get("upgrade_policy") or ()),
        reserved_ips=mapping(endpoints, "reserved_ips"),
        display_tabs={title: _made(parts.Tab, tab) for title, tab in mapping(value, "display_tabs").items()},
        exclude_node_columns=tuple(value.get("exclude_node_columns") or ()),
        **{name: value[name] for name in _SAME_NAME if value.get(name) is not None},
    )


def _role(role: dict[str, Any], value: dict[str, Any]) -> Role:
    own = {
        "container": _container(role["container"]),
        "volume": _volume(mapping(role, "volume")),
        "services": {name: _service(name, one) for name, one in mapping(role, "services").items()},
        "env": {**mapping(value, "env"), **mapping(role, "env")},
        "passphraseless": _STRONGER.get(role.get("passphraseless") or "", role.get("passphraseless") or ""),
        "custom_metadata": mapping(role, "custom_metadata").get("cmd", ""),
        "health_check": _over(parts.HealthCheck, value, role, "health_check"),
        "monitor": _monitor(value, role),
        "advanced_actions": _actions(role),
        "loadbalancer": tuple(mappings(role, "loadbalancer")),
    }
    return _made(Role, {**role, "name": role.get("role") or "", **own})


def _made(kind: type[T], found: Mapping[str, Any]) -> T:
    """Make a part of the members that it knows; what is null holds its default."""
    known = {one.name for one in fields(kind)}  # type: ignore[arg-type]  # every kind given here is a dataclass
    return kind(**{key: _frozen(value) for key, value in found.items() if key in known and value is not None})


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _actions(owner: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_ALIASES.get(name, name) for name in owner.get("advanced_actions") or ()))


def _container(found: Mapping[str, Any]) -> parts.Container:
    image = found["image"]
    zones = image if isinstance(image, dict) else {}
    only = image if isinstance(image, str) else next(iter(image.values()), "") if len(zones) == 1 else ""
    return parts.Container(found["type"], only, zones, found.get("zone") or "")


def _volume(found: Mapping[str, Any]) -> parts.Volume | None:
    if not found.get("size"):
        return None
    points = found.get("mount_point") or parts.DATA
    system = found.get("filesystem") or "ext4"
    return parts.Volume(
        size=found["size"],
        mount_points=tuple(points) if isinstance(points, list) else (points,),
        filesystem=system,
        options=found.get("mount_options") or parts.MOUNT_OPTIONS.get(system, ""),
        disk_class=found.get("class"),
        instance_size=found.get("instance_size") or 20,
    )


def _service(name: str, found: Mapping[str, Any]) -> parts.Service:
    return _made(parts.Service, {"cmd": "", **found, "custom": name not in EXTRA})


def _over(kind: type[T], value: dict[str, Any], role: dict[str, Any], key: str) -> T | None:
    """A role's own fields are laid over those of the cluster."""
    both = {**mapping(value, key), **mapping(role, key)}
    return _made(kind, both) if both else None


def _monitor(value: dict[str, Any], role: dict[str, Any]) -> parts.Monitor | None:
    both = {**mapping(value, "monitor"), **mapping(role, "monitor")}
    if not both:
        return None
    items = {name: _made(parts.MonitorItem, {**_statistics(item), **item}) for name, item in mapping(both, "items").items()}
    groups = {name: tuple(members) for name, members in mapping(both, "groups").items()}
    return _made(parts.Monitor, {**both, "items": items, "groups": groups})


def _statistics(item: Mapping[str, Any]) -> dict[str, str]:
    return {"statistics_type": "latest"} if item.get("value_type") == "str" else {}


def _endpoint(found: dict[str, Any], value: dict[str, Any], roles: list[dict[str, Any]]) -> parts.Endpoint:
    told = found.get("port")
    reference = told if isinstance(told, str) and not told.isdecimal() else ""
    return parts.Endpoint(port_of(told, value, roles) or 0, found.get("protocol") or "", reference)
