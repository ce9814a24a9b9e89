"""Changes of an application's objects in words, the weighty ones marked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from roadstead.core.problems import Words

if TYPE_CHECKING:
    from roadstead.packaging.traits import Change

TITLES: dict[str, Words] = {
    "image": gettext_lazy("Images"),
    "privileged": gettext_lazy("Privileges on the host"),
    "host-access": gettext_lazy("Access to the host"),
    "host-path": gettext_lazy("Folders of the host"),
    "permission": gettext_lazy("Permissions in the cluster"),
    "binding": gettext_lazy("Who gets permissions"),
    "role": gettext_lazy("Roles"),
    "service-type": gettext_lazy("How services are reached"),
    "node-port": gettext_lazy("Fixed node ports"),
    "port": gettext_lazy("Ports"),
    "storage": gettext_lazy("Storage"),
    "storage-class": gettext_lazy("Storage class"),
    "nodes": gettext_lazy("Nodes of a role"),
    "replicas": gettext_lazy("Replicas"),
    "resources": gettext_lazy("CPU and memory"),
    "service": gettext_lazy("Commands that run"),
    "link": gettext_lazy("Links to other instances"),
    "object": gettext_lazy("Objects"),
}
# What gives an app more power than it had is marked.
_WEIGHTY = frozenset({"privileged", "host-access", "host-path", "permission", "binding", "node-port"})


@dataclass(frozen=True)
class Said:
    """One change: where, what, and whether it asks for a second look."""

    where: str
    what: str
    weighty: bool


@dataclass(frozen=True)
class Group:
    """The changes of one kind."""

    title: str
    rows: Sequence[Said]


def in_words(changes: "Iterable[Change]") -> list[Group]:
    """Return changes by kind, in the order in which they matter."""
    found: dict[str, list[Said]] = {}
    for change in changes:
        found.setdefault(change.code, []).append(_said(change))
    return [Group(str(TITLES[code]), rows) for code, rows in found.items()]


def _said(change: "Change") -> Said:
    # A permission is named by what it allows, so its part would only say it twice.
    part = "" if change.code in {"permission", "binding"} else change.part
    where = f"{change.name} · {part}" if part else change.name
    return Said(where, _what(change.before, change.after), weighty=change.code in _WEIGHTY and bool(change.after))


def _what(before: str, after: str) -> str:
    if not before:
        return _("new: %(value)s") % {"value": after}
    if not after:
        return _("gone: %(value)s") % {"value": before}
    return _("%(before)s becomes %(after)s") % {"before": before, "after": after}
