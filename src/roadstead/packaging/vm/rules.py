"""The fields of a rendered cluster with what each may hold: one table that the check walks."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from roadstead.core.problems import Problem, ProblemKind
from roadstead.packaging.telling import listed, shown, type_of
from roadstead.packaging.vm import kinds
from roadstead.packaging.vm.dialect import TEMPLATE as FILE

MOUNT_POINT = re.compile(r"/[^\s]*|[d-zD-Z]:\\?")
ACTIONS = ("change_subnet", "change_vxnet", "scale_horizontal", "add_nodes", "associate_eip")
_FITS: Mapping[str, Any] = {
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}


@dataclass(frozen=True)
class Rule:
    """What a field may hold. `members` are those of an object, `each` rules the items of a list or the values of a map."""

    types: tuple[str, ...]
    required: bool = False
    low: float | None = None
    high: float | None = None
    longest: int | None = None
    choices: tuple[str, ...] = ()
    pattern: re.Pattern[str] | None = None
    expected: str = ""  # in words, where there is a pattern
    members: "Mapping[str, Rule] | None" = None
    each: "Rule | None" = None
    most: tuple[int, ProblemKind] | None = None
    once: bool = False
    wrong: ProblemKind = kinds.BAD_VALUE
    ignored: bool = False


def check(rule: Rule, value: Any, where: str) -> Iterator[Problem]:
    """Yield everything that is wrong with a value and with all that is in it."""
    if not any(_FITS[kind](value) for kind in rule.types):
        yield kinds.WRONG_TYPE(file=FILE, where=where, expected=" / ".join(rule.types), found=type_of(value))
        return
    yield from _of_value(rule, value, where)
    if isinstance(value, dict):
        yield from _of_members(rule, value, where)
    elif isinstance(value, list):
        yield from _of_items(rule, value, where)


def _of_value(rule: Rule, value: Any, where: str) -> Iterator[Problem]:
    if isinstance(value, str):
        yield from _of_text(rule, value, where)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        too_low = rule.low is not None and value < rule.low
        if too_low or (rule.high is not None and value > rule.high):
            low, high = ("" if bound is None else bound for bound in (rule.low, rule.high))
            if rule.wrong is kinds.BAD_VALUE and rule.high is not None:
                yield kinds.OUT_OF_BOUNDS(file=FILE, where=where, found=value, low=low, high=high)
            else:
                yield rule.wrong(file=FILE, where=where, expected=f"≥ {low}" if too_low else f"≤ {high}", found=shown(value))


def _of_text(rule: Rule, value: str, where: str) -> Iterator[Problem]:
    if rule.longest is not None and len(value) > rule.longest:
        if rule.wrong is kinds.BAD_VALUE:
            yield kinds.BAD_VALUE_LENGTH(file=FILE, where=where, found=len(value), limit=rule.longest)
        else:
            yield rule.wrong(file=FILE, where=where, expected=f"≤ {rule.longest}", found=len(value))
    if rule.choices and value not in rule.choices:
        yield rule.wrong(file=FILE, where=where, expected=listed(rule.choices), found=shown(value))
    if rule.pattern and not rule.pattern.fullmatch(value):
        yield rule.wrong(file=FILE, where=where, expected=rule.expected, found=shown(value))


def _of_members(rule: Rule, value: Mapping[str, Any], where: str) -> Iterator[Problem]:
    if rule.most and len(value) > rule.most[0]:
        yield rule.most[1](file=FILE, where=where, found=len(value), limit=rule.most[0])
    if rule.members is not None:
        yield from _of_fields(rule.members, value, where)
    elif rule.each:
        for key, item in value.items():
            yield from check(rule.each, item, f"{where}.{key}")


def _of_fields(members: Mapping[str, Rule], value: Mapping[str, Any], where: str) -> Iterator[Problem]:
    for key, below in members.items():
        if below.required and value.get(key) is None:
            yield kinds.MISSING_FIELD(file=FILE, where=where, name=key)
    for key, item in value.items():
        here, member = f"{where}.{key}".lstrip("."), members.get(key)
        if member is None:
            yield kinds.UNKNOWN_FIELD(file=FILE, where=here, name=key)
        elif item is not None:  # what a template leaves empty was left out
            yield from check(member, item, here)
            if member.ignored:
                yield kinds.IGNORED_FIELD(file=FILE, where=here, name=key)


def _of_items(rule: Rule, value: list[Any], where: str) -> Iterator[Problem]:
    if rule.most and len(value) > rule.most[0]:
        yield rule.most[1](file=FILE, where=where, found=len(value), limit=rule.most[0])
        return
    seen: set[str] = set()
    for position, item in enumerate(value):
        if rule.once and (written := json.dumps(item)) in seen:
            yield kinds.DOUBLED(file=FILE, where=f"{where}[{position}]", found=shown(item))
        elif rule.once:
            seen.add(written)
        if rule.each:
            yield from check(rule.each, item, f"{where}[{position}]")


_text = partial(Rule, ("string",))
_whole = partial(Rule, ("integer",))
_flag = partial(Rule, ("boolean",))
_object = partial(Rule, ("object",))
_list = partial(Rule, ("array",))
_TEXTS = _list(each=_text())
_ACTIONS = _list(each=_text(choices=ACTIONS), once=True)
_COMMAND = _text(longest=1_000, pattern=re.compile(r"(?s).*\S.*"), expected="command", wrong=kinds.BAD_SERVICE)
COMMAND = replace(_COMMAND, required=True)

SERVICE: Mapping[str, Rule] = {
    "cmd": _COMMAND,
    "order": _whole(),
    "timeout": _whole(low=1, high=86_400, wrong=kinds.BAD_SERVICE),
    "nodes_to_execute_on": _whole(low=1),
    "service_params": _object(),
    "type": _text(choices=("custom",), wrong=kinds.BAD_SERVICE),
}
# What single services have beside that.
EXTRA: Mapping[str, Mapping[str, Rule]] = {
    "init": {"post_start_service": _flag()},
    "start": {},
    "stop": {},
    "restart": {},
    "scale_out": {"pre_check": _COMMAND},
    "scale_in": {"pre_check": _COMMAND},
    "destroy": {"allow_force": _flag(), "post_stop_service": _flag()},
    "upgrade": {"post_start_service": _flag()},
    "rollback": {},
    "get_nodes_order": {"event": _list(each=_text(choices=("upgrade", "rollback", "scale_vertical")), once=True)},
    "backup": {"with_replica": _flag()},
    "restore": {"with_replica": _flag()},
    "delete_snapshot": {},
}
WITHOUT_COMMAND = frozenset({"backup", "restore", "delete_snapshot"})

_HEALTH = _object(
    members={
        "enable": _flag(),
        "interval_sec": _whole(low=60),
        "timeout_sec": _whole(low=3),
        "action_timeout_sec": _whole(low=3),
        "healthy_threshold": _whole(low=2),
        "unhealthy_threshold": _whole(low=2),
        "check_cmd": _text(),
        "action_cmd": _text(),
    }
)
_MONITOR_ITEM = _object(
    members={
        "unit": _text(),
        "value_type": _text(choices=("int", "str")),
        "statistics_type": _text(choices=("min", "max", "avg", "delta", "rate", "mode", "median", "latest")),
        "scale_factor_when_display": Rule(("number",)),
        "enums": _TEXTS,
    }
)
_MONITOR = _object(
    members={
        "enable": _flag(),
        "cmd": _text(),
        "items": _object(each=_MONITOR_ITEM),
        "groups": _object(each=_TEXTS),
        "display": _TEXTS,
        "alarm": _TEXTS,
    }
)
_TAB = _object(
    members={
        "cmd": replace(COMMAND, wrong=kinds.BAD_VALUE),
        "roles_to_execute_on": _TEXTS,
        "description": _text(),
        "timeout": _whole(low=1, high=10),
    }
)
_CONTAINER = _object(
    required=True,
    members={
        "type": _text(required=True, choices=("docker", "kvm", "lxc", "bm")),
        "image": Rule(("string", "object"), required=True, longest=2_048, each=_text(longest=2_048)),
        "zone": _text(),
    },
)
_MOUNT = _text(pattern=MOUNT_POINT, expected="/path, d: … z:")
_VOLUME = _object(
    members={
        "size": _whole(low=0),
        "mount_point": Rule(("string", "array"), pattern=MOUNT_POINT, expected=_MOUNT.expected, each=_MOUNT, once=True),
        "filesystem": _text(choices=("ext4", "xfs", "ntfs")),
        "mount_options": _text(longest=100),
        "class": _whole(),
        "instance_size": _whole(low=1),
    }
)
ROLE = _object(
    members={
        "role": _text(longest=100),
        "container": _CONTAINER,
        "count": _whole(required=True, low=0, high=200),
        "cpu": _whole(low=1),
        "memory": _whole(low=1),
        "gpu": _whole(low=0),
        "gpu_class": _whole(),
        "cpu_model": _text(),
        "instance_class": _whole(),
        "instance_type": _text(),
        "volume": _VOLUME,
        "replica": _whole(low=0, high=20),
        "server_id_upper_bound": _whole(low=1, high=2**31),
        "passphraseless": _text(choices=("ssh-rsa", "ssh-dsa", "ssh-ed25519")),
        "vertical_scaling_policy": _text(choices=("sequential", "parallel")),
        "user_access": _flag(),
        "agent_installed": _flag(),
        "services": _object(most=(21, kinds.TOO_MANY_SERVICES)),
        "env": _object(),
        "custom_metadata": _object(members={"cmd": COMMAND}),
        "health_check": _HEALTH,
        "monitor": _MONITOR,
        "advanced_actions": _ACTIONS,
        "loadbalancer": _list(each=_object()),
        "reserved_ips": _object(),
        "extra_quota": _object(),
        "eip_class": _text(),
    }
)
TOP = _object(
    members={
        "name": _text(required=True, longest=50),
        "description": _text(required=True, longest=1_000),
        "subnet": _text(required=True),
        "nodes": _list(required=True, each=ROLE, most=(100, kinds.TOO_MANY_ROLES)),
        "env": _object(),
        "advanced_actions": _ACTIONS,
        "incremental_backup_supported": _flag(),
        "backup_policy": _text(choices=("device", "custom")),
        "upgrade_policy": _TEXTS,
        "upgrading_policy": _text(choices=("parallel", "sequential", "in-place-parallel", "in-place-sequential")),
        "links": _object(each=_text()),
        "endpoints": _object(),
        "metadata_root_access": _flag(),
        "health_check": _HEALTH,
        "monitor": _MONITOR,
        "display_tabs": _object(each=_TAB, most=(5, kinds.TOO_MANY_TABS)),
        "app_id": _text(ignored=True),
        "version_id": _text(ignored=True),
        "global_uuid": _text(),
        "need_tag": _flag(ignored=True),
        "need_intranet_api_server": _flag(ignored=True),
        "exclude_node_columns": _list(each=_text(choices=("private_ip",)), once=True),
    }
)
