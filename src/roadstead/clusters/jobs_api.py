"""Jobs for programs: how far they are, and what can be done to them."""

from typing import TYPE_CHECKING

from django.http import HttpRequest
from ninja import Router

from roadstead.accounts.bearer import Bearer, Scope
from roadstead.clusters import services
from roadstead.clusters.schemas import WholeJob
from roadstead.clusters.selectors import cluster_for
from roadstead.core.api import Id
from roadstead.core.pages import actor_of
from roadstead.jobs.selectors import job_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from roadstead.clusters.models import Cluster

READ, WRITE = Bearer(Scope.INSTANCES_READ), Bearer(Scope.INSTANCES_WRITE)
jobs = Router(tags=["jobs"])


def _told(request: HttpRequest, job_id: str) -> WholeJob:
    actor = actor_of(request)
    job = job_of(actor, job_id)
    return WholeJob.whole(job, cluster_for(actor, job.subject_id), actor)


def _driven(request: HttpRequest, job_id: str, verb: "Callable[..., Cluster]") -> WholeJob:
    actor = actor_of(request)
    verb(actor=actor, cluster_id=job_of(actor, job_id).subject_id, job_id=job_id)
    return _told(request, job_id)


@jobs.get("/{job_id}", response=WholeJob, auth=READ, operation_id="get_job")
def get_job(request: HttpRequest, job_id: Id) -> WholeJob:
    """Return one job with its steps."""
    return _told(request, job_id)


@jobs.post("/{job_id}/cancel", response=WholeJob, auth=WRITE, operation_id="cancel_job")
def cancel_job(request: HttpRequest, job_id: Id) -> WholeJob:
    """Stop a job after its present step and undo it."""
    return _driven(request, job_id, services.cancel)


@jobs.post("/{job_id}/retry", response=WholeJob, auth=WRITE, operation_id="retry_job")
def retry_job(request: HttpRequest, job_id: Id) -> WholeJob:
    """Go on with a failed job from the step that failed."""
    return _driven(request, job_id, services.retry)


@jobs.post("/{job_id}/give-up", response=WholeJob, auth=WRITE, operation_id="give_up_job")
def give_up_job(request: HttpRequest, job_id: Id) -> WholeJob:
    """Undo what a failed job has left behind."""
    return _driven(request, job_id, services.give_up)
