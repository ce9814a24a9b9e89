"""The search of the whole workbench: what a person reaches, by name or number, from every package that has something to find."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from roadstead.accounts import selectors as accounts
from roadstead.accounts.access import may
from roadstead.accounts.permissions import Action
from roadstead.catalog import selectors as catalog
from roadstead.clusters import selectors as clusters
from roadstead.core.problems import Words
from roadstead.core.states import State
from roadstead.reviews import selectors as reviews
from roadstead.runtimes import selectors as runtimes
from roadstead.store import selectors as store

if TYPE_CHECKING:
    from roadstead.accounts.models import User

SHOWN = 5


@dataclass(frozen=True)
class Hit:
    """One thing that was found, and where it is."""

    name: str
    detail: str
    address: str
    state: State | None = None


@dataclass(frozen=True)
class Section:
    """The things of one kind; `more` is the page that lists the rest, where there is one."""

    word: Words
    icon: str
    hits: list[Hit]
    more: str = ""


def found_for(actor: "User", words: str) -> list[Section]:
    """Return what this person can open that has these words in its name, or is numbered so; kinds without any are left out."""
    words = words.strip()
    found = (_section(kind, actor, words) for kind in _KINDS if words)
    return [section for section in found if section.hits]


def _store(_actor: "User", words: str) -> Iterator[Hit]:
    for item in store.search(words, size=SHOWN).items:
        card = item.as_card
        yield Hit(card.name, card.provider.name, reverse("store_app", args=[card.id]))


def _apps(actor: "User", words: str) -> Iterator[Hit]:
    page = "keeper_app" if may(actor, Action.SUSPEND) else "app"
    for app in catalog.apps_named(catalog.apps_visible_to(actor), words).select_related("provider").order_by("-updated_at")[:SHOWN]:
        yield Hit(app.name, app.provider.company_name if app.provider else "", reverse(page, args=[app.pk]), app.state)


def _versions(actor: "User", words: str) -> Iterator[Hit]:
    for version in catalog.versions_named(actor, words)[:SHOWN]:
        yield Hit(f"{version.app.name} {version.name}", version.pk, reverse("version", args=[version.pk]), version.state)


def _reviews(actor: "User", words: str) -> Iterator[Hit]:
    for row in reviews.rows_of(reviews.found_by(actor, words)[:SHOWN]):
        submission = row.submission
        name = f"{submission.app.name} {submission.version.name}"
        yield Hit(name, submission.pk, reverse("review", args=[submission.pk]), row.state)


def _instances(actor: "User", words: str) -> Iterator[Hit]:
    for cluster in clusters.listed(actor, status="all", search=words).order_by("-created_at")[:SHOWN]:
        detail = f"{cluster.app.name} · {cluster.environment.name}"
        yield Hit(cluster.name, detail, reverse("instance", args=[cluster.pk]), cluster.state)


def _environments(actor: "User", words: str) -> Iterator[Hit]:
    for place in runtimes.environments_named(actor, words)[:SHOWN]:
        yield Hit(place.name, place.zone, reverse("environment", args=[place.pk]), place.reach)


def _people(actor: "User", words: str) -> Iterator[Hit]:
    for person in accounts.people_listed(actor, words=words).order_by("name")[:SHOWN]:
        yield Hit(person.name, person.email, reverse("person", args=[person.pk]), person.state)


@dataclass(frozen=True)
class _Kind:
    """What can be found, for whoever holds one of `actions` (none: everybody), and the list that takes the same words."""

    word: Words
    icon: str
    find: "Callable[[User, str], Iterable[Hit]]"
    actions: tuple[Action, ...] = ()
    page: str = ""


_REVIEWERS = (Action.ISV_REVIEW, Action.BUSINESS_REVIEW, Action.TECHNICAL_REVIEW)
_MAKERS = (Action.CREATE_APP, Action.SUSPEND, *_REVIEWERS)
_KINDS = (
    _Kind(_("App store"), icon="building-store", find=_store, page="store_home"),
    _Kind(_("Instances"), icon="stack-2", find=_instances, page="instances"),
    _Kind(_("Apps"), icon="apps", find=_apps, actions=(Action.CREATE_APP, Action.SUSPEND)),
    _Kind(_("Versions"), icon="versions", find=_versions, actions=_MAKERS),
    _Kind(_("Reviews"), icon="eye-search", find=_reviews, actions=_REVIEWERS, page="reviews"),
    _Kind(_("Environments"), icon="cloud", find=_environments, actions=(Action.VIEW_ENVIRONMENTS,)),
    _Kind(_("People"), icon="users", find=_people, actions=(Action.CREATE_USER, Action.CREATE_MEMBER), page="people"),
)


def _section(kind: _Kind, actor: "User", words: str) -> Section:
    allowed = not kind.actions or any(may(actor, action) for action in kind.actions)
    hits = list(kind.find(actor, words))[:SHOWN] if allowed else []
    asked = urlencode({"tab": "all", "q": words} if kind.page == "reviews" else {"q": words})
    return Section(kind.word, kind.icon, hits, f"{reverse(kind.page)}?{asked}" if kind.page else "")
