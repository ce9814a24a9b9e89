"""What strangers must not see: one company's app on its way to the store, and one customer's instance."""

from dataclasses import dataclass

from roadstead.accounts.factories import person
from roadstead.accounts.models import User
from roadstead.accounts.roles import create_role
from roadstead.accounts.tokens import create_token
from roadstead.blobs import services as blobs
from roadstead.catalog import factories as catalog
from roadstead.catalog.models import App, Version
from roadstead.catalog.track import Status
from roadstead.clusters import factories as clusters
from roadstead.clusters.operations import Operation
from roadstead.clusters.planning import submit
from roadstead.packaging.factories import chart
from roadstead.reviews import factories as reviews
from roadstead.reviews.models import Submission
from roadstead.reviews.track import Stage
from roadstead.runtimes.models import Grant
from roadstead.store.factories import listing
from roadstead.vendors.factories import provider

STRANGERS = ("developer", "isv", "user", "business_reviewer", "technical_reviewer", "global_admin")


@dataclass(frozen=True)
class World:
    """Arguments of an address by the thing that it names; `missing` has the same shape for nothing at all."""

    things: dict[str, tuple[str, ...]]
    owner: User
    developer: User

    def owner_of(self, thing: str) -> User | None:
        """Who made a thing and may look at it; none: what has no owner, or is somebody."""
        if thing in {"cluster", "only_job", "environment", "credential"}:
            return self.owner
        return self.developer if thing in {"app", "version", "submission", "submitted"} else None

    @property
    def missing(self) -> dict[str, tuple[str, ...]]:
        """Ids that look like the real ones and belong to nothing."""
        return {thing: tuple(_nothing_like(one) for one in ids) for thing, ids in self.things.items()}


def _nothing_like(one: str) -> str:
    prefix, dash, rest = one.rpartition("-")
    return f"{prefix}{dash}{'2' * len(rest)}"


def world() -> World:
    """Make it."""
    cast = reviews.cast()
    submission = reviews.submission(cast, stage=Stage.BUSINESS)
    draft = Version.objects.get(pk=reviews.draft(cast.developer))
    # A package that opens, for the pages that look into it.
    package = blobs.put(chart())
    Version.objects.update(package=package)
    Submission.objects.update(digest=package)
    draft.refresh_from_db()
    picture = blobs.put(b"a picture")
    App.objects.filter(pk=draft.app_id).update(screenshots=[{"full": picture, "small": picture}])
    shown = listing(catalog.app(cast.developer, icon=picture))
    Version.objects.filter(app=shown.app).update(package=package)
    released = Version.objects.get(app=shown.app, status=Status.ACTIVE)
    cluster = clusters.cluster("pending", transition="creating")
    trial = clusters.cluster(owner=cast.developer, version=draft, debug=True)
    machine = clusters.machine(owner=cluster.owner)
    job = submit(actor=cluster.owner, cluster=cluster, operation=Operation.CREATE)
    things = {
        "": (),
        "grant": (Grant.objects.create(person=cluster.owner).pk,),
        "app": (draft.app_id,),
        "version": (draft.pk,),
        "app_version": (draft.app_id, draft.pk),
        "category": ("ctg-databases",),
        "submitted": (submission.version_id,),
        "submission": (submission.pk,),
        "listed": (shown.app_id,),
        "released": (released.pk,),
        "icon": (picture,),
        "package": (draft.package,),
        "persona": ("global_admin",),
        "cluster": (cluster.pk,),
        "test_cluster": (trial.pk,),
        "job": (cluster.pk, job.pk),
        "only_job": (job.pk,),
        "screenshot": (draft.app_id, picture),
        "pod": (cluster.pk, "blog-0"),
        "machine": (machine.cluster_id, machine.pk),
        "person": (cluster.owner_id,),
        "token": (create_token(actor=cluster.owner, name="ci", scopes=["apps:read"], days=1)[0].pk,),
        "department": (cluster.owner.group_id,),
        "role": (create_role(actor=provider().head, name="Tester").pk,),
        "environment": (cluster.environment_id,),
        "credential": (cluster.environment.credential_id,),
    }
    return World(things, cluster.owner, cast.developer)


def stranger(role: str) -> User:
    """Make somebody of a role who has nothing to do with the world; providers' people have a company of their own."""
    return person(role, provider().group if role == "developer" else None) if role != "isv" else provider().head
