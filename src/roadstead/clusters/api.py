"""Instances for programs. What is to be done is answered with 202 and the job that does it; `dry_run` answers with the plan alone."""

from typing import TYPE_CHECKING

from django.http import HttpRequest
from ninja import Query, Router, Status

from roadstead.accounts.bearer import Bearer, Scope
from roadstead.accounts.repeating import once
from roadstead.clusters import previews, schemas, selectors, services
from roadstead.clusters.beginning import refuse_closed
from roadstead.clusters.changes import ways_back
from roadstead.clusters.jobs_api import jobs
from roadstead.clusters.machines_api import machines
from roadstead.clusters.operations import Operation, reads_values
from roadstead.clusters.previews import Ask
from roadstead.clusters.values import readable_values
from roadstead.clusters.watching_api import watching
from roadstead.core.api import Id, PageOf, listed
from roadstead.core.errors import NotPermitted
from roadstead.core.pages import actor_of

if TYPE_CHECKING:
    from roadstead.clusters.models import Cluster

__all__ = ["instances", "jobs"]
READ, WRITE = Bearer(Scope.INSTANCES_READ), Bearer(Scope.INSTANCES_WRITE)
DryRun = Query[bool]
REVISIONS = {200: list[schemas.InstanceRevision], 409: None}
VALUES = {200: schemas.InstanceValues, 409: None}
ANSWERS = {200: schemas.InstancePlan, 202: schemas.Instance}
instances = Router(tags=["instances"])
instances.add_router("", watching)
instances.add_router("", machines)


def _begun(request: HttpRequest, cluster: "Cluster") -> Status[schemas.Instance]:
    """Answer with an instance on which work has begun."""
    actor = actor_of(request)
    return Status(202, schemas.Instance.of(selectors.cluster_for(actor, cluster.pk), actor))


def _planned(request: HttpRequest, cluster_id: str, ask: Ask) -> Status[schemas.InstancePlan]:
    """Answer with what would be done."""
    plan = previews.plan_of(actor=actor_of(request), cluster_id=cluster_id, ask=ask)
    return Status(200, schemas.InstancePlan.of(ask.operation.value, plan))


@instances.get("", response=PageOf[schemas.Instance], auth=READ, operation_id="list_instances")
def list_instances(request: HttpRequest, asked: Query[schemas.InstancesAsked]) -> PageOf[schemas.Instance]:
    """List the instances in reach, or the test instances."""
    actor = actor_of(request)
    rows = selectors.listed(actor, debug=asked.test, status=asked.status, search=asked.q)
    rows = rows.filter(**{name: value for name, value in (("app", asked.app), ("environment", asked.environment)) if value})
    rows = selectors.with_latest_job(actor, rows)
    return listed(rows, asked, lambda cluster: schemas.Instance.of(cluster, actor), sort=asked.sort)


@instances.post("", response={201: schemas.Instance}, auth=WRITE, operation_id="create_instance")
@once
def create_instance(request: HttpRequest, sent: schemas.NewInstance) -> schemas.Instance:
    """Deploy a version to an environment. `job` of the answer names what does it."""
    actor = actor_of(request)
    made = services.create(
        actor=actor,
        version_id=sent.version,
        environment_id=sent.environment,
        name=sent.name,
        values=sent.values,
        debug=sent.test,
        on_failure=sent.on_failure,
    )
    return schemas.Instance.of(selectors.cluster_for(actor, made.pk), actor)


@instances.post("/plan", response=schemas.InstancePlan, auth=WRITE, operation_id="plan_instance")
def plan_instance(request: HttpRequest, sent: schemas.NewInstance) -> schemas.InstancePlan:
    """Check a deployment as if it were made, and answer what it would do; nothing is made."""
    plan = previews.plan_of_creation(
        actor=actor_of(request),
        version_id=sent.version,
        environment_id=sent.environment,
        name=sent.name,
        values=sent.values,
        debug=sent.test,
    )
    return schemas.InstancePlan.of(Operation.CREATE.value, plan)


@instances.get("/{cluster_id}", response=schemas.Instance, auth=READ, operation_id="get_instance")
def get_instance(request: HttpRequest, cluster_id: Id) -> schemas.Instance:
    """Return one instance."""
    actor = actor_of(request)
    return schemas.Instance.of(selectors.cluster_for(actor, cluster_id), actor)


@instances.get("/{cluster_id}/values", response=VALUES, auth=READ, operation_id="get_values")
def get_values(request: HttpRequest, cluster_id: Id) -> schemas.InstanceValues:
    """Return the values that an instance was given, as they were typed; they overlay those of its package."""
    cluster = selectors.cluster_for(actor_of(request), cluster_id)
    if not reads_values(actor_of(request), cluster):
        raise NotPermitted
    return schemas.InstanceValues(values=readable_values(cluster))


@instances.get("/{cluster_id}/revisions", response=REVISIONS, auth=READ, operation_id="list_revisions")
def list_revisions(request: HttpRequest, cluster_id: Id) -> list[schemas.InstanceRevision]:
    """Ask the environment for the revisions that an instance can go back to, newest first."""
    cluster = selectors.cluster_for(actor_of(request), cluster_id)
    refuse_closed(actor_of(request), cluster, Operation.ROLL_BACK)
    return [schemas.InstanceRevision.of(past) for past in ways_back(cluster)]


@instances.post("/{cluster_id}/update", response=ANSWERS, auth=WRITE, operation_id="update_instance")
def update_instance(
    request: HttpRequest, cluster_id: Id, sent: schemas.Update, dry_run: DryRun = False
) -> Status[schemas.Instance] | Status[schemas.InstancePlan]:
    """Run the same version with other values."""
    if dry_run:
        return _planned(request, cluster_id, Ask(Operation.UPDATE, values=sent.values))
    return _begun(request, services.update(actor=actor_of(request), cluster_id=cluster_id, values=sent.values))


@instances.post("/{cluster_id}/upgrade", response=ANSWERS, auth=WRITE, operation_id="upgrade_instance")
def upgrade_instance(
    request: HttpRequest, cluster_id: Id, sent: schemas.Upgrade, dry_run: DryRun = False
) -> Status[schemas.Instance] | Status[schemas.InstancePlan]:
    """Run another version, one of those that are offered."""
    actor = actor_of(request)
    values = selectors.cluster_for(actor, cluster_id).values if sent.values is None else sent.values
    if dry_run:
        return _planned(request, cluster_id, Ask(Operation.UPGRADE, version_id=sent.version, values=values))
    return _begun(request, services.upgrade(actor=actor, cluster_id=cluster_id, version_id=sent.version, values=values))


@instances.post("/{cluster_id}/rollback", response=ANSWERS, auth=WRITE, operation_id="roll_back_instance")
def roll_back_instance(
    request: HttpRequest, cluster_id: Id, sent: schemas.Rollback, dry_run: DryRun = False
) -> Status[schemas.Instance] | Status[schemas.InstancePlan]:
    """Go back to an earlier revision."""
    if dry_run:
        return _planned(request, cluster_id, Ask(Operation.ROLL_BACK, revision=sent.revision))
    return _begun(request, services.roll_back(actor=actor_of(request), cluster_id=cluster_id, revision=sent.revision))


@instances.post("/{cluster_id}/stop", response=ANSWERS, auth=WRITE, operation_id="stop_instance")
def stop_instance(request: HttpRequest, cluster_id: Id, dry_run: DryRun = False) -> Status[schemas.Instance] | Status[schemas.InstancePlan]:
    """Leave no pod of an instance; everything else of it stays."""
    if dry_run:
        return _planned(request, cluster_id, Ask(Operation.STOP))
    return _begun(request, services.stop(actor=actor_of(request), cluster_id=cluster_id))


@instances.post("/{cluster_id}/start", response=ANSWERS, auth=WRITE, operation_id="start_instance")
def start_instance(
    request: HttpRequest, cluster_id: Id, dry_run: DryRun = False
) -> Status[schemas.Instance] | Status[schemas.InstancePlan]:
    """Let an instance that was stopped run as it did."""
    if dry_run:
        return _planned(request, cluster_id, Ask(Operation.START))
    return _begun(request, services.start(actor=actor_of(request), cluster_id=cluster_id))


@instances.delete("/{cluster_id}", response=ANSWERS, auth=WRITE, operation_id="delete_instance")
def delete_instance(
    request: HttpRequest, cluster_id: Id, dry_run: DryRun = False
) -> Status[schemas.Instance] | Status[schemas.InstancePlan]:
    """Remove what an instance runs; its history and its name are kept until it is ceased."""
    if dry_run:
        return _planned(request, cluster_id, Ask(Operation.DELETE))
    return _begun(request, services.delete(actor=actor_of(request), cluster_id=cluster_id))


@instances.post("/{cluster_id}/cease", response=ANSWERS, auth=WRITE, operation_id="cease_instance")
def cease_instance(
    request: HttpRequest, cluster_id: Id, dry_run: DryRun = False
) -> Status[schemas.Instance] | Status[schemas.InstancePlan]:
    """Remove the last traces of a deleted instance; its name is free again."""
    if dry_run:
        return _planned(request, cluster_id, Ask(Operation.CEASE))
    return _begun(request, services.cease(actor=actor_of(request), cluster_id=cluster_id))


@instances.get("/{cluster_id}/jobs", response=PageOf[schemas.Job], auth=READ, operation_id="list_jobs")
def list_jobs(request: HttpRequest, cluster_id: Id, asked: Query[schemas.JobsAsked]) -> PageOf[schemas.Job]:
    """List the jobs of an instance, the latest first."""
    actor = actor_of(request)
    cluster = selectors.cluster_for(actor, cluster_id)
    rows = selectors.jobs_of_instance(actor, cluster)
    return listed(rows, asked, lambda job: schemas.Job.of(job, cluster, actor), sort=asked.sort)
