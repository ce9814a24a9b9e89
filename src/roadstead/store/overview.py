"""The first page of those who make, review or keep apps: what waits for them, a few numbers, what happened last."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeVar

from django.db.models import Count, Exists, Model, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from roadstead.accounts.access import may
from roadstead.accounts.permissions import Action
from roadstead.accounts.selectors import people_visible_to
from roadstead.catalog import selectors as catalog
from roadstead.catalog.track import Status
from roadstead.clusters import selectors as clusters
from roadstead.core.errors import NotPermitted
from roadstead.core.pages import actor_of, signed_in
from roadstead.reviews import selectors as reviews
from roadstead.store import selectors
from roadstead.store.figures import DAYS, Figure, counted, per_day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from roadstead.accounts.models import User
    from roadstead.catalog.models import App, Version
    from roadstead.clusters.models import Cluster
    from roadstead.reviews.track import Stage

M = TypeVar("M", bound=Model)
_LATEST = 5
_WAITING = 8
# What its maker has to do something about; the rest waits for others.
_FOR_MAKERS = (Status.REJECTED, Status.PASSED, Status.DRAFT)


@signed_in
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show it; an administrator's is about everything, everybody else's about the apps within their reach."""
    actor = actor_of(request)
    keeper, maker, stages = duties_of(actor)
    apps = None if keeper else catalog.apps_visible_to(actor)
    context = {
        "nav": "overview",
        "keeper": keeper,
        "reviews": reviews.waiting_for(actor) if stages else None,
        "versions": list(waiting_versions(actor, keeper=keeper)) if maker else [],
        "forces": reviews.forces_waiting_for(actor),
        "totals": list(_totals(actor)) if keeper else [],
        "figures": list(_figures(actor, apps)),
        "popular": selectors.deployed_most(apps, _LATEST),
        "latest": _latest(apps) if keeper or maker else [],
    }
    return render(request, "store/overview.html", context)


def duties_of(actor: "User") -> "tuple[bool, bool, list[Stage]]":
    """Return whether somebody keeps the store, whether they make apps, and the stages that they review; others have no overview."""
    keeper, maker, stages = may(actor, Action.SUSPEND), may(actor, Action.CREATE_APP), reviews.stages_open_to(actor)
    if not (keeper or maker or stages):
        raise NotPermitted
    return keeper, maker, stages


def waiting_versions(actor: "User", *, keeper: bool) -> "QuerySet[Version]":
    """Return the versions that their maker has to do something about, the last changed first."""
    reach = catalog.versions_visible_to(actor)
    own = reach.filter(owner=actor) if keeper else reach
    return own.filter(status__in=_FOR_MAKERS).select_related("app").order_by("-status_at")[:_WAITING]


def _latest(apps: "QuerySet[App] | None") -> "list[Cluster]":
    return list(_among(apps, clusters.deployments_of()).select_related("app", "version")[:_LATEST])


def totals_of(actor: "User") -> dict[str, int]:
    """Count what the platform holds."""
    return counted(
        apps=selectors.listed_sum(),
        instances=(clusters.existing(actor), Count("pk")),
        categories=(catalog.categories(), Count("pk")),
        people=(people_visible_to(actor), Count("pk")),
    )


def _totals(actor: "User") -> Iterator[Figure]:
    """Name the totals; a number leads to its list for those who may open it."""
    keeps, shelves = may(actor, Action.CREATE_USER), may(actor, Action.EDIT_CATEGORY)
    numbers = totals_of(actor)
    yield Figure(_("Apps in the store"), numbers["apps"], address=reverse("all_apps"))
    yield Figure(_("Instances"), numbers["instances"], address=reverse("all_instances"))
    yield Figure(_("Categories"), numbers["categories"], address=reverse("categories") if shelves else "")
    yield Figure(_("People"), numbers["people"], address=reverse("people") if keeps else "")


def month_of(apps: "QuerySet[App] | None") -> "tuple[Sequence[int], Sequence[int]]":
    """Return the deployments and the ended reviews of each of the last days, of some apps or of all."""
    deployments = per_day(_among(apps, clusters.deployments_of()), "created_at")
    return deployments, per_day(_among(apps, reviews.ended()), "stage_at")


def _figures(actor: "User", apps: "QuerySet[App] | None") -> Iterator[Figure]:
    deployments, ended = month_of(apps)
    month = _("in %(days)s days") % {"days": DAYS}
    if apps is not None:
        yield Figure(_("Apps in the store"), selectors.listed_number(apps), address=reverse("my_apps"))
    yield Figure(_("Deployments"), sum(deployments), month, days=deployments)
    yield Figure(_("Reviews decided"), sum(ended), month, address=reverse("reviews") if reviews.stages_open_to(actor) else "", days=ended)


def _among(apps: "QuerySet[App] | None", rows: "QuerySet[M]") -> "QuerySet[M]":
    """Narrow rows to those of some apps, each row on its own: the newest and a month of them are few, the apps may be thousands."""
    return rows if apps is None else rows.filter(Exists(apps.filter(pk=OuterRef("app"))))
