"""The checks of a rendered cluster (D1 to D18): each field by the table of rules, then what fields say of one another."""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from roadstead.core.problems import Problem
from roadstead.packaging.rendered import mapping, mappings
from roadstead.packaging.telling import listed, most, shown, type_of
from roadstead.packaging.vm import kinds, rules
from roadstead.packaging.vm.dialect import TEMPLATE as FILE
from roadstead.packaging.vm.document import REPLICA
from roadstead.packaging.vm.items import Item

_MOST_IN_GROUP = 5
_MOST_FIGURES = 50
_HIGHEST_PORT = 65_535
_OF_TEXT = ("mode", "latest")


def check(value: Any, config: Item) -> list[Problem]:
    """Return everything that is wrong with a document, warnings among it."""
    if not isinstance(value, dict):
        return [kinds.WRONG_TYPE(file=FILE, expected="object", found=type_of(value))]
    found = most(chain(rules.check(rules.TOP, value, ""), _of_all_services(value)))
    # What fields say of one another can only be told where each is what it should be.
    if all(problem.code in kinds.WARNINGS for problem in found):
        found.extend(most(_of_cluster(value, config)))
    return found


def normalized(value: Any) -> Any:
    """Return a document with the names that the platform uses: older packages call the network vxnet."""
    if isinstance(value, dict) and "vxnet" in value and "subnet" not in value:
        return {("subnet" if key == "vxnet" else key): item for key, item in value.items()}
    return value


def _roles(value: Mapping[str, Any]) -> list[dict[str, Any]]:
    return mappings(dict(value), "nodes")


def _of_all_services(value: dict[str, Any]) -> Iterator[Problem]:
    for position, role in enumerate(_roles(value)):
        yield from _of_services(role, f"nodes[{position}]", value)


def _of_services(role: dict[str, Any], where: str, document: Mapping[str, Any]) -> Iterator[Problem]:
    for name, service in mapping(role, "services").items():
        here = f"{where}.services.{name}"
        members = {**rules.SERVICE, **rules.EXTRA.get(name, {})}
        yield from rules.check(rules.Rule(("object",), members=members), service, here)
        if not isinstance(service, dict):
            continue
        needs_command = name not in rules.WITHOUT_COMMAND or (name == "backup" and document.get("backup_policy") == "custom")
        if needs_command and service.get("cmd") is None:
            yield kinds.BAD_SERVICE(file=FILE, where=here, expected="cmd", found="null")
        if name not in rules.EXTRA and service.get("type") != "custom":
            yield kinds.UNKNOWN_FIELD(file=FILE, where=here, name=name)


def _of_cluster(value: dict[str, Any], config: Item) -> Iterator[Problem]:
    roles = _roles(value)
    names = [role.get("role") or "" for role in roles]
    for position, (role, name) in enumerate(zip(roles, names, strict=True)):
        where = f"nodes[{position}]"
        if name in names[:position]:
            yield kinds.DUPLICATE_ROLE(file=FILE, where=f"{where}.role", name=name)
        if len(roles) > 1 and not name:
            yield kinds.MISSING_FIELD(file=FILE, where=where, name="role")
        yield from _of_role(role, where, config)
        yield from _of_health({**mapping(value, "health_check"), **mapping(role, "health_check")}, f"{where}.health_check")
        yield from _of_monitor({**mapping(value, "monitor"), **mapping(role, "monitor")}, f"{where}.monitor")
    if not any(role["count"] for role in roles):
        yield kinds.EMPTY_CLUSTER(file=FILE, where="nodes")
    declared = {item.key for item in config.leaves() if item.type == "service"}
    for name in mapping(value, "links"):
        if name not in declared:
            yield kinds.BAD_LINK(file=FILE, where=f"links.{name}", name=name)
    yield from _of_endpoints(value, roles)
    for title, tab in mapping(value, "display_tabs").items():
        for name in tab.get("roles_to_execute_on") or ():
            if name not in names:
                yield kinds.BAD_VALUE(file=FILE, where=f"display_tabs.{title}", expected=listed(names), found=shown(name))


def _of_role(role: dict[str, Any], where: str, config: Item) -> Iterator[Problem]:
    name = role.get("role") or ""
    if name.endswith(REPLICA):
        yield kinds.RESERVED_ROLE_NAME(file=FILE, where=f"{where}.role", name=name)
    elif (name and not (section := config.at("cluster", name))) or (name and section and not section.is_group):
        yield kinds.BAD_ROLE_NAME(file=FILE, where=f"{where}.role", name=name)
    volume = mapping(role, "volume")
    points = volume.get("mount_point")
    count = len(points) if isinstance(points, list) else 1
    if isinstance(points, list) and not points:
        yield kinds.BAD_VALUE(file=FILE, where=f"{where}.volume.mount_point", expected="/path", found="[]")
    elif 0 < (volume.get("size") or 0) < count:
        yield kinds.VOLUME_TOO_SMALL(file=FILE, where=f"{where}.volume.size", found=volume["size"], count=count)
    bound, nodes = role.get("server_id_upper_bound"), role["count"] * (1 + (role.get("replica") or 0))
    if bound and nodes > bound:
        yield kinds.SERVER_ID_EXHAUSTED(file=FILE, where=f"{where}.server_id_upper_bound", found=nodes, limit=bound)
    if role.get("passphraseless") == "ssh-dsa":
        yield kinds.WEAK_KEY(file=FILE, where=f"{where}.passphraseless")


def _of_health(check: dict[str, Any], where: str) -> Iterator[Problem]:
    interval, timeout = check.get("interval_sec") or 60, check.get("timeout_sec") or 10
    if timeout > interval:
        yield kinds.OUT_OF_BOUNDS(file=FILE, where=f"{where}.timeout_sec", found=timeout, low=3, high=interval)


def _of_monitor(monitor: dict[str, Any], where: str) -> Iterator[Problem]:
    items, groups = mapping(monitor, "items"), mapping(monitor, "groups")
    if len(items) > _MOST_FIGURES:
        yield kinds.OUT_OF_BOUNDS(file=FILE, where=f"{where}.items", found=len(items), low=0, high=_MOST_FIGURES)
    for name, item in items.items():
        statistics = item.get("statistics_type")
        if item.get("value_type") == "str" and statistics and statistics not in _OF_TEXT:
            here = f"{where}.items.{name}.statistics_type"
            yield kinds.BAD_VALUE(file=FILE, where=here, expected=listed(_OF_TEXT), found=shown(statistics))
    named = {f"groups.{name}": (members, items) for name, members in groups.items()}
    named |= {"alarm": (monitor.get("alarm") or [], items), "display": (monitor.get("display") or [], {**items, **groups})}
    for place, (members, known) in named.items():
        if place.startswith("groups.") and not 1 <= len(members) <= _MOST_IN_GROUP:
            yield kinds.OUT_OF_BOUNDS(file=FILE, where=f"{where}.{place}", found=len(members), low=1, high=_MOST_IN_GROUP)
        for name in members:
            if name not in known:
                yield kinds.BAD_VALUE(file=FILE, where=f"{where}.{place}", expected=listed(known), found=shown(name))


def _of_endpoints(value: dict[str, Any], roles: list[dict[str, Any]]) -> Iterator[Problem]:
    for name, endpoint in mapping(value, "endpoints").items():
        where = f"endpoints.{name}"
        if not isinstance(endpoint, dict):
            yield kinds.WRONG_TYPE(file=FILE, where=where, expected="object", found=type_of(endpoint))
        elif name != "reserved_ips":
            if port_of(endpoint.get("port"), value, roles) is None:
                yield kinds.BAD_ENDPOINT(file=FILE, where=f"{where}.port", found=shown(endpoint.get("port")))
            if not isinstance(endpoint.get("protocol") or "", str):
                yield kinds.WRONG_TYPE(file=FILE, where=f"{where}.protocol", expected="string", found=type_of(endpoint["protocol"]))
            for key in endpoint.keys() - {"port", "protocol"}:
                yield kinds.UNKNOWN_FIELD(file=FILE, where=f"{where}.{key}", name=key)


def port_of(port: Any, value: dict[str, Any], roles: list[dict[str, Any]]) -> int | None:
    """Return a port, or the one that the parameter of this name holds; None where there is no such port."""
    if isinstance(port, str) and not port.isdecimal():
        port = _parameter(port, value, roles)
    if isinstance(port, str) and port.isdecimal() and len(port) <= len(str(_HIGHEST_PORT)):
        port = int(port)
    return port if isinstance(port, int) and not isinstance(port, bool) and 1 <= port <= _HIGHEST_PORT else None


def _parameter(reference: str, value: dict[str, Any], roles: list[dict[str, Any]]) -> Any:
    """Follow `env.<p>` or `<role>.env.<p>`."""
    owner, mark, name = reference.partition(".env.")
    if not mark:
        first, _dot, name = reference.partition(".")
        return mapping(value, "env").get(name) if first == "env" else None
    role = next((role for role in roles if (role.get("role") or "") == owner), None)
    return None if role is None else {**mapping(value, "env"), **mapping(role, "env")}.get(name)
