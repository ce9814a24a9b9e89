"""Which apps and versions a person reaches, and what they may do to each."""

from typing import TYPE_CHECKING

from django.db.models import Case, Exists, OuterRef, Prefetch, Q, QuerySet, When

from roadstead.accounts.access import may, visible
from roadstead.accounts.permissions import Action
from roadstead.catalog.models import UNCATEGORIZED, App, Category, Picture, Version
from roadstead.catalog.states import CATEGORY_ICONS, VERSION_STATES
from roadstead.catalog.track import ACTION_OF, FROZEN, TRANSITIONS, Status, Verb
from roadstead.core.errors import Missing
from roadstead.core.lookup import Lookup

if TYPE_CHECKING:
    from roadstead.accounts.access import Actor
    from roadstead.core.states import State

_ALONE = Lookup(lambda version_id: Version.objects.exclude(status=Status.DELETED).filter(pk=version_id))
_WITH_APP = Lookup(
    lambda version_id: Version.objects.exclude(status=Status.DELETED).select_related("app", "app__provider", "owner").filter(pk=version_id)
)


def apps_visible_to(actor: "Actor") -> QuerySet[App]:
    """The working copies a person reaches, without deleted ones."""
    return visible(actor, App.objects.exclude(status=Status.DELETED), Action.VIEW_APPS)


def apps_of_name_or_provider(words: str) -> QuerySet[App]:
    """The apps whose name, or whose provider's, contains the words; whoever asks narrows this to what somebody may see."""
    return App.objects.filter(Q(name__icontains=words) | Q(provider__company_name__icontains=words))


def app_for(actor: "Actor", app_id: str) -> App:
    """Return one app; a foreign one is missing."""
    app = apps_visible_to(actor).select_related("provider", "owner", "category").filter(pk=app_id).first()
    if app is None:
        raise Missing
    return app


def versions_visible_to(actor: "Actor") -> QuerySet[Version]:
    """The versions a person reaches, without deleted ones."""
    return visible(actor, Version.objects.exclude(status=Status.DELETED), Action.VIEW_APPS)


def version_for(actor: "Actor", version_id: str) -> Version:
    """Return one version with its app; a foreign one is missing."""
    return _reached(actor, _WITH_APP.first(version_id))


def version_alone(actor: "Actor", version_id: str) -> Version:
    """Return one version without what it belongs to; a foreign one is missing."""
    return _reached(actor, _ALONE.first(version_id))


def _reached(actor: "Actor", version: Version | None) -> Version:
    """Answer for one row what `versions_visible_to` asks of many."""
    if version is None or not may(actor, Action.VIEW_APPS, version):
        raise Missing
    return version


def version_by_id(version_id: str) -> Version:
    """Return a version for work that was already permitted (a job, a submission)."""
    return Version.objects.select_related("app", "app__provider").get(pk=version_id)


def versions_of(app: App) -> QuerySet[Version]:
    """An app's versions, newest first."""
    return app.versions.exclude(status=Status.DELETED).order_by("type", "-sequence", "-created_at")


def every_version_of(app: App) -> QuerySet[Version]:
    """An app's versions, newest first, deleted ones too; for whoever reaches the app."""
    return app.versions.order_by("type", "-sequence", "-created_at")


def verbs_open_to(actor: "Actor", version: Version) -> list[Verb]:
    """The verbs a person may use on a version now: the buttons of its page, and all that `services.move` accepts from them."""
    return [
        verb for (status, verb) in TRANSITIONS if status == version.status and verb in ACTION_OF and may(actor, ACTION_OF[verb], version)
    ]


def with_versions(apps: QuerySet[App]) -> QuerySet[App]:
    """Fetch each app's versions along with a list of apps; `versions_by_type` reads them."""
    kept = Version.objects.exclude(status=Status.DELETED).order_by("type", "-sequence", "-created_at")
    return apps.prefetch_related(Prefetch("versions", kept))


def versions_by_type(app: App) -> dict[str, list[Version]]:
    """Return an app's versions, newest first, under their delivery types."""
    found: dict[str, list[Version]] = {}
    for version in app.versions.all():
        found.setdefault(version.type, []).append(version)
    return found


def apps_named(apps: QuerySet[App], words: str) -> QuerySet[App]:
    """Narrow a list of apps to those whose name, chart or id a person typed."""
    return apps.filter(Q(name__icontains=words) | Q(chart_name__icontains=words) | Q(pk=words)) if words else apps


def versions_named(actor: "Actor", words: str) -> QuerySet[Version]:
    """The versions a person reaches that are meant by an id, a number, or an app's name and a number; newest first."""
    name, _, number = words.rpartition(" ")
    meant = Q(pk=words) | Q(name=words)
    if name:
        meant |= Q(app__name__icontains=name, name__startswith=number)
    return versions_visible_to(actor).filter(meant).select_related("app").order_by("-created_at")


def is_locked(app: App) -> bool:
    """Whether the app's information is locked because a version of it is being reviewed."""
    return app.versions.filter(status=Status.IN_REVIEW).exists()


def is_frozen(version: Version) -> bool:
    """Whether a version's package and data can no longer change."""
    return version.status in FROZEN


def deployable_version(actor: "Actor", version_id: str, *, debug: bool) -> Version:
    """Return a version this person may deploy: one that is in the store, or, for a test, any that they reach.

    Raises `Missing` for all others, whether or not they exist.
    """
    reach = versions_visible_to(actor) if debug else Version.objects.filter(status=Status.ACTIVE)
    version = reach.select_related("app", "app__provider").filter(pk=version_id).first()
    if version is None:
        raise Missing
    return version


def apps_with_status(queryset: QuerySet[App], status: Status) -> QuerySet[App]:
    """The apps that have a version in one state."""
    return queryset.filter(Exists(Version.objects.filter(app=OuterRef("pk"), status=status)))


def is_icon(digest: str) -> bool:
    """Whether a file is a picture of an app; a package never is."""
    return App.objects.filter(icon=digest).exists() or Picture.objects.filter(pk=digest).exists()


def categories() -> QuerySet[Category]:
    """Every category, the one of apps without a category last."""
    return Category.objects.order_by(Case(When(pk=UNCATEGORIZED, then=1), default=0), "created_at", "name")


def category_icons() -> list["State"]:
    """The pictures that a category may have, each with its word."""
    return list(CATEGORY_ICONS.values())


def state_of(status: Status) -> "State":
    """How a state of apps and versions is said where no row is at hand, such as in a filter."""
    return VERSION_STATES[status]
