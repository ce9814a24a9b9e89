"""How the jobs of instances end, and the names under which their kinds and steps are known."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from roadstead.audit.record import record
from roadstead.clusters.history import adopt
from roadstead.clusters.machines import agent_steps, frontgates, gate_steps
from roadstead.clusters.machines import steps as machine_steps
from roadstead.clusters.models import Cluster
from roadstead.clusters.operations import LEADS_TO, OPERATION_OF_KIND, RULES, Operation
from roadstead.clusters.planning import TITLES
from roadstead.clusters.states import Status, Transition
from roadstead.clusters.steps import STEPS
from roadstead.clusters.witnesses import tell_witnesses
from roadstead.core.clock import now
from roadstead.core.problems import Problem, Words, problem_kind
from roadstead.jobs import register_kind, register_op, schedule

if TYPE_CHECKING:
    from roadstead.jobs.models import Job

KIND_TITLES: dict[Operation, Words] = {
    Operation.CREATE: _("Create instance"),
    Operation.UPGRADE: _("Upgrade instance"),
    Operation.UPDATE: _("Update parameters"),
    Operation.ROLL_BACK: _("Roll back instance"),
    Operation.STOP: _("Stop instance"),
    Operation.START: _("Start instance"),
    Operation.DELETE: _("Delete instance"),
    Operation.CEASE: _("Cease instance"),
}
FORGET_SECONDS = 30.0
CANCELLED = problem_kind("operation_cancelled", _("This was cancelled before its end."))


def register() -> None:
    """Make kinds and steps known to the engine."""
    for operation, title in KIND_TITLES.items():
        register_kind(RULES[operation].kind, title, ended=ended)
    register_kind(frontgates.REMOVE, _("Remove frontgate"), ended=frontgates.remove_ended)
    register_kind(frontgates.STOP, _("Stop frontgate"), ended=frontgates.stop_ended)
    for steps in (STEPS, machine_steps.STEPS, gate_steps.STEPS, agent_steps.STEPS):
        for op, function in steps.items():
            register_op(op, function, TITLES[op])
    schedule("frontgates", FORGET_SECONDS, frontgates.forget_unused)


def ended(job: "Job") -> None:
    """Move the instance to where its job has led, in the transaction that ends the job; whatever the result, it is free again."""
    cluster = Cluster.objects.select_for_update().get(pk=job.subject_id)
    before, cluster.status = cluster.status, _status_after(cluster, job)
    cluster.transition = Transition.NONE
    if job.status == "successful":
        adopt(cluster, job.pk)
    problem = _problem_of(job)
    cluster.last_error = {"job_id": job.pk, **problem.to_store()} if problem else {}
    if cluster.status != before:
        cluster.status_at = now()
    if cluster.status in {Status.DELETED, Status.CEASED}:
        cluster.view, cluster.viewed_at, cluster.unknown_since = {}, None, None
    cluster.save()
    operation = OPERATION_OF_KIND[job.kind]
    record(None, f"cluster.{operation}_ended", cluster, job=job.pk, result=str(job.status), before=before, status=cluster.status)
    tell_witnesses(cluster, job)


def _status_after(cluster: Cluster, job: "Job") -> str:
    operation = OPERATION_OF_KIND[job.kind]
    if job.undone and operation is Operation.CREATE:
        return Status.CEASED
    return LEADS_TO[Status(cluster.status), operation] if job.status == "successful" else cluster.status


def _problem_of(job: "Job") -> Problem | None:
    if job.status == "successful":
        return None
    return job.problem or CANCELLED()
