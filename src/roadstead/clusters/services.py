"""The verbs of instances. Each writes its row, its job and its record in one transaction; the work itself happens in the job's steps."""

from typing import TYPE_CHECKING

from django.db import transaction

from roadstead import jobs
from roadstead.audit.record import record
from roadstead.clusters.creation import create
from roadstead.clusters.errors import ClusterInTransition, ClusterNotInStatus, OperationMovedOn
from roadstead.clusters.models import Cluster
from roadstead.clusters.operations import OPERATION_OF_KIND, RULES, Operation, operations_in, operations_open_to
from roadstead.clusters.plans import submit
from roadstead.clusters.selectors import clusters_visible_to, job_verbs, may_drive
from roadstead.clusters.states import Transition
from roadstead.core.errors import NotPermitted
from roadstead.core.finding import found
from roadstead.jobs.selectors import jobs_of

if TYPE_CHECKING:
    from roadstead.accounts.models import User
    from roadstead.jobs.models import Job

__all__ = ["cancel", "cease", "create", "delete", "give_up", "retry"]


@transaction.atomic
def delete(*, actor: "User", cluster_id: str) -> Cluster:
    """Remove what an instance runs; its release's history, and so its name, are kept until it is ceased."""
    return _begin(actor, cluster_id, Operation.DELETE)


@transaction.atomic
def cease(*, actor: "User", cluster_id: str) -> Cluster:
    """Remove the last traces of a deleted instance; its name is free again."""
    return _begin(actor, cluster_id, Operation.CEASE)


@transaction.atomic
def cancel(*, actor: "User", cluster_id: str, job_id: str) -> Cluster:
    """Stop an instance's creation after its present step and remove what it made."""
    cluster, job = _driven(actor, cluster_id, job_id, "cancel")
    jobs.cancel(actor=actor, job_id=job.pk)
    record(actor, "cluster.cancel", cluster, job=job.pk)
    return cluster


@transaction.atomic
def retry(*, actor: "User", cluster_id: str, job_id: str) -> Cluster:
    """Go on with a failed job from the step that failed."""
    cluster, job = _driven(actor, cluster_id, job_id, "retry")
    _enter(cluster, RULES[OPERATION_OF_KIND[job.kind]].transition)
    jobs.retry(actor=actor, job_id=job.pk)
    record(actor, "cluster.retry", cluster, job=job.pk)
    return cluster


@transaction.atomic
def give_up(*, actor: "User", cluster_id: str, job_id: str) -> Cluster:
    """Remove what a failed creation has left behind."""
    cluster, job = _driven(actor, cluster_id, job_id, "give-up")
    _enter(cluster, Transition.CEASING)
    jobs.give_up(actor=actor, job_id=job.pk)
    record(actor, "cluster.give_up", cluster, job=job.pk)
    return cluster


def _begin(actor: "User", cluster_id: str, operation: Operation) -> Cluster:
    cluster = _lock(actor, cluster_id)
    if operation not in operations_open_to(actor, cluster):
        raise _refusal(cluster, operation)
    _enter(cluster, RULES[operation].transition)
    job = submit(actor=actor, cluster=cluster, operation=operation)
    record(actor, f"cluster.{operation}", cluster, name=cluster.name, job=job.pk)
    return cluster


def _enter(cluster: Cluster, transition: Transition) -> None:
    # Compare and set: the second guard, should the lock ever be lost.
    if not Cluster.objects.filter(pk=cluster.pk, transition=Transition.NONE).update(transition=transition, last_error={}):
        raise ClusterInTransition(state=cluster.state.word)
    cluster.transition, cluster.last_error = transition, {}


def _refusal(cluster: Cluster, operation: Operation) -> ClusterInTransition | ClusterNotInStatus | NotPermitted:
    if cluster.transition:
        return ClusterInTransition(state=cluster.state.word)
    return NotPermitted() if operation in operations_in(cluster.status) else ClusterNotInStatus(state=cluster.state.word)


def _driven(actor: "User", cluster_id: str, job_id: str, verb: str) -> "tuple[Cluster, Job]":
    """Return an instance, held, with a job of it to which this person may do this now."""
    cluster = _lock(actor, cluster_id)
    job = found(jobs_of(actor, cluster), job_id)
    if not may_drive(actor, cluster, job):
        raise NotPermitted
    if verb not in job_verbs(actor, cluster, job):
        raise OperationMovedOn
    return cluster, job


def _lock(actor: "User", cluster_id: str) -> Cluster:
    # Lock before looking: two quick requests must not make two jobs on one instance.
    return found(clusters_visible_to(actor).select_for_update(of=("self",)).select_related("environment"), cluster_id)
