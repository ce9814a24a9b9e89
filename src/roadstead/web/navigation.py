"""The navigation: what exists, what a person may use of it, and how much waits for them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as _

from roadstead.accounts.access import Actor, may
from roadstead.accounts.permissions import Action
from roadstead.core.problems import Words
from roadstead.reviews.selectors import waiting_for

Count = Callable[[Actor], int]


@dataclass(frozen=True)
class Entry:
    """One place to go. It is shown to whoever holds one of `actions`; `count` says how much waits there."""

    key: str
    word: Words
    icon: str
    path: str
    actions: tuple[Action, ...] = ()
    short: Words = ""
    count: Count | None = None
    waiting: int = 0


@dataclass(frozen=True)
class Group:
    """Entries of one task, for whoever holds one of `actions`. A place that stands in two groups is shown in the first."""

    word: Words
    entries: list[Entry] = field(default_factory=list)
    actions: tuple[Action, ...] = ()


_REVIEWS = (Action.ISV_REVIEW, Action.BUSINESS_REVIEW, Action.TECHNICAL_REVIEW)
_TESTS = Entry("test-instances", _("Test instances"), icon="flask", path="/workbench/test-instances", actions=(Action.TEST_INSTANCE,))
_GROUPS = (
    Group(
        "",
        [
            Entry(
                "overview",
                _("Overview"),
                icon="layout-dashboard",
                path="/workbench/overview",
                actions=(Action.CREATE_APP, Action.SUSPEND, *_REVIEWS),
            )
        ],
    ),
    Group(
        _("Use"),
        [
            Entry(
                "instances",
                _("My instances"),
                icon="stack-2",
                path="/workbench/instances",
                actions=(Action.VIEW_INSTANCES,),
                short=_("Instances"),
            ),
            Entry(
                "environments",
                _("Environments"),
                icon="cloud",
                path="/workbench/environments",
                actions=(Action.VIEW_ENVIRONMENTS,),
                short=_("Environments"),
            ),
            Entry("deployed", _("Deployed apps"), icon="rocket", path="/workbench/deployed", actions=(Action.CREATE_INSTANCE,)),
        ],
    ),
    Group(
        _("Develop"),
        [
            Entry("apps", _("My apps"), icon="apps", path="/workbench/apps", actions=(Action.CREATE_APP,), short=_("Apps")),
            _TESTS,
        ],
        actions=(Action.CREATE_APP,),
    ),
    Group(
        _("Review"),
        [
            Entry(
                "reviews",
                _("Review queue"),
                icon="eye-search",
                path="/workbench/reviews",
                actions=_REVIEWS,
                short=_("Reviews"),
                count=waiting_for,
            ),
            _TESTS,
        ],
        actions=_REVIEWS,
    ),
    Group(_("Company"), [Entry("people", _("Team"), icon="users", path="/workbench/people", actions=(Action.CREATE_MEMBER,))]),
    Group(
        _("Platform"),
        [
            Entry("all-apps", _("All apps"), icon="layout-grid-add", path="/workbench/all-apps", actions=(Action.SUSPEND,)),
            Entry("all-instances", _("All instances"), icon="stack-2", path="/workbench/all-instances", actions=(Action.SUSPEND,)),
            Entry("categories", _("Categories"), icon="category", path="/workbench/categories", actions=(Action.EDIT_CATEGORY,)),
            Entry("people", _("People and roles"), icon="users", path="/workbench/people", actions=(Action.CREATE_USER,)),
            Entry("this-machine", _("This machine"), icon="server", path="/workbench/this-machine", actions=(Action.CHANGE_SETTINGS,)),
            Entry("settings", _("Platform settings"), icon="settings", path="/workbench/settings", actions=(Action.CHANGE_SETTINGS,)),
            Entry("audit", _("Audit"), icon="history", path="/workbench/audit", actions=(Action.CHANGE_SETTINGS,)),
        ],
    ),
)
STORE = Entry("store", _("App store"), icon="building-store", path="/", short=_("Store"))
_DOCK = ("instances", "reviews", "apps", "environments")
_DOCK_PLACES = 2


def navigation_of(actor: Actor) -> list[Group]:
    """Return the groups that have something for this person, with what waits for them."""
    shown: set[str] = set()
    groups = []
    for group in _GROUPS:
        entries = [entry for entry in _open_to(actor, group) if entry.key not in shown]
        shown.update(entry.key for entry in entries)
        groups.append(replace(group, entries=entries))
    return [group for group in groups if group.entries]


def dock_of(groups: list[Group]) -> list[Entry]:
    """Return the three entries of the phone's dock; the fourth place leads to all the rest."""
    known = {entry.key: entry for group in groups for entry in group.entries}
    return [*[known[key] for key in _DOCK if key in known][:_DOCK_PLACES], STORE]


def _open_to(actor: Actor, group: Group) -> Iterator[Entry]:
    if not _holds_one(actor, group.actions):
        return
    for entry in group.entries:
        if _exists(entry.path) and _holds_one(actor, entry.actions):
            yield replace(entry, waiting=entry.count(actor) if entry.count else 0)


def _holds_one(actor: Actor, actions: tuple[Action, ...]) -> bool:
    """Whether this person holds one of these actions; none asked for means everybody."""
    return not actions or any(may(actor, action) for action in actions)


def _exists(path: str) -> bool:
    """Whether a page answers there: entries of packages that aren't installed are left out."""
    try:
        resolve(path)
    except Resolver404:
        return False
    return True
