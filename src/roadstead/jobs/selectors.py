"""Reads of jobs; every row is reached through `jobs_visible_to`."""

from pathlib import Path

from django.db import connection
from django.db.models import Model, QuerySet

from roadstead.accounts.access import Actor, visible
from roadstead.accounts.permissions import Action
from roadstead.jobs import lease
from roadstead.jobs.errors import JobMissing
from roadstead.jobs.kept import Kept, keep, kept_timeline
from roadstead.jobs.models import Job
from roadstead.jobs.states import UNFINISHED
from roadstead.jobs.timeline import Timeline, timeline

__all__ = [
    "Kept",
    "Timeline",
    "ended_jobs_of",
    "job_of",
    "jobs_of",
    "jobs_visible_to",
    "keep",
    "kept_timeline",
    "running_workers",
    "timeline",
]


def jobs_visible_to(actor: Actor) -> QuerySet[Job]:
    """Return the jobs that this person may see."""
    return visible(actor, Job.objects.all(), Action.VIEW_JOBS)


def running_workers(data_dir: Path) -> list[str]:
    """Return the worker processes of this installation, as far as they can be seen from here."""
    return lease.workers_alive() if connection.vendor == "postgresql" else lease.holder(data_dir)


def jobs_of(actor: Actor, subject: Model) -> QuerySet[Job]:
    """Return the jobs of one thing, the latest first."""
    return jobs_visible_to(actor).filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk)).order_by("-created")


def ended_jobs_of(subject: Model) -> QuerySet[Job]:
    """Return the jobs of one thing that are over, the earliest first, for work that was already permitted."""
    rows = Job.objects.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk))
    return rows.exclude(status__in=UNFINISHED).order_by("created")


def job_of(actor: Actor, job_id: str) -> Job:
    """Return one job with its steps; raises `JobMissing`, also for a foreign one."""
    job = jobs_visible_to(actor).prefetch_related("steps").filter(pk=job_id).first()
    if job is None:
        raise JobMissing
    return job
