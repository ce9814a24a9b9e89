"""Numbers with a small line: how often something happened on each of the last days."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Aggregate, Case, CharField, Count, IntegerField, Model, QuerySet, Value, When
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from roadstead.catalog.track import Status
from roadstead.clusters import selectors as clusters
from roadstead.core.clock import now

if TYPE_CHECKING:
    from roadstead.catalog.models import App, Version
    from roadstead.core.problems import Words
    from roadstead.store.models import Listing

DAYS = 30
RUNNING = "active"
WIDTH, HEIGHT = 84, 28
_EDGE = 2


@dataclass(frozen=True)
class Figure:
    """A number with its name, where it leads, and the days behind it."""

    name: "Words"
    number: int
    note: "Words" = ""
    address: str = ""
    days: Sequence[int] = ()

    @property
    def points(self) -> str:
        """The line as points of an SVG polyline; a day without anything lies at the bottom."""
        if not self.days[1:]:
            return ""
        across, up = (WIDTH - 2 * _EDGE) / (len(self.days) - 1), (HEIGHT - 2 * _EDGE) / max(1, *self.days)
        return " ".join(f"{_EDGE + day * across:.1f},{HEIGHT - _EDGE - number * up:.1f}" for day, number in enumerate(self.days))


def per_day(rows: QuerySet[Any, Any], column: str, days: int = DAYS) -> list[int]:
    """Return how many rows fall on each of the last days, today last.

    The days are told apart by comparing: SQLite knows no time zones, and Django's own way calls Python for every row.
    """
    midnight = localtime(now()).replace(hour=0, minute=0, second=0, microsecond=0)
    starts = [midnight - timedelta(days=ago) for ago in range(days)]
    ago: Case = Case(*(When(**{f"{column}__gte": start}, then=number) for number, start in enumerate(starts)), output_field=IntegerField())
    recent: QuerySet[Model, Any] = rows.filter(**{f"{column}__gte": starts[-1]}).order_by()
    counts = dict(recent.annotate(ago=ago).values_list("ago").annotate(number=Count("pk")))
    return [counts.get(number, 0) for number in reversed(range(days))]


def counted(**parts: tuple[QuerySet[Any, Any], Aggregate]) -> dict[str, int]:
    """Count several kinds of rows at once, each in its way: one question to the database, however many there are."""
    asked = [
        rows.order_by().annotate(counted=Value(name, output_field=CharField())).values("counted").annotate(number=way)
        for name, (rows, way) in parts.items()
    ]
    first, *others = [rows.values_list("counted", "number") for rows in asked]
    return {name: number or 0 for name, number in first.union(*others, all=True)}


def figures_of(app: "App", versions: "Iterable[Version]", listing: "Listing | None") -> list[Figure]:
    """Return what the page of an app counts: tests are none of the deployments, and whose instances they are isn't told."""
    deployments = clusters.deployments_of_app(app.pk)
    month = per_day(deployments, "created_at")
    return [
        Figure(_("Versions in the store"), sum(version.status == Status.ACTIVE for version in versions)),
        Figure(_("Deployments"), sum(month), _("in %(days)s days") % {"days": DAYS}, days=month),
        # The chore that counts may not have seen the latest ones.
        Figure(_("Deployments in total"), max(sum(month), listing.deployments if listing else 0)),
        Figure(_("Running now"), deployments.filter(status=RUNNING).count()),
    ]
