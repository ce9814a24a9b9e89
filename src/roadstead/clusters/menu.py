"""What the head of an instance offers: at most one act that stands out, the others in a menu."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from roadstead.accounts.access import may
from roadstead.clusters.asks import Ask
from roadstead.clusters.offers import redeployable, upgrades_for
from roadstead.clusters.operations import Operation, create_action, operations_open_to, reads_values
from roadstead.clusters.seen import endpoints_of
from roadstead.clusters.states import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from roadstead.accounts.models import User
    from roadstead.clusters.models import Cluster


@dataclass(frozen=True)
class Entry:
    """One act: a page that it opens, or a question that it asks."""

    word: str
    address: str
    icon: str = ""
    ask: str = ""
    danger: bool = False


@dataclass(frozen=True)
class Menu:
    """Where what runs is opened, the act that stands out, if there is one, those that stand beside it, and the rest."""

    way_in: str
    primary: Entry | None
    beside: tuple[Entry, ...]
    rest: tuple[Entry, ...]


def menu_for(actor: "User", cluster: "Cluster", asks: "Sequence[Ask]") -> Menu:
    """Arrange the pages and questions that are open to this person now."""
    entries = {**_pages(actor, cluster), **{ask.id: _entry(ask) for ask in asks}}
    primary = next((entries.pop(act) for act in ("start", "upgrade") if act in entries), None)
    beside = [entries.pop(act) for act in ("cancel", "cease") if act in entries]
    again = _again(actor, cluster)
    if again and not cluster.is_live:
        beside.append(again)
    elif again:
        entries["again"] = again
    return Menu(_way_in(cluster), primary, tuple(beside), tuple(entries.values()))


def _way_in(cluster: "Cluster") -> str:
    """Return the first address of a running instance that a browser opens."""
    endpoints = endpoints_of(cluster) if cluster.status == Status.ACTIVE else []
    return next((endpoint["url"] for endpoint in endpoints if endpoint["url"]), "")


def _pages(actor: "User", cluster: "Cluster") -> dict[str, Entry]:
    open_to, found = operations_open_to(actor, cluster), {}
    if Operation.UPGRADE in open_to and upgrades_for(actor, cluster).exists():
        found["upgrade"] = Entry(_("Upgrade"), reverse("instance_upgrade", args=[cluster.pk]), icon="arrow-up")
    if Operation.UPDATE in open_to:
        found["update"] = Entry(_("Update parameters"), reverse("instance_update", args=[cluster.pk]), icon="adjustments")
    if Operation.ROLL_BACK in open_to:
        found["rollback"] = Entry(_("Roll back"), reverse("instance_rollback", args=[cluster.pk]), icon="history")
    return found


def _entry(ask: Ask) -> Entry:
    return Entry(ask.action, f"?ask={ask.id}", icon=ask.icon, ask=f"ask-{ask.id}", danger=ask.danger)


def _again(actor: "User", cluster: "Cluster") -> Entry | None:
    """The same answers once more, for its version or the newest that can be had; for whoever may read them and deploy."""
    if not may(actor, create_action(debug=cluster.debug)) or not reads_values(actor, cluster):
        return None
    version = redeployable(actor, cluster)
    if version is None:
        return None
    address = reverse("deploy", args=[version.pk]) + f"?like={cluster.pk}" + ("&test=1" if cluster.debug else "")
    return Entry(_("Deploy again"), address, icon="rocket")
