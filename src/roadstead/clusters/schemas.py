"""The shapes in which the API tells of instances and their jobs."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from ninja import Schema
from pydantic import Field

from roadstead.clusters.operations import OPERATION_OF_KIND, operations_open_to
from roadstead.clusters.planning import titles_of
from roadstead.clusters.seen import endpoints_of
from roadstead.clusters.selectors import job_verbs
from roadstead.core.api import Filter, Finding, Listing, Ref
from roadstead.jobs.selectors import jobs_of, timeline
from roadstead.runtimes.selectors import provider_title

if TYPE_CHECKING:
    from roadstead.accounts.models import User
    from roadstead.clusters.history import Past
    from roadstead.clusters.models import Cluster
    from roadstead.jobs import Plan
    from roadstead.jobs.models import Job as Job_

Values = Annotated[str, Field(max_length=512 * 1024, description="YAML; what it leaves out keeps the package's default")]


class InstanceEndpoint(Schema):
    """A way in; `url` is empty where no browser opens it."""

    name: str
    address: str
    url: str


class Instance(Schema):
    """A running application, delivered as helm or vm; `endpoints` are where it was last seen to be reached.

    `transition` says what is being done to it, `verbs` what this person can do now; `job` is its latest.
    """

    id: str
    name: str
    app: str
    app_name: str
    version: str
    version_name: str
    delivery: str
    digest: str
    endpoints: list[InstanceEndpoint]
    environment: str
    environment_name: str
    status: str
    transition: str
    test: bool
    owner: str
    verbs: list[str]
    problem: Finding | None
    job: str
    created_at: datetime
    status_at: datetime

    @classmethod
    def of(cls, cluster: "Cluster", actor: "User") -> Self:
        """Tell somebody of an instance."""
        provider_title(cluster.environment.provider)  # asking for the provider also loads the words of its problems
        known = vars(cluster)  # a list has asked for all of its rows at once
        latest = known["latest_job"] if "latest_job" in known else jobs_of(actor, cluster).values_list("pk", flat=True).first()
        return cls(
            id=cluster.pk,
            name=cluster.name,
            app=cluster.app_id,
            app_name=cluster.app.name,
            version=cluster.version_id,
            version_name=cluster.version.name,
            delivery=cluster.delivery,
            digest=cluster.digest,
            endpoints=[InstanceEndpoint(**endpoint) for endpoint in endpoints_of(cluster)],
            environment=cluster.environment_id,
            environment_name=cluster.environment.name,
            status=cluster.status,
            transition=cluster.transition,
            test=cluster.debug,
            owner=cluster.owner_id,
            verbs=[operation.value for operation in operations_open_to(actor, cluster)],
            problem=Finding.of(cluster.problem) if cluster.problem else None,
            job=latest or "",
            created_at=cluster.created_at,
            status_at=cluster.status_at,
        )


class InstancesAsked(Listing):
    """What the list of instances is narrowed to; without a status it shows what still lives."""

    status: Literal["", "all", "pending", "active", "stopped", "suspended", "deleted", "ceased"] = ""
    test: bool = False
    app: Filter = ""
    environment: Filter = ""
    sort: Literal["created_at", "-created_at", "status_at", "-status_at", "name", "-name"] = "-created_at"


class NewInstance(Schema):
    """What to run, where, and with which values; a failed creation is cleaned up, a failed test is kept, unless it says otherwise."""

    version: Ref
    environment: Ref
    name: Annotated[str, Field(min_length=1, max_length=53)]
    values: Values = ""
    test: bool = False
    on_failure: Literal["keep", "clean_up"] | None = None


class Update(Schema):
    """Other values for the same version."""

    values: Values


class Upgrade(Schema):
    """Another version; without values it keeps those that it has."""

    version: Ref
    values: Values | None = None


class Rollback(Schema):
    """A revision to go back to, one of those that are listed."""

    revision: Annotated[int, Field(ge=1, le=2**31 - 1)]


class InstanceValues(Schema):
    """What an instance was given: YAML, as it was typed."""

    values: str


class InstancePlan(Schema):
    """What an operation would do, step by step; nothing was done."""

    operation: str
    steps: list[str]

    @classmethod
    def of(cls, operation: str, plan: "Plan") -> Self:
        """Tell of a plan."""
        return cls(operation=operation, steps=[str(title) for title in titles_of(plan)])


class InstanceRevision(Schema):
    """A revision that an instance can go back to."""

    revision: int
    version: str
    version_name: str

    @classmethod
    def of(cls, past: "Past") -> Self:
        """Tell of a revision."""
        return cls(revision=past.revision.number, version=past.version.pk, version_name=past.version.name)


class JobStep(Schema):
    """One step of a job; `output` is the end of what it said."""

    title: str
    target: str
    status: str
    started_at: datetime | None
    finished_at: datetime | None
    output: str
    problem: Finding | None


class Job(Schema):
    """One operation on an instance. `course` is do, or undo while it goes back; `verbs` are what this person can do to it now."""

    id: str
    operation: str
    title: str
    instance: str
    status: str
    course: str
    attempt: int
    done: int
    total: int
    finished: bool
    problem: Finding | None
    verbs: list[str]
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    @classmethod
    def of(cls, job: "Job_", cluster: "Cluster", actor: "User") -> Self:
        """Tell somebody of a job."""
        return cls(**_facts(job, cluster, actor))


class WholeJob(Job):
    """A job with its steps, in their order."""

    steps: list[JobStep]

    @classmethod
    def whole(cls, job: "Job_", cluster: "Cluster", actor: "User") -> Self:
        """Tell somebody of a job step by step."""
        steps = [
            JobStep(
                title=str(line.title),
                target=line.target,
                status=line.state.value,
                started_at=line.started,
                finished_at=line.finished,
                output=line.output_tail,
                problem=Finding.of(line.problem) if line.problem else None,
            )
            for line in timeline(job).steps
        ]
        return cls(**_facts(job, cluster, actor), steps=steps)


class JobsAsked(Listing):
    """How jobs are listed."""

    sort: Literal["created", "-created"] = "-created"


def _facts(job: "Job_", cluster: "Cluster", actor: "User") -> dict[str, Any]:
    provider_title(cluster.environment.provider)
    same = ("status", "course", "attempt", "done", "total")
    return {name: getattr(job, name) for name in same} | {
        "id": job.pk,
        "operation": OPERATION_OF_KIND[job.kind].value,
        "title": str(timeline(job).title),
        "instance": cluster.pk,
        "finished": not job.unfinished,
        "problem": Finding.of(job.problem) if job.problem else None,
        "verbs": list(job_verbs(actor, cluster, job)),
        "created_at": job.created,
        "started_at": job.started,
        "finished_at": job.finished,
    }
