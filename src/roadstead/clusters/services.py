"""The verbs of instances. Each writes its row, its job and its record in one transaction; the work itself happens in the job's steps."""

from typing import TYPE_CHECKING

from django.db import transaction

from roadstead import jobs
from roadstead.audit.record import record
from roadstead.clusters.beginning import begin, enter, locked
from roadstead.clusters.changes import roll_back, start, stop, update, upgrade
from roadstead.clusters.creation import create
from roadstead.clusters.errors import OperationMovedOn
from roadstead.clusters.models import Cluster
from roadstead.clusters.operations import OPERATION_OF_KIND, RULES, Operation
from roadstead.clusters.selectors import job_verbs, may_drive
from roadstead.clusters.several import begin_several
from roadstead.clusters.states import Transition
from roadstead.clusters.witnesses import register_witness
from roadstead.core.errors import NotPermitted
from roadstead.core.finding import found
from roadstead.jobs.selectors import jobs_of
from roadstead.jobs.services import hold

if TYPE_CHECKING:
    from roadstead.accounts.models import User
    from roadstead.jobs.models import Job

__all__ = [
    "begin_several",
    "cancel",
    "cease",
    "create",
    "delete",
    "give_up",
    "register_witness",
    "retry",
    "roll_back",
    "start",
    "stop",
    "update",
    "upgrade",
]


@transaction.atomic
def delete(*, actor: "User", cluster_id: str) -> Cluster:
    """Remove what an instance runs; its release's history, and so its name, are kept until it is ceased."""
    return begin(actor, cluster_id, Operation.DELETE)


@transaction.atomic
def cease(*, actor: "User", cluster_id: str) -> Cluster:
    """Remove the last traces of a deleted instance; its name is free again."""
    return begin(actor, cluster_id, Operation.CEASE)


@transaction.atomic
def cancel(*, actor: "User", cluster_id: str, job_id: str) -> Cluster:
    """Stop a job of an instance after its present step and undo it: a creation leaves nothing, a change goes back to what ran before."""
    cluster, job = _driven(actor, cluster_id, job_id, "cancel")
    jobs.cancel(actor=actor, job_id=job.pk)
    record(actor, "cluster.cancel", cluster, job=job.pk)
    return cluster


@transaction.atomic
def retry(*, actor: "User", cluster_id: str, job_id: str) -> Cluster:
    """Go on with a failed job from the step that failed."""
    cluster, job = _driven(actor, cluster_id, job_id, "retry")
    enter(cluster, RULES[OPERATION_OF_KIND[job.kind]].transition)
    jobs.retry(actor=actor, job_id=job.pk)
    record(actor, "cluster.retry", cluster, job=job.pk)
    return cluster


@transaction.atomic
def give_up(*, actor: "User", cluster_id: str, job_id: str) -> Cluster:
    """Undo what failed: remove what a creation has left behind, or go back to what ran before a change."""
    cluster, job = _driven(actor, cluster_id, job_id, "give-up")
    enter(cluster, Transition.CEASING if OPERATION_OF_KIND[job.kind] is Operation.CREATE else Transition.ROLLBACKING)
    jobs.give_up(actor=actor, job_id=job.pk)
    record(actor, "cluster.give_up", cluster, job=job.pk)
    return cluster


def _driven(actor: "User", cluster_id: str, job_id: str, verb: str) -> "tuple[Cluster, Job]":
    """Return an instance, held, with a job of it to which this person may do this now."""
    hold(job_id)
    cluster = locked(actor, cluster_id)
    job = found(jobs_of(actor, cluster), job_id)
    if not may_drive(actor, cluster, job):
        raise NotPermitted
    if verb not in job_verbs(actor, cluster, job):
        raise OperationMovedOn
    return cluster, job
