"""Runs one step: takes its row, calls the function of its operation, and writes down how that ended."""

from copy import copy
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

import structlog
from django.db import OperationalError, connection, transaction

from roadstead.core.clock import now
from roadstead.core.correlation import correlated
from roadstead.core.lookup import Lookup
from roadstead.core.problems import Problem
from roadstead.jobs.bell import ring_watchers
from roadstead.jobs.errors import STEP_CRASHED, STEP_TIMED_OUT, STEP_UNKNOWN, STEP_UNREACHABLE
from roadstead.jobs.models import Step, to_come
from roadstead.jobs.output import Output
from roadstead.jobs.registry import op_named
from roadstead.jobs.run import StepCancelled, StepFailed, StepRun, StepWaits
from roadstead.jobs.states import UNFINISHED, Course, Status

TRIES = 5
_SHORTEST_PAUSE, _FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 2.0, 60.0
_ENDS_WITH = ("status", "error", "finished", "deadline", "resumes", "tries")
_PASSING = (ConnectionError, TimeoutError, OperationalError)
# Both are asked at the end of every step, so they are written by hand or built once; an update holds the row as a select for it does.
_HOLD = "UPDATE jobs_job SET done = done + %s WHERE id = %s AND walk = %s RETURNING cancel_requested"


def _following(course: Course) -> Lookup[Step]:
    return Lookup(lambda job_id: to_come(job_id).filter(course=course)[:2])


_FOLLOWING = {course: _following(course) for course in Course}
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Outcome:
    """How one call ended: with a status, or (`pause`) not yet."""

    status: Status = Status.SUCCESSFUL
    problem: Problem | None = None
    pause: float = 0
    failing: bool = False


class Ran(NamedTuple):
    """What came of a call: a pause before the next one of this step, or another step that was begun."""

    pause: float = 0
    onward: Step | None = None


def run_step(step_id: str, attempt: int, walk: str = "") -> float:
    """Call the step's function once; return the seconds after which to call again, 0 when the step has ended.

    Called again after a crash it runs the function again, unless the row says that the step had ended, or that another walk took
    the job up since.
    """
    step = begin_step(step_id, attempt, walk)
    return run_begun(step, onward=False).pause if step else 0


def run_begun(step: Step, *, onward: bool) -> Ran:
    """Call the function of a step that was begun. When that ends the step, `onward` begins the next at once where that is plain."""
    output = Output(step)
    with correlated(step.job.correlation), structlog.contextvars.bound_contextvars(job=step.job_id, step=step.pk, op=step.op):
        outcome = _call(step, StepRun(step.job, step, output))
        output.write()
        return _end(step, outcome, onward=onward)


def abandon_step(step_id: str, attempt: int, walk: str = "") -> None:
    """End a step as failed whose function ignores its deadline. Whatever the function still does is found again by its token."""
    step = Step.objects.select_related("job").get(pk=step_id)
    if step.attempt == attempt and step.status in UNFINISHED and step.job.walk == walk:
        log.error("step abandoned", job=step.job_id, step=step.pk, op=step.op)
        _end(step, _timed_out(step), onward=False)


@transaction.atomic
def begin_step(step_id: str, attempt: int, walk: str) -> Step | None:
    """Mark a step as working; None if it has ended, or if this attempt or walk is a thing of the past."""
    step = Step.objects.select_for_update(of=("self",)).select_related("job").get(pk=step_id)
    if step.attempt != attempt or step.status not in UNFINISHED or step.job.walk != walk:
        return None
    _mark_working(step)
    ring_watchers(step.job_id)
    return step


def _mark_working(step: Step) -> None:
    moment = now()
    if step.deadline and step.resumes:
        # It comes back from a pause; what it overslept (a restart, a full pool) doesn't count.
        step.deadline += max(moment - step.resumes, timedelta())
    else:
        step.deadline = moment + timedelta(seconds=step.timeout)
    step.status, step.resumes = Status.WORKING, None
    step.started = step.started or moment
    step.save(update_fields=["status", "resumes", "deadline", "started"])


def _call(step: Step, run: StepRun) -> Outcome:
    """Call the function and say how it ended."""
    op = op_named(step.op)
    if op is None:
        return Outcome(Status.FAILED, STEP_UNKNOWN(op=step.op))
    outcome = Outcome()
    try:
        op.function(run)
    except StepWaits as waits:
        outcome = Outcome(pause=max(waits.seconds, _SHORTEST_PAUSE)) if run.remaining() else _timed_out(step)
    except StepCancelled:
        outcome = Outcome(Status.CANCELLED)
    except StepFailed as failed:
        outcome = Outcome(Status.FAILED, failed.problem) if failed.permanent else _failed_in_passing(step, failed.problem)
    except _PASSING as error:
        log.warning("step failed in passing", exc_info=error)
        outcome = _failed_in_passing(step, STEP_UNREACHABLE(error=type(error).__name__))
    except Exception as error:
        log.exception("step crashed")
        # Only the kind of the error: its text may hold anything, a secret too.
        outcome = Outcome(Status.FAILED, STEP_CRASHED(error=type(error).__name__, step=step.pk))
    return outcome


def _timed_out(step: Step) -> Outcome:
    return Outcome(Status.FAILED, STEP_TIMED_OUT(seconds=round(step.timeout)))


def _failed_in_passing(step: Step, problem: Problem) -> Outcome:
    return Outcome(Status.FAILED, problem, pause=_pause(step), failing=True)


def _pause(step: Step) -> float:
    """Return the seconds before the next try: 2, 4, 8 … 60; 0 after the last."""
    return 0 if step.tries >= TRIES else min(_FIRST_PAUSE * 2**step.tries, _LONGEST_PAUSE)


class _MovedOn(Exception):
    """Another walk, attempt or time-out was there first: nothing of this end is to be written."""


def _end(begun: Step, outcome: Outcome, *, onward: bool) -> Ran:
    """Write down how a call ended, unless the row has moved on meanwhile."""
    try:
        with transaction.atomic():
            return _written_down(begun, outcome, onward=onward)
    except _MovedOn:
        return Ran()


def _written_down(begun: Step, outcome: Outcome, *, onward: bool) -> Ran:
    # A copy: a call that the database's absence cuts off is made again with the step as it was begun.
    step, pause = copy(begun), outcome.pause
    done = not pause and (outcome.status == Status.SUCCESSFUL or (outcome.status == Status.FAILED and step.may_fail))
    cancelled = _held(step, done=done)
    if pause and cancelled and step.course == Course.DO:
        pause = 0
        outcome = outcome if outcome.failing else Outcome(Status.CANCELLED)
    if pause:
        step.tries += outcome.failing
        step.resumes, step.error = now() + timedelta(seconds=pause), _stored(outcome.problem)
    else:
        step.end(outcome.status, error=_stored(outcome.problem))
    written = {name: getattr(step, name) for name in _ENDS_WITH}
    if not Step.objects.filter(pk=step.pk, attempt=step.attempt, status__in=UNFINISHED).update(**written):
        raise _MovedOn
    ring_watchers(step.job_id)
    if step.status == Status.FAILED and step.may_fail and not done:  # a cancelled job doesn't wait for the next try
        _held(step, done=True)
    return Ran(pause, _next(step) if done and onward and not cancelled else None)


def _held(step: Step, *, done: bool) -> bool:
    """Hold the job's row, count what is done there in the same statement, and return whether somebody cancelled the job."""
    with connection.cursor() as database:
        database.execute(_HOLD, [int(done), step.job_id, step.job.walk])
        row = database.fetchone()
    if row is None:
        raise _MovedOn
    return row[0] is not None


def _next(ended: Step) -> Step | None:
    """Begin the next step in the transaction that ends one, where nothing is to be decided: its layer is over, and the next has one."""
    following = _FOLLOWING[Course(ended.course)].all(ended.job_id)
    layers = [step.layer for step in following]
    if not layers or layers[0] <= ended.layer or layers[1:] == layers[:1] or following[0].status != Status.PENDING:
        return None
    step = following[0]
    step.job = ended.job
    _mark_working(step)
    return step


def _stored(problem: Problem | None) -> dict[str, Any] | None:
    return problem.to_store() if problem else None
