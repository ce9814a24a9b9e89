"""Numbers with a small line: how often something happened on each of the last days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Count, IntegerField, Model, QuerySet, When
from django.utils.timezone import localtime

from roadstead.core.clock import now

if TYPE_CHECKING:
    from roadstead.core.problems import Words

DAYS = 30
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
