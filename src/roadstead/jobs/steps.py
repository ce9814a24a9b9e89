"""Runs one step: takes its row, calls the function of its operation, and writes down how that ended."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from django.db import OperationalError, transaction

from roadstead.core.clock import now
from roadstead.core.correlation import correlated
from roadstead.core.problems import Problem
from roadstead.jobs.bell import ring_watchers
from roadstead.jobs.errors import STEP_CRASHED, STEP_TIMED_OUT, STEP_UNKNOWN, STEP_UNREACHABLE
from roadstead.jobs.models import Job, Step
from roadstead.jobs.output import Output
from roadstead.jobs.registry import op_named
from roadstead.jobs.run import StepCancelled, StepFailed, StepRun, StepWaits
from roadstead.jobs.states import UNFINISHED, Course, Status

TRIES = 5
_SHORTEST_PAUSE, _FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 2.0, 60.0
_PASSING = (ConnectionError, TimeoutError, OperationalError)
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Outcome:
    """How one call ended: with a status, or (`pause`) not yet."""

    status: Status = Status.SUCCESSFUL
    problem: Problem | None = None
    pause: float = 0
    failing: bool = False


def run_step(step_id: str, attempt: int) -> float:
    """Call the step's function once; return the seconds after which to call again, 0 when the step has ended.

    Called again after a crash it runs the function again, unless the row says that the step had ended.
    """
    step = _begin(step_id, attempt)
    if step is None:
        return 0
    output = Output(step)
    with correlated(step.job.correlation), structlog.contextvars.bound_contextvars(job=step.job_id, step=step.pk, op=step.op):
        outcome = _call(step, StepRun(step.job, step, output))
        output.write()
        return _end(step, outcome)


def abandon_step(step_id: str, attempt: int) -> None:
    """End a step as failed whose function ignores its deadline. Whatever the function still does is found again by its token."""
    step = Step.objects.select_related("job").get(pk=step_id)
    if step.attempt == attempt and step.status in UNFINISHED:
        log.error("step abandoned", job=step.job_id, step=step.pk, op=step.op)
        _end(step, _timed_out(step))


@transaction.atomic
def _begin(step_id: str, attempt: int) -> Step | None:
    """Mark a step as working; None if it has ended, or if this attempt is a thing of the past."""
    step = Step.objects.select_for_update(of=("self",)).select_related("job").get(pk=step_id)
    if step.attempt != attempt or step.status not in UNFINISHED:
        return None
    moment = now()
    if step.deadline and step.resumes:
        # It comes back from a pause; what it overslept (a restart, a full pool) doesn't count.
        step.deadline += max(moment - step.resumes, timedelta())
    else:
        step.deadline = moment + timedelta(seconds=step.timeout)
    step.status, step.resumes = Status.WORKING, None
    step.started = step.started or moment
    step.save()
    ring_watchers(step.job_id)
    return step


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


@transaction.atomic
def _end(begun: Step, outcome: Outcome) -> float:
    """Write down how a call ended, unless the row has moved on meanwhile; return the pause before the next one."""
    job = Job.objects.select_for_update(of=("self",)).get(pk=begun.job_id)
    step = job.steps.get(pk=begun.pk)
    if step.attempt != begun.attempt or step.status not in UNFINISHED:
        return 0
    pause = outcome.pause
    if pause and job.cancel_requested and step.course == Course.DO:
        pause = 0
        outcome = outcome if outcome.failing else Outcome(Status.CANCELLED)
    if pause:
        step.tries += outcome.failing
        step.resumes = now() + timedelta(seconds=pause)
        step.error = _stored(outcome.problem)
    else:
        step.end(outcome.status, error=_stored(outcome.problem))
    step.save()
    if not pause:
        job.done = done(job)
        job.save(update_fields=["done"])
    ring_watchers(job.pk)
    return pause


def done(job: Job) -> int:
    """Return how many steps of the job's present course are behind it."""
    ended = job.steps.filter(course=job.course).exclude(status__in=UNFINISHED).values_list("status", "may_fail")
    return sum(status == Status.SUCCESSFUL or (status == Status.FAILED and may_fail) for status, may_fail in ended)


def _stored(problem: Problem | None) -> dict[str, Any] | None:
    return problem.to_store() if problem else None
