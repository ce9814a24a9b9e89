"""The way of a job through its layers, decided from its rows alone: forward, or back through the layers that undo it."""

from typing import TypedDict

import structlog
from django.db import transaction

from roadstead.core.clock import now
from roadstead.jobs.bell import ring_watchers
from roadstead.jobs.errors import JOB_LOST
from roadstead.jobs.models import Job, Step, to_come
from roadstead.jobs.plan import Layers, OnFailure, layers_from_store
from roadstead.jobs.registry import kind_named
from roadstead.jobs.states import UNFINISHED, Course, Status

log = structlog.get_logger(__name__)


class Call(TypedDict):
    """One step to run, after so many seconds."""

    step: str
    attempt: int
    timeout: float
    pause: float


@transaction.atomic
def take_up(job_id: str, attempt: int, walk: str, *, parked: bool) -> list[Call] | None:
    """Make this walk the one that counts, and return what `advance` does; None if the job is parked and the walk isn't the parked one."""
    job = _locked(job_id, attempt)
    if job is None:
        return []
    if job.parked and not parked:
        return None
    job.walk = walk
    job.save(update_fields=["walk"])
    return _next(job)


@transaction.atomic
def advance(job_id: str, attempt: int, walk: str = "") -> list[Call]:
    """Return the steps to run next, side by side; none when the job has ended, which this call then has written down.

    Everything follows from the rows, so a call that a crash cut off is simply made again.
    """
    job = _locked(job_id, attempt)
    return _next(job) if job and job.walk == walk else []


@transaction.atomic
def park(job_id: str, attempt: int, walk: str) -> bool:
    """Note that the job has left the queue and goes on by itself; False if this walk doesn't count any more."""
    job = _locked(job_id, attempt)
    if job is None or job.walk != walk:
        return False
    job.walk, job.parked = "", True
    job.save(update_fields=["walk", "parked"])
    return True


def _next(job: Job) -> list[Call]:
    """Return the steps of the next layer; end the job when there is none."""
    steps, turned = _open(job), False
    if job.course == Course.DO and (job.cancel_requested or any(step.status == Status.FAILED for step in steps)):
        _leave_rest(job)
        if job.cancel_requested or job.on_failure == OnFailure.CLEAN_UP:
            turn(job)
            turned = True
        steps = _open(job)
    steps = [step for step in steps if step.status in UNFINISHED]
    if job.status == Status.PENDING or turned or not steps:
        job.status, job.started = Status.WORKING, job.started or now()
        if not steps:
            _close(job)
        job.save()
        ring_watchers(job.pk)
    return [call_of(step) for step in steps if step.layer == steps[0].layer]


def _open(job: Job) -> list[Step]:
    steps = to_come(job).filter(course=job.course)
    return list(steps.only("job", "attempt", "timeout", "layer", "status", "resumes"))


def call_of(step: Step) -> Call:
    """Return what there is to call of a step."""
    pause = (step.resumes - now()).total_seconds() if step.resumes else 0
    return Call(step=step.pk, attempt=step.attempt, timeout=step.timeout, pause=max(pause, 0))


@transaction.atomic
def give_up_lost(job_id: str, attempt: int, state: str, *, parked: bool) -> None:
    """End a job as failed whose workflow is over (`state`) without having ended it: no job stays unfinished for ever.

    `parked` is how the job was when it was looked at: one that was parked since goes on in another workflow, and isn't lost.
    """
    job = _locked(job_id, attempt)
    if job is None or job.parked != parked:
        return
    log.error("job lost", job=job.pk, state=state)
    problem = JOB_LOST(state=state).to_store()
    for step in job.steps.filter(course=job.course, status=Status.WORKING):
        step.end(Status.FAILED, error=problem)
        step.save()
    _leave_rest(job)
    job.status, job.error, job.finished = Status.FAILED, problem, now()
    job.save()
    try:
        with transaction.atomic():
            _tell_kind(job)
    except Exception:
        log.exception("the end of a lost job could not be told", job=job.pk)
    ring_watchers(job.pk)


def turn(job: Job) -> None:
    """Send the job back: its undo layers become steps behind those it has. The caller saves the job."""
    layers = layers_from_store(job.undo)
    job.course, job.total, job.done = Course.UNDO, sum(len(layer) for layer in layers), 0
    last = job.steps.order_by("position").last()
    add_steps(job, layers, first_layer=last.layer + 1 if last else 0, first_position=last.position + 1 if last else 0)


def add_steps(job: Job, layers: Layers, *, first_layer: int = 0, first_position: int = 0) -> None:
    """Store the steps of layers for the job's present course."""
    specs = [(number, spec) for number, layer in enumerate(layers, first_layer) for spec in layer]
    Step.objects.bulk_create(
        Step(
            job=job,
            course=job.course,
            layer=layer,
            position=position,
            op=spec.op,
            target=spec.target,
            params=dict(spec.params),
            may_fail=spec.may_fail,
            timeout=spec.timeout,
        )
        for position, (layer, spec) in enumerate(specs, first_position)
    )


def close_unstarted(job: Job) -> None:
    """Cancel a job of which nothing has run, so there is nothing to undo. The caller holds its row and saves it."""
    _leave_rest(job)
    _finish(job, Status.CANCELLED, undone=True)


def _locked(job_id: str, attempt: int) -> Job | None:
    """Return the job with its row held; None if it has ended, or if this attempt is a thing of the past."""
    job = Job.objects.select_for_update(of=("self",)).get(pk=job_id)
    return job if job.unfinished and job.attempt == attempt else None


def _blocking(job: Job) -> Step | None:
    """Return the first step of the present course whose failure stops the job."""
    return job.steps.filter(course=job.course, status=Status.FAILED, may_fail=False).first()


def _leave_rest(job: Job) -> None:
    """Mark what will not run any more."""
    status = Status.CANCELLED if job.cancel_requested else Status.SKIPPED
    job.steps.filter(course=job.course, status__in=UNFINISHED).update(status=status)


def _close(job: Job) -> None:
    """End a job all of whose steps have ended."""
    broken = _blocking(job)
    if job.course == Course.DO:
        _finish(job, Status.FAILED if broken else Status.SUCCESSFUL)
    else:
        _finish(job, Status.CANCELLED if job.cancel_requested and not broken else Status.FAILED, undone=broken is None)


def _finish(job: Job, status: Status, *, undone: bool = False) -> None:
    """Set the end and tell the kind, in the caller's transaction: the subject is free for a new job only when both are done."""
    job.status, job.undone, job.finished = status, undone, now()
    broken = _blocking(job) or job.steps.filter(status=Status.FAILED, may_fail=False).first()
    job.error = broken.error if broken else None
    job.save()
    log.info("job ended", job=job.pk, kind=job.kind, status=status, attempt=job.attempt)
    _tell_kind(job)


def _tell_kind(job: Job) -> None:
    kind = kind_named(job.kind)
    if kind is None:
        log.error("kind of job unknown", job=job.pk, kind=job.kind)
    else:
        kind.ended(job)
