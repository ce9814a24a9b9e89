"""The rules of the platform that an administrator may change while it runs: the operator's settings, with theirs on top."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf
from time import monotonic
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from roadstead.accounts.access import require
from roadstead.accounts.errors import SettingOutOfRange, SettingUnknown
from roadstead.accounts.models import Setting
from roadstead.accounts.permissions import Action
from roadstead.audit.record import record
from roadstead.core.clock import now
from roadstead.core.problems import Words

if TYPE_CHECKING:
    from roadstead.accounts.models import User

MIB = 1024 * 1024


@dataclass(frozen=True)
class Rule:
    """One number, its bounds, and how many of the operator's units it counts."""

    name: str
    word: Words
    hint: Words
    least: int
    most: int
    unit: int = 1


RULES: dict[str, Rule] = {
    rule.name: rule
    for rule in (
        Rule("upload_bytes", _("Largest upload"), _("MiB of a packed file"), 1, 64, MIB),
        Rule("unpacked_bytes", _("Largest package when unpacked"), _("MiB"), 1, 1024, MIB),
        Rule("entries", _("Files in a package"), _("At most so many"), 10, 20_000),
        Rule("ratio", _("Compression"), _("A package may grow to at most so many times its size"), 2, 200),
        Rule("depth", _("Depth of folders"), _("At most so many, one in another"), 2, 40),
        Rule("claim_hours", _("Claims lapse after"), _("Hours without an action on the review"), 1, 720),
        Rule("connection_timeout", _("Connection checks end after"), _("Seconds"), 1, 60),
        Rule("helm_timeout", _("Helm steps end after"), _("Seconds; for jobs that start from now on"), 30, 7_200),
        Rule("output_days", _("Outputs of jobs are kept for"), _("Days after the job's end"), 10, 3_650),
        Rule("job_days", _("Jobs and their timelines are kept for"), _("Days; the last one of each instance stays"), 10, 3_650),
        Rule("file_days", _("Files that nothing names are kept for"), _("Days, such as packages that were replaced"), 1, 3_650),
    )
}
# Pages ask several times each; a query every few seconds answers them all.
_SECONDS = 5
_LIMITS = ("upload_bytes", "unpacked_bytes", "entries", "ratio", "depth")


@dataclass
class Memory:
    """What was read last, and when."""

    values: dict[str, int] = field(default_factory=dict)
    read_at: float = -inf


_memory = Memory()


@dataclass(frozen=True)
class Limits:
    """What an uploaded package may be."""

    upload_bytes: int
    unpacked_bytes: int
    entries: int
    ratio: int
    depth: int


@dataclass(frozen=True)
class Rules:
    """The rules that hold now."""

    limits: Limits
    claim_hours: int
    connection_timeout: float
    helm_timeout: float
    output_days: int
    job_days: int
    file_days: int


def rules() -> Rules:
    """Return the rules that hold now; what was read is kept for some seconds."""
    values = {**operators_values(), **_stored()}
    return Rules(
        Limits(**{name: int(values[name]) for name in _LIMITS}),
        claim_hours=int(values["claim_hours"]),
        connection_timeout=values["connection_timeout"],
        helm_timeout=values["helm_timeout"],
        output_days=int(values["output_days"]),
        job_days=int(values["job_days"]),
        file_days=int(values["file_days"]),
    )


def _stored() -> dict[str, int]:
    """Return what administrators set; a change of another process is seen within seconds."""
    if monotonic() - _memory.read_at > _SECONDS:
        _memory.values, _memory.read_at = dict(Setting.objects.values_list("name", "value")), monotonic()
    return _memory.values


def operators_values() -> dict[str, float]:
    """Return the values that hold where no administrator has set one."""
    options = settings.OPTIONS
    return {name: getattr(options.limits if name in _LIMITS else options, name) for name in RULES}


@transaction.atomic
def set_rules(*, actor: "User", values: Mapping[str, int]) -> None:
    """Set rules, in the units in which they are asked for; one that stays as it is isn't written."""
    require(actor, Action.CHANGE_SETTINGS)
    stored = dict(Setting.objects.select_for_update().values_list("name", "value"))
    before = {**operators_values(), **stored}
    for name, value in values.items():
        rule = RULES.get(name)
        if rule is None:
            raise SettingUnknown(field=name[:64], name=name[:64])
        if not rule.least <= value <= rule.most:
            raise SettingOutOfRange(field=name, least=rule.least, most=rule.most)
        _write(actor, rule, before[name], value * rule.unit)
    _forget()
    transaction.on_commit(_forget)  # somebody may have read the old values while these were not there yet


def _forget() -> None:
    _memory.read_at = -inf


def _write(actor: "User", rule: Rule, before: float, value: int) -> None:
    if before == value:
        return
    row, _new = Setting.objects.update_or_create(name=rule.name, defaults={"value": value, "changed_at": now()})
    record(actor, "setting.changed", row, value=value, former=before)


def shown_values() -> dict[str, int]:
    """Return the values that hold now, in the units in which they are asked for."""
    values = {**operators_values(), **dict(Setting.objects.values_list("name", "value"))}
    return {name: round(values[name] / rule.unit) for name, rule in RULES.items()}
