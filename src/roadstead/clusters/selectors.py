"""Which instances a person reaches, and where they may deploy to."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from roadstead.accounts.access import may, visible
from roadstead.accounts.permissions import Action
from roadstead.clusters.customers import as_customers, instances_of_customers, may_see_customers
from roadstead.clusters.images import Ran, ran_images
from roadstead.clusters.models import Cluster
from roadstead.clusters.operations import OPERATION_OF_KIND, RULES, Operation, create_action
from roadstead.clusters.states import PRESENT, STATUS_STATES, Status
from roadstead.core.errors import Missing
from roadstead.jobs.selectors import jobs_of, jobs_visible_to
from roadstead.runtimes.selectors import delivery_of, environments_visible_to, names_zone, provider_title

if TYPE_CHECKING:
    from roadstead.accounts.access import Actor
    from roadstead.catalog.models import App, Version
    from roadstead.core.problems import Words
    from roadstead.jobs.models import Job
    from roadstead.runtimes.models import Environment

__all__ = [
    "PRESENT",
    "STATUS_STATES",
    "Place",
    "Ran",
    "as_customers",
    "cluster_by_id",
    "cluster_for",
    "clusters_visible_to",
    "deployments_by_app",
    "deployments_of",
    "deployments_of_app",
    "existing",
    "fits",
    "held",
    "instances_of_customers",
    "job_verbs",
    "jobs_of_instance",
    "last_deployments",
    "listed",
    "may_drive",
    "may_see_customers",
    "operation_of",
    "places_for",
    "ran_images",
    "with_latest_job",
]
PLACES_SHOWN = 60


@dataclass(frozen=True)
class Place:
    """An environment as a choice of the deploy form; `reason` says why it can't be chosen."""

    environment: "Environment"
    reason: str = ""

    @property
    def kind(self) -> "Words":
        """What kind of place it is."""
        return provider_title(self.environment.provider)

    @property
    def zone(self) -> str:
        """The namespace or the zone, where the kind of place has any."""
        return self.environment.zone if names_zone(self.environment.provider) else ""

    @property
    def fits(self) -> bool:
        """Whether it can be chosen."""
        return not self.reason


def clusters_visible_to(actor: "Actor") -> QuerySet[Cluster]:
    """The instances a person reaches, ceased ones included."""
    return visible(actor, Cluster.objects.all(), Action.VIEW_INSTANCES)


def cluster_for(actor: "Actor", cluster_id: str) -> Cluster:
    """Return one instance with what its page names; a foreign one is missing."""
    rows = clusters_visible_to(actor).select_related("app", "version", "environment", "owner")
    cluster = rows.filter(pk=cluster_id).first()
    if cluster is None:
        raise Missing
    return cluster


def cluster_by_id(cluster_id: str) -> Cluster:
    """Return an instance for work that was already permitted (a job step, a review's evidence)."""
    return Cluster.objects.select_related("app", "version", "environment", "owner").get(pk=cluster_id)


def held(cluster_id: str) -> Cluster:
    """Return an instance with its row held, so that no job of it ends meanwhile; for work that was already permitted."""
    return Cluster.objects.select_for_update(of=("self",)).select_related("environment").get(pk=cluster_id)


def operation_of(job: "Job") -> str:
    """Return which operation a job of an instance carries out."""
    return OPERATION_OF_KIND[job.kind].value


def listed(
    actor: "Actor", *, debug: bool | None = None, status: str = "", search: str = "", environment: str = "", own: bool = False
) -> QuerySet[Cluster]:
    """The rows of a list: what still lives, unless a state is asked for. `search` looks at ids and names, `own` leaves out others'."""
    rows = clusters_visible_to(actor).select_related("app", "version", "environment", "owner")
    if debug is not None:
        rows = rows.filter(debug=debug)
    if own:
        rows = rows.filter(owner=actor.pk)
    if environment:
        rows = rows.filter(environment=environment)
    if status in Status.values:
        rows = rows.filter(status=status)
    elif status != "all":
        rows = rows.filter(status__in=PRESENT)
    if search:
        named = Q(app__name__icontains=search) | Q(environment__name__icontains=search) | Q(owner__name__icontains=search)
        rows = rows.filter(Q(name__icontains=search) | Q(pk=search) | named)
    return rows


def places_for(actor: "Actor", version: "Version", *, debug: bool) -> list[Place]:
    """The environments that a person could deploy a version to, their own first; unfit ones carry the reason."""
    rows = environments_visible_to(actor, debug=debug).order_by("name")[:PLACES_SHOWN]
    places = [Place(environment, _reason(environment, version)) for environment in rows]
    return sorted(places, key=lambda place: (not place.fits, place.environment.owner_id != actor.pk))


def deployments_by_app() -> dict[str, int]:
    """How often each app was deployed, whatever became of the instances; tests don't count."""
    return dict(Cluster.objects.filter(debug=False).values_list("app").annotate(deployments=Count("pk")).order_by())


def existing(actor: "Actor") -> QuerySet[Cluster]:
    """The instances that this person reaches and that still live; tests are none."""
    return clusters_visible_to(actor).filter(debug=False, status__in=PRESENT)


def last_deployments(actor: "Actor") -> QuerySet[Cluster]:
    """The newest instance of each app that a person has deployed, with the number of them all in `instances`."""
    own = Cluster.objects.filter(owner=actor.pk, debug=False).exclude(status=Status.CEASED)
    of_app = own.filter(app=OuterRef("app"))
    newer = of_app.filter(Q(created_at__gt=OuterRef("created_at")) | Q(created_at=OuterRef("created_at"), pk__gt=OuterRef("pk")))
    number = of_app.order_by().values("app").annotate(number=Count("pk")).values("number")
    return own.filter(~Exists(newer)).annotate(instances=Subquery(number)).select_related("app", "version")


def deployments_of(apps: "QuerySet[App] | None" = None) -> QuerySet[Cluster]:
    """Every deployment that wasn't a test, newest first: of some apps, or of all."""
    rows = Cluster.objects.filter(debug=False).order_by("-created_at", "-pk")
    return rows if apps is None else rows.filter(app__in=apps)


def deployments_of_app(app_id: str, actor: "Actor | None" = None) -> QuerySet[Cluster]:
    """Every deployment of an app that wasn't a test, newest first; with an actor only those that they reach."""
    rows = clusters_visible_to(actor) if actor else Cluster.objects.all()
    return rows.filter(app=app_id, debug=False).order_by("-created_at", "-pk")


def fits(environment: "Environment", delivery: str) -> bool:
    """Whether an environment runs packages of this delivery type."""
    return delivery_of(environment.provider) == delivery


def with_latest_job(actor: "Actor", rows: QuerySet[Cluster]) -> QuerySet[Cluster]:
    """Add to each instance the id of the newest job that this person may see, as `latest_job`."""
    jobs = jobs_visible_to(actor).filter(subject_type=Cluster._meta.label_lower, subject_id=OuterRef("pk"))
    return rows.annotate(latest_job=Subquery(jobs.order_by("-created").values("pk")[:1]))


def jobs_of_instance(actor: "Actor", cluster: Cluster) -> "QuerySet[Job]":
    """The jobs of an instance, with their steps."""
    return jobs_of(actor, cluster).prefetch_related("steps").order_by()


def may_drive(actor: "Actor", cluster: Cluster, job: "Job") -> bool:
    """Whether a person may cancel, retry or give up a job of an instance: whoever may start it."""
    operation = OPERATION_OF_KIND[job.kind]
    action = create_action(debug=cluster.debug) if operation is Operation.CREATE else RULES[operation].action
    return may(actor, action, cluster)


def job_verbs(actor: "Actor", cluster: Cluster, job: "Job") -> tuple[str, ...]:
    """What this person can do to an instance's newest job now, and all that `services` will accept.

    What can be undone can be cancelled while it goes forward, and given up after it failed; whatever failed can be retried.
    """
    undoable = bool(job.undo)
    if not may_drive(actor, cluster, job):
        return ()
    forward = job.course == "do"
    if job.unfinished:
        return ("cancel",) if undoable and forward and not job.cancel_requested else ()
    if job.status != "failed" or job.undone or not cluster.is_live:
        return ()
    return (("retry",) if forward else ()) + (("give-up",) if undoable else ())


def _reason(environment: "Environment", version: "Version") -> str:
    if fits(environment, version.type):
        return ""
    return _("It can't run apps for machines") if version.type == "vm" else _("It can't run Helm apps")
