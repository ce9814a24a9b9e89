"""A job as people see it: its steps in order, each with its bar on the job's time axis."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from roadstead.core.clock import now
from roadstead.core.problems import Problem, Words
from roadstead.core.states import State
from roadstead.jobs.models import Job, Step
from roadstead.jobs.registry import kind_named, op_named
from roadstead.jobs.states import STATES, Status

_LINES_RUNNING, _LINES_FAILED = 12, 40


@dataclass(frozen=True)
class StepLine:
    """One step; `bar_x` and `bar_w` are percent of the job's axis, `open` shows its output without being asked."""

    title: Words
    target: str
    state: State
    started: datetime | None
    finished: datetime | None
    took: timedelta | None
    bar_x: int
    bar_w: int
    output_tail: str
    problem: Problem | None
    open: bool


@dataclass(frozen=True)
class Timeline:
    """The whole job; `took` runs from the start of its present attempt."""

    job: Job
    title: Words
    state: State
    done: int
    total: int
    started: datetime | None
    finished: datetime | None
    took: timedelta | None
    problem: Problem | None
    steps: list[StepLine]


@dataclass(frozen=True)
class _Axis:
    start: datetime
    end: datetime

    def percent(self, moment: datetime) -> int:
        """Return where a moment lies, 0 to 100."""
        span = (self.end - self.start) / timedelta(seconds=1) or 1
        return round(min(max((moment - self.start) / timedelta(seconds=1) / span, 0), 1) * 100)


def timeline(job: Job) -> Timeline:
    """Return a job's timeline; its steps may be prefetched."""
    return timeline_of(job, job.steps.all())


def timeline_of(job: Job, steps: Iterable[Step]) -> Timeline:
    """Return the timeline of a job and its steps, in their order."""
    moment = now()
    end = job.finished or moment
    axis = _Axis(job.started or end, end)
    kind = kind_named(job.kind)
    return Timeline(
        job=job,
        title=kind.title if kind else job.kind,
        state=STATES[job.status],
        done=job.done,
        total=job.total,
        started=job.started,
        finished=job.finished,
        took=end - job.started if job.started else None,
        problem=job.problem,
        steps=[_line(step, axis) for step in steps],
    )


def _line(step: Step, axis: _Axis) -> StepLine:
    op = op_named(step.op)
    end = step.finished or axis.end
    left = axis.percent(step.started) if step.started else 0
    failed = step.status == Status.FAILED
    return StepLine(
        title=op.title if op else step.op,
        target=step.target,
        state=STATES[step.status],
        started=step.started,
        finished=step.finished,
        took=end - step.started if step.started else None,
        bar_x=min(left, 99),
        bar_w=max(axis.percent(end) - left, 1) if step.started and end > axis.start else 0,
        output_tail="\n".join(step.output.splitlines()[-(_LINES_FAILED if failed else _LINES_RUNNING) :]),
        problem=step.problem,
        open=failed or (step.status == Status.WORKING and bool(step.output)),
    )
