"""Which pages the table of times asks for: every address that shows one, and those about the fullest things there are."""

from collections.abc import Iterator

from django.urls import reverse

from roadstead.accounts.models import Role, User
from roadstead.clusters.models import Cluster
from roadstead.reviews.models import Submission
from roadstead.reviews.services import claim
from roadstead.reviews.track import Stage
from tests.isolation.rows import ROWS
from tests.isolation.world import World

# They change what they show, hand out files, or only lead on.
NOT_PAGES = {
    "icon",
    "version_download",
    "review_package",
    "api:openapi-json",
    "api:api-root",
    "home",
    "store_deploy",
    "account_login",
}
LISTS = {
    "store, second category": "/?category=ctg-databases",
    "store, search 博客": "/?q=博客",
    "queue, all": "/workbench/reviews?tab=all",
    "queue, processed": "/workbench/reviews?tab=processed",
    "queue, searched": "/workbench/reviews?tab=all&q=app",
    "all apps, searched": "/workbench/all-apps?q=app+77",
    "my apps, searched": "/workbench/apps?q=app+77",
    "instances, searched": "/workbench/instances?q=blog-77",
    "people, searched": "/workbench/people?q=reader+77",
}
CHOSEN = 20  # instances in the dialog about several


def addresses(made: World) -> Iterator[tuple[str, str]]:
    """Return every page there is, each about something of the world."""
    for name, rows in ROWS.items():
        for row in rows:
            if not row.post and name not in NOT_PAGES:
                yield f"{name}/{row.thing}{row.query}", reverse(name, args=made.things[row.thing]) + row.query
    yield from LISTS.items()


def about_the_living(administrator: User) -> Iterator[tuple[str, str]]:
    """Return pages about an instance that runs, an app with all its customers, and a stage that somebody has claimed."""
    first, *others = Cluster.objects.filter(status="active", delivery="helm", debug=False, transition="").order_by("-created_at")[:CHOSEN]
    first.values = "replicas: 1\n"  # sealed for itself, which a copied row's aren't
    first.save(update_fields=["sealed_values"])
    for name in ("instance", "instance_activity", "instance_events", "instance_update", "instance_upgrade", "instance_rollback"):
        yield f"{name}, running", reverse(name, args=[first.pk])
    chosen = "".join(f"&instance={one.pk}" for one in (first, *others))
    for act in ("stop", "delete"):
        yield f"instances_several, {act} {CHOSEN}", f"{reverse('instances_several')}?act={act}{chosen}"
    for name in ("app", "keeper_app", "app_instances", "app_record"):
        yield f"{name}, of most instances", reverse(name, args=[first.app_id])
    yield "customers, searched", f"{reverse('app_instances', args=[first.app_id])}?q=blog-77"
    yield "deploy, like another", f"{reverse('deploy', args=[first.version_id])}?like={first.pk}"
    waiting = Submission.objects.filter(stage=Stage.TECHNICAL).exclude(owner=administrator).order_by("stage_at")[0]
    claim(actor=administrator, submission_id=waiting.pk, stage=Stage.TECHNICAL)
    for name in ("review", "review_test"):
        yield f"{name}, claimed", reverse(name, args=[waiting.pk])


def head_of(made: World) -> User:
    """Return whose company the world's own role belongs to: nobody else reaches it."""
    return User.objects.get(role="isv", group=Role.objects.get(pk=made.things["role"][0]).group)
