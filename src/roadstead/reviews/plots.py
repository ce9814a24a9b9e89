"""The figures above the queue: what waits longest, how long reviews take, what was done this week."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING, Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Exists, FloatField, Func, OuterRef
from django.db.models.sql.compiler import SQLCompiler

from roadstead.core.clock import now
from roadstead.reviews.models import Decision
from roadstead.reviews.selectors import lapses_at, live_claims, stages_open_to, submissions_visible_to
from roadstead.reviews.track import OPEN_STAGES, Verdict

if TYPE_CHECKING:
    from roadstead.accounts.models import User

_WEEK = timedelta(days=7)
_WEEKS = 8
_MOST = 2_000
_WIDTH, _HEIGHT, _EDGE = 84, 28, 3


class _Seconds(Func):
    """A moment as seconds since 1970: thousands of them are read in a fraction of the time that as many moments take."""

    output_field = FloatField()
    template = "CAST(EXTRACT(EPOCH FROM %(expressions)s) AS double precision)"
    arity = 1

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **options: Any) -> tuple[str, Any]:
        """SQLite keeps moments as text."""
        return self.as_sql(compiler, connection, template="(julianday(%(expressions)s) - 2440587.5) * 86400", **options)


@dataclass(frozen=True)
class Figures:
    """What the strip shows; a line is the points of a sparkline, empty where there is too little to draw."""

    longest: datetime | None
    median: timedelta | None
    median_line: str
    passed: int
    rejected: int
    done_line: str
    mine: int
    lapses: datetime | None


def figures_for(actor: "User", waiting: Sequence[datetime]) -> Figures:
    """Return the figures of the stages that this person reviews; `waiting` are the times since when something waits for them."""
    since = now() - _WEEKS * _WEEK
    # By `Exists`, so that the newest are looked at first, and no more of them than are drawn.
    within_reach = Exists(submissions_visible_to(actor).filter(pk=OuterRef("submission")))
    decided = Decision.objects.filter(within_reach, stage__in=stages_open_to(actor), decided_at__gt=since)
    newest = decided.exclude(verdict=Verdict.WAIVED).order_by("-decided_at")
    rows = newest.values_list(_Seconds("decided_at"), _Seconds("started_at"), "verdict")[:_MOST]
    weeks: list[list[tuple[float, str]]] = [[] for _ in range(_WEEKS)]
    present = now().timestamp()
    for ended, started, verdict in rows:
        weeks[min(_WEEKS - 1, int((present - ended) / _WEEK.total_seconds()))].append((ended - started, verdict))
    this_week = [verdict for _, verdict in weeks[0]]
    claims = list(live_claims().filter(reviewer=actor, submission__stage__in=OPEN_STAGES))
    return Figures(
        longest=min(waiting, default=None),
        median=_median(took for week in weeks for took, _ in week),
        median_line=line([typical / timedelta(hours=1) for week in reversed(weeks) if (typical := _median(took for took, _ in week))]),
        passed=this_week.count(Verdict.PASS),
        rejected=this_week.count(Verdict.REJECT),
        done_line=line([len(week) for week in reversed(weeks)]) if any(weeks) else "",
        mine=len(claims),
        lapses=min(map(lapses_at, claims), default=None),
    )


def _median(times: Iterable[float]) -> timedelta | None:
    seconds = list(times)
    return timedelta(seconds=median(seconds)) if seconds else None


def line(values: Sequence[float]) -> str:
    """Return the points of a sparkline, oldest at the left; nothing for fewer than two values."""
    if len(values) <= 1:
        return ""
    low, high = min(values), max(values)
    step, scale = (_WIDTH - 2 * _EDGE) / (len(values) - 1), (_HEIGHT - 2 * _EDGE) / ((high - low) or 1)
    return " ".join(f"{_EDGE + at * step:.1f},{_HEIGHT - _EDGE - (value - low) * scale:.1f}" for at, value in enumerate(values))
