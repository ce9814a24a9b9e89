"""Which plan an operation has, whatever an instance is delivered as: for its preview, and for the job that carries it out."""

from typing import TYPE_CHECKING

from roadstead import jobs
from roadstead.clusters import plans
from roadstead.clusters.machines import planning as machines
from roadstead.clusters.machines import plans as machine_plans
from roadstead.clusters.models import Cluster
from roadstead.clusters.operations import RULES, Operation
from roadstead.packaging.errors import AnswersRefused

if TYPE_CHECKING:
    from roadstead.accounts.models import User
    from roadstead.catalog.models import Version
    from roadstead.core.problems import Words
    from roadstead.jobs import Plan
    from roadstead.jobs.models import Job
    from roadstead.runtimes.models import Environment

TITLES: "dict[str, Words]" = {op.value: title for titles in (plans.TITLES, machine_plans.TITLES) for op, title in titles.items()}


def plan_of(cluster: "Cluster", operation: Operation, change: str = "") -> "Plan":
    """Return the plan of an operation on an instance; `change` names what an upgrade or a rollback is to make."""
    if cluster.delivery == "vm":
        return machines.plan_of(cluster, operation)
    return plans.plan_for(operation, name=cluster.name, namespace=cluster.environment.zone, change=change)


def wished_plan(cluster: "Cluster") -> "Plan":
    """Return the plan of a creation that nobody has asked for yet."""
    return machines.plan_of_wish(cluster) if cluster.delivery == "vm" else plan_of(cluster, Operation.CREATE)


def first_titles(version: "Version", environment: "Environment | None", values: str) -> "list[Words]":
    """Return the preview of a deployment while its form is filled in; of machines nothing is known before a place is chosen."""
    if version.type != "vm":
        return titles_of(plans.plan_for(Operation.CREATE, name="", namespace=""))
    if environment is None:
        return []
    cluster = Cluster(version=version, digest=version.package, delivery=version.type, environment=environment)
    cluster.values = values
    try:
        return titles_of(machines.plan_of_wish(cluster))
    except AnswersRefused:
        return titles_of(machines.plan_of_sample(cluster))


def titles_of(plan: "Plan") -> "list[Words]":
    """Return the names of a plan's steps, in order: its preview. Steps side by side that do the same are told once."""
    return [title for layer in plan.layers for title in dict.fromkeys(TITLES[step.op] for step in layer)]


def submit(*, actor: "User", cluster: "Cluster", operation: Operation, change: str = "") -> "Job":
    """Store the operation as a job, in the caller's transaction; only a creation has something to clean up."""
    return jobs.submit(
        actor=actor,
        kind=RULES[operation].kind,
        subject=cluster,
        plan=plan_of(cluster, operation, change),
        on_failure="clean_up" if operation is Operation.CREATE and not cluster.keep_on_failure else "keep",
    )
