"""The verbs of jobs. Whether the actor may act on the subject is for the caller to ask; here they reach a job they may see."""

import re
from typing import TYPE_CHECKING

from django.db import IntegrityError, models, transaction

from roadstead.accounts.access import owned_by
from roadstead.audit.record import record
from roadstead.core import correlation
from roadstead.core.clock import now
from roadstead.core.models import Owned
from roadstead.jobs import course
from roadstead.jobs.bell import ring_watchers, ring_worker
from roadstead.jobs.errors import JobMissing, JobMovedOn, JobSuperseded, SubjectBusy
from roadstead.jobs.models import Job, Step
from roadstead.jobs.plan import OnFailure, Plan, layers_to_store
from roadstead.jobs.registry import kind_named, op_named
from roadstead.jobs.selectors import jobs_visible_to
from roadstead.jobs.states import UNFINISHED, Course, Status

if TYPE_CHECKING:
    from roadstead.accounts.models import User

# What a step names its creations by, perhaps with more behind it.
_TOKEN = re.compile(r"(?P<job>j-[a-z2-7]{16})-(?P<position>\d+)")


@transaction.atomic
def submit(*, actor: "User", kind: str, subject: models.Model, plan: Plan, on_failure: OnFailure | str = OnFailure.KEEP) -> Job:
    """Store a job and its whole plan; it starts once the caller's transaction is committed.

    The job belongs to whom the subject belongs to. A subject has one unfinished job; a second one raises `SubjectBusy`.
    """
    _require_known(kind, plan)
    owner = {"owner_id": subject.owner_id, "owner_path": subject.owner_path} if isinstance(subject, Owned) else owned_by(actor)
    job = Job(
        **owner,
        actor=actor,
        kind=kind,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        on_failure=OnFailure(on_failure),
        undo=layers_to_store(plan.undo),
        total=sum(len(layer) for layer in plan.layers),
        correlation=correlation.current(),
    )
    _save_unfinished(job)
    course.add_steps(job, plan.layers)
    record(actor, "job.submitted", job, kind=kind, of=job.subject_id)
    ring_worker(job.pk, job.attempt)
    return job


@transaction.atomic
def cancel(*, actor: "User", job_id: str) -> Job:
    """Stop a job after the steps under way, then undo it. A job of which nothing has run ends at once."""
    job = _held(actor, job_id)
    if not job.unfinished or job.course == Course.UNDO:
        raise JobMovedOn
    if job.cancel_requested:
        return job
    job.cancel_requested = now()
    if not job.steps.filter(started__isnull=False).exists():
        course.close_unstarted(job)
    job.save()
    record(actor, "job.cancelled", job)
    ring_watchers(job.pk)
    return job


@transaction.atomic
def retry(*, actor: "User", job_id: str) -> Job:
    """Run a failed job again from the step that failed; what was done stays done."""
    job = _held_after_failure(actor, job_id)
    if job.course == Course.UNDO:
        raise JobMovedOn
    _run_again(job)
    record(actor, "job.retried", job, attempt=job.attempt)
    return job


@transaction.atomic
def give_up(*, actor: "User", job_id: str) -> Job:
    """Undo a failed job, or what an earlier undoing of it left."""
    job = _held_after_failure(actor, job_id)
    if job.undone:
        raise JobMovedOn
    if job.course == Course.DO:
        course.turn(job)
    _run_again(job)
    record(actor, "job.given_up", job, attempt=job.attempt)
    return job


def wake(token: str) -> None:
    """Call the step of this token again once the transaction is committed, if it waits: what it waits for has happened."""
    known = _TOKEN.match(token)
    if known is None:
        return
    step = Step.objects.filter(job=known["job"], position=known["position"], status__in=UNFINISHED).only("pk").first()
    if step:
        # For a walk that has not begun to wait yet: it reads when to go on.
        Step.objects.filter(pk=step.pk, resumes__gt=now()).update(resumes=now())
        ring_watchers(step.pk)


def hold(job_id: str) -> None:
    """Hold a job's row before that of its subject: whoever ends a job takes both in this order, and the other would lock both up."""
    Job.objects.select_for_update(of=("self",)).filter(pk=job_id).first()


def _require_known(kind: str, plan: Plan) -> None:
    """Refuse what nobody registered, before it is stored: a mistake of the program, not of a person."""
    unknown = {spec.op for spec in plan.specs() if op_named(spec.op) is None}
    if kind_named(kind) is None or unknown:
        raise LookupError(kind, sorted(unknown))


def _held(actor: "User", job_id: str) -> Job:
    """Return a job that the actor may see, with its row held."""
    job = jobs_visible_to(actor).select_for_update(of=("self",)).filter(pk=job_id).first()
    if job is None:
        raise JobMissing
    return job


def _held_after_failure(actor: "User", job_id: str) -> Job:
    """Return a failed job that is still the last word on its subject, with its row held."""
    job = _held(actor, job_id)
    if job.status != Status.FAILED:
        raise JobMovedOn
    later = Job.objects.filter(subject_type=job.subject_type, subject_id=job.subject_id, created__gt=job.created)
    if later.filter(status__in=UNFINISHED).exists():
        raise SubjectBusy
    if later.exists():
        raise JobSuperseded
    return job


def _run_again(job: Job) -> None:
    """Queue the next attempt: steps of the present course that did not do their work get a new one."""
    again = job.steps.filter(course=job.course).exclude(status=Status.SUCCESSFUL).exclude(status=Status.FAILED, may_fail=True)
    fresh = dict.fromkeys(("error", "started", "finished", "deadline", "resumes"))
    again.update(status=Status.PENDING, attempt=models.F("attempt") + 1, tries=0, **fresh)
    job.status, job.attempt = Status.PENDING, job.attempt + 1
    job.walk, job.parked = "", False
    job.error = job.finished = None
    _save_unfinished(job)
    ring_worker(job.pk, job.attempt)
    ring_watchers(job.pk)


def _save_unfinished(job: Job) -> None:
    """Save a job that is to run; the database refuses a second one of the subject."""
    try:
        with transaction.atomic():
            job.save()
    except IntegrityError as error:
        raise SubjectBusy from error
