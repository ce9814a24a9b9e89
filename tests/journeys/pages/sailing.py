"""What runs: environments of several people, instances in every state with the jobs that led there, test deployments."""

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from roadstead.catalog.models import Version
from roadstead.clusters import changes, creation
from roadstead.clusters import services as clusters
from roadstead.clusters.factories import environment as environment_of
from roadstead.clusters.models import Cluster
from roadstead.clusters.states import Status
from roadstead.core.clock import now
from roadstead.core.errors import DomainError
from roadstead.jobs.factories import walk
from roadstead.jobs.models import Job
from roadstead.providers.kubernetes.tests.pems import pair
from roadstead.reviews import services as reviews
from roadstead.reviews.models import Submission
from roadstead.runtimes import registry, upkeep
from roadstead.runtimes import services as runtimes
from roadstead.runtimes.models import Environment
from tests.journeys.bad_clusters import kubeconfig
from tests.journeys.pages.clock import Clock, ago
from tests.journeys.pages.harbour import ASLEEP, BROKEN, ENDLESS, REFUSING, SERVER, SILENT, UNREADY, Harbour

if TYPE_CHECKING:
    from roadstead.accounts.models import User
    from tests.journeys.pages.cast import Cast
    from tests.journeys.pages.shelves import Offer


def set_sail(cast: "Cast", listed: "dict[str, Version]", offers: "tuple[Offer, ...]", submissions: dict[str, str]) -> dict[str, str]:
    """Make environments and instances; return their ids by what they show."""
    user = cast["user"]
    places = _places(user)
    ids = {f"place_{key}": place.pk for key, place in places.items()}
    ids["credential"] = places["shop"].credential_id
    made = {
        "running": _running(user, listed["before"], places["shop"]),
        "stopped": _made(user, listed["mariadb"], places["shop"], ASLEEP, days=9),
        "broken": _broken(user, listed["tickets"], places["staging"]),
        "failed": _made(user, listed["bi"], places["staging"], UNREADY, days=1, unready=True),
        "deleted": _made(user, listed["docs"], places["staging"], "old-wiki", days=20),
        "unknown": _lost(user, listed["minio"], places[SILENT]),
    }
    with ago(days=3) as clock:
        _carry_out(changes.stop(actor=user, cluster_id=made["stopped"].pk), clock)
        _carry_out(clusters.delete(actor=user, cluster_id=made["deleted"].pk), clock)
    Cluster.objects.filter(pk=made["unknown"].pk).update(unknown_since=now() - timedelta(hours=7))
    _check(user, places)
    made["creating"] = creation.create(actor=user, version_id=listed["docs"].pk, environment_id=places["shop"].pk, name=ENDLESS, values="")
    ids |= {key: cluster.pk for key, cluster in made.items()}
    _crowd(cast, listed, offers)
    return ids | _tests(cast, submissions)


def _places(owner: "User") -> dict[str, Environment]:
    """The environments of somebody who runs things for real, two of which have trouble."""
    rows = (
        ("shop", "生产 · 上海一", "对外的站点与数据库，变更要先在预发布验证。"),
        ("staging", "预发布", ""),
        (SILENT, "旧机房", "等待下线"),
        (REFUSING, "合作伙伴集群", ""),
    )
    content = kubeconfig(f"https://{SERVER}", pair()[1])
    return {zone: _place(owner, zone, name, words, content=content) for zone, name, words in rows}


def _place(owner: "User", zone: str, name: str, words: str = "", *, content: str = "", debug: bool = False) -> Environment:
    """One environment; at first, nothing is wrong anywhere."""
    harbour = _harbour()
    harbour.quiet = True
    content = content or kubeconfig(f"https://{SERVER}", pair()[1])
    with ago(days=30):
        made = runtimes.create_environment(
            actor=owner, provider="kubernetes", content=content, zone=zone, name=name, description=words, debug=debug
        )
    harbour.quiet = False
    return made


def _harbour() -> Harbour:
    """The Kubernetes of this story."""
    found = registry.provider("kubernetes")
    assert isinstance(found, Harbour)
    return found


def _check(owner: "User", places: dict[str, Environment]) -> None:
    with ago(hours=7):
        upkeep.check_environment(actor=owner, environment_id=places[SILENT].pk)
    with ago(minutes=12):
        for zone in ("shop", REFUSING):
            upkeep.check_environment(actor=owner, environment_id=places[zone].pk)


def _made(
    owner: "User", version: "Version", place: Environment, name: str, *, days: float, unready: bool = False, debug: bool = False
) -> Cluster:
    """An instance that was made some days ago, or failed to be."""
    harbour = _harbour()
    with ago(days=days) as clock:
        cluster = creation.create(
            actor=owner, version_id=version.pk, environment_id=place.pk, name=name, values="", debug=debug, on_failure="keep"
        )
        harbour.unready = {name} if unready else set()
        return _carry_out(cluster, clock)


def _carry_out(cluster: Cluster, clock: Clock) -> Cluster:
    """Walk the instance's unfinished job to its end, in the past."""
    harbour = _harbour()
    harbour.wait = lambda seconds: clock.wait(seconds=seconds)
    job = Job.objects.filter(subject_id=cluster.pk, status__in=("pending", "working")).latest("created")
    walk(job)
    cluster.refresh_from_db()
    return cluster


def _lost(owner: "User", version: "Version", place: Environment) -> Cluster:
    """One that ran well until its place fell silent."""
    harbour = _harbour()
    harbour.quiet = True
    cluster = _made(owner, version, place, "media-store", days=14)
    harbour.quiet = False
    return cluster


def _running(owner: "User", version: "Version", place: Environment) -> Cluster:
    cluster = _made(owner, version, place, "my-blog", days=2)
    with ago(hours=20) as clock:
        values = "# 访问量上来之后\nreplicaCount: 2\nmariadb:\n  persistence:\n    size: 20Gi\n"
        return _carry_out(changes.update(actor=owner, cluster_id=cluster.pk, values=values), clock)


def _broken(owner: "User", version: "Version", place: Environment) -> Cluster:
    """One whose last change failed; it still runs as before."""
    cluster = _made(owner, version, place, BROKEN, days=5)
    harbour = _harbour()
    with ago(hours=2) as clock:
        cluster = changes.update(actor=owner, cluster_id=cluster.pk, values="replicas: 4\n")
        harbour.unready = {BROKEN}
        return _carry_out(cluster, clock)


def _crowd(cast: "Cast", listed: "dict[str, Version]", offers: "tuple[Offer, ...]") -> None:
    """What other people deployed in the last month: only their numbers are ever shown."""
    owner = cast["leaver"]
    other = environment_of(owner)
    counts = [(listed[offer.key], offer.deployments) for offer in offers] + [(listed["wordpress"], 41)]
    rows = [
        Cluster(
            name=f"{version.app.chart_name}-{number}"[:53],
            app=version.app,
            version=version,
            environment=other,
            digest=version.package,
            delivery="helm",
            status=Status.CEASED,
            created_at=now() - timedelta(days=(number * 7 + len(version.name) * 3) % 28 + number / 50),
            owner=owner,
            owner_path=owner.path,
        )
        for version, count in counts
        for number in range(count)
    ]
    Cluster.objects.bulk_create(rows)


def _tests(cast: "Cast", submissions: dict[str, str]) -> dict[str, str]:
    """Test deployments: the technical reviewer's is attached to a review, the developer has one too."""
    reviewer, maker = cast["technical_reviewer"], cast["developer"]
    version = Version.objects.get(pk=submissions["in_review_version"])
    place = _place(reviewer, "review-tests", "预发布", debug=True)
    trial = _made(reviewer, version, place, "wordpress-test", days=0.2, debug=True)
    with suppress(DomainError):
        reviews.attach_deployment(actor=reviewer, submission_id=Submission.objects.get(pk=submissions["technical"]).pk, cluster=trial)
    own = _place(maker, "chat-tests", "预发布", debug=True)
    draft = Version.objects.get(pk=submissions["draft"])
    mine = _made(maker, draft, own, "chat-try", days=1, debug=True)
    return {"trial": trial.pk, "own_trial": mine.pk, "test_place": place.pk}
