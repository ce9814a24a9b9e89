"""A test deployment is evidence: what was seen of it stays as it was seen, whatever becomes of the instance."""

from dataclasses import replace

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from roadstead.audit.selectors import events_of
from roadstead.clusters import services as clusters
from roadstead.clusters.factories import cluster, environment
from roadstead.clusters.models import Cluster
from roadstead.clusters.tests.fakes import FakeProvider, at
from roadstead.clusters.tests.fakes_view import VIEW
from roadstead.clusters.tests.walking import walk
from roadstead.core.problems import problem_kind
from roadstead.jobs.models import Job
from roadstead.reviews import services
from roadstead.reviews.errors import NotYoursToDecide
from roadstead.reviews.factories import Cast, cast, deployable
from roadstead.reviews.images import naming_of, seen_image
from roadstead.reviews.models import Evidence, Submission
from roadstead.reviews.selectors import trials_of
from roadstead.reviews.track import Stage
from roadstead.reviews.trials import Trial
from roadstead.runtimes.sdk import Other, Pod, RanImage, Refused, ReleaseView

pytestmark = pytest.mark.django_db

QUERIES = 12
DIGEST, OTHER = "sha256:" + "ab" * 32, "sha256:" + "cd" * 32
BROKEN = problem_kind("trial_broken", "the image can't be pulled")


class SeeingProvider(FakeProvider):
    """A place whose nodes report what they ran, as far as `digests` says."""

    digests: tuple[str, ...] = (DIGEST, "")

    def workloads(self, _target: object, _release: object) -> ReleaseView:
        wordpress, mariadb = VIEW.workloads
        seen = [
            replace(one, pods=(Pod(f"{one.name}-0", "Running", ready=True, images=(RanImage("main", one.images[0], digest),)),))
            for one, digest in zip((wordpress, mariadb), self.digests, strict=True)
        ]
        return replace(VIEW, workloads=tuple(seen))


@pytest.fixture
def people() -> Cast:
    return cast()


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> SeeingProvider:
    provider = SeeingProvider()
    at(monkeypatch, provider)
    return provider


@pytest.fixture
def made(people: Cast) -> Submission:
    made = deployable(people)
    services.claim(actor=people.technical, submission_id=made.pk, stage=Stage.TECHNICAL)
    return made


def deployed(people: Cast, made: Submission, *, attach_first: bool = True) -> Cluster:
    """Deploy what is reviewed as the reviewer's page does, and walk the job to its end."""
    where = environment(people.technical, debug=True, name="Proving ground", zone="proof")
    one = clusters.create(
        actor=people.technical, version_id=made.version_id, environment_id=where.pk, name="blog", values="", debug=True, on_failure="keep"
    )
    if attach_first:
        services.attach_deployment(actor=people.technical, submission_id=made.pk, cluster=one)
    walk(one)
    return one


def only(made: Submission) -> Trial:
    (trial,) = trials_of(made)
    return trial


def page(made: Submission, people: Cast, who: str = "technical", language: str = "en") -> str:
    client = Client(HTTP_ACCEPT_LANGUAGE=language)
    client.force_login(getattr(people, who))
    return client.get(f"/workbench/reviews/{made.pk}?tab=tests").content.decode()


@pytest.mark.parametrize("attach_first", [True, False])
def test_what_was_seen_outlives_the_instance(people: Cast, made: Submission, place: SeeingProvider, attach_first: bool) -> None:
    one = deployed(people, made, attach_first=attach_first)
    if not attach_first:
        # The job was quicker than the page: it ended before the deployment was attached.
        services.attach_deployment(actor=people.technical, submission_id=made.pk, cluster=one)
    before = only(made)
    assert (before.place, before.namespace) == ("Proving ground", "proof")
    assert (before.state.value, before.teardown.value) == ("successful", "standing")
    assert [(image.image, image.digests) for image in before.images] == [("wordpress:6.8.3", [DIGEST]), ("mariadb:11.8", [])]
    assert {address["address"] for address in before.addresses} == {"203.0.113.7:80", "blog-mariadb.demo.svc:3306"}
    assert before.outcome
    assert [line.state.value for line in before.outcome.timeline.steps] == ["successful"] * 5
    clusters.delete(actor=people.technical, cluster_id=one.pk)
    walk(one)
    clusters.cease(actor=people.technical, cluster_id=one.pk)
    walk(one)
    one.environment.name = "Another name"
    one.environment.save()
    Job.objects.all().delete()
    Cluster.objects.filter(pk=one.pk).update(view={}, name="gone")
    after = only(made)
    kept = ("instance", "place", "namespace", "by", "begun", "state", "images", "addresses", "workloads", "outcome")
    assert {name: getattr(after, name) for name in kept} == {name: getattr(before, name) for name in kept}
    assert (after.teardown.value, [ended.timeline.job.kind for ended in after.later]) == ("left", ["cluster.delete", "cluster.cease"])
    assert place.ledger[-2:] == ["uninstall", "forget"]


def test_the_page_names_digests_and_warns(people: Cast, made: Submission, place: SeeingProvider) -> None:
    del place
    deployed(people, made)
    english, chinese = page(made, people), page(made, people, language="zh-hans")
    assert DIGEST in english
    assert "Digest: not reported by the cluster" in english
    assert "摘要：集群没有报告" in chinese
    assert english.count("A tag can be moved") == 2
    # An earlier reviewer reads the evidence too, but doesn't reach the instance.
    for who in ("head", "business"):
        read = page(made, people, who)
        assert DIGEST in read
        assert "Open the instance" not in read
    assert "Open the instance" in english


@pytest.mark.parametrize("number", [1, 4])
def test_more_deployments_ask_for_no_more_queries(
    people: Cast, made: Submission, place: SeeingProvider, number: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    del place
    for _ in range(number):
        one = deployed(people, made)
        Cluster.objects.filter(pk=one.pk).update(name=f"other-{one.pk[3:9]}")
    client = Client()
    client.force_login(people.technical)
    client.get("/workbench/reviews")
    for tab in ("tests", "information"):
        with django_assert_max_num_queries(QUERIES):
            assert client.get(f"/workbench/reviews/{made.pk}?tab={tab}").status_code == 200


def test_a_failure_is_kept_with_its_cause_and_a_retry_beside_it(people: Cast, made: Submission, place: SeeingProvider) -> None:
    place.fails["await_ready"] = Refused(BROKEN())
    one = deployed(people, made)
    trial = only(made)
    assert (trial.state.value, trial.teardown.value, trial.images) == ("failed", "standing", [])
    assert trial.outcome
    assert trial.outcome.timeline.problem == BROKEN()
    assert "the image can&#x27;t be pulled" in page(made, people)
    place.fails.clear()
    job = Job.objects.get(subject_id=one.pk)
    clusters.retry(actor=people.technical, cluster_id=one.pk, job_id=job.pk)
    walk(one)
    again = only(made)
    assert (again.state.value, [ended.state.value for ended in again.later]) == ("successful", ["failed"])
    told = [event.data["result"] for event in events_of("reviews.Submission", made.pk) if event.verb == "review.test-ended"]
    assert told == ["successful", "failed"]


def test_a_deployment_that_was_cleaned_up_left_nothing(people: Cast, made: Submission, place: SeeingProvider) -> None:
    place.fails["await_ready"] = Refused(BROKEN())
    one = deployed(people, made)
    job = Job.objects.get(subject_id=one.pk)
    clusters.give_up(actor=people.technical, cluster_id=one.pk, job_id=job.pk)
    walk(one)
    assert (only(made).state.value, only(made).teardown.value) == ("failed", "nothing")


@pytest.mark.parametrize(("names", "said"), [((), "removed"), (("blog-data",), "left")])
def test_what_a_teardown_leaves_is_named(
    people: Cast, made: Submission, place: SeeingProvider, *, monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...], said: str
) -> None:
    volumes = tuple(Other("PersistentVolumeClaim", name) for name in names)
    monkeypatch.setattr(SeeingProvider, "leftovers", lambda *_given, **_more: volumes)
    one = deployed(people, made)
    assert only(made).left == []
    clusters.delete(actor=people.technical, cluster_id=one.pk)
    walk(one)
    Cluster.objects.update(left=[])
    trial = only(made)
    assert (trial.teardown.value, [left["name"] for left in trial.left]) == (said, list(names))
    assert ("blog-data" in page(made, people)) == bool(names)
    assert place.ledger[-1] == "uninstall"


def test_another_package_in_the_instance_is_named(people: Cast, made: Submission, place: SeeingProvider) -> None:
    del place
    one = deployed(people, made)
    Cluster.objects.filter(pk=one.pk).update(digest="f" * 64)
    clusters.stop(actor=people.technical, cluster_id=one.pk)
    walk(one)
    assert only(made).foreign
    assert "Another package runs in it now." in page(made, people)


def test_nobody_claims_to_know_how_an_early_one_ended(people: Cast, made: Submission) -> None:
    one = cluster(owner=people.technical, debug=True, place=environment(people.technical, debug=True, name="Old place"))
    Evidence.objects.create(submission=made, kind="deployment", code="test-deployment", cluster=one, recorded_by=people.technical)
    assert (only(made).state.value, only(made).teardown.value, only(made).place) == ("unseen", "unseen", "Old place")
    assert "Not recorded" in page(made, people)


def test_other_instances_are_nobodys_evidence(people: Cast, made: Submission, place: SeeingProvider) -> None:
    del place
    stranger = cluster(owner=people.technical, debug=True, place=environment(people.technical, debug=True))
    clusters.stop(actor=people.technical, cluster_id=stranger.pk)
    walk(stranger)
    assert not Evidence.objects.exclude(kind="check").exists()
    with pytest.raises(NotYoursToDecide):
        services.attach_deployment(actor=people.business, submission_id=made.pk, cluster=stranger)
    assert trials_of(made) == []


@pytest.mark.parametrize(
    ("image", "naming"),
    [
        ("nginx", "untagged"),
        ("registry:5000/nginx", "untagged"),
        ("nginx:latest", "latest"),
        ("registry:5000/nginx:1.27", "tag"),
        (f"nginx@{DIGEST}", "digest"),
        (f"nginx:1.27@{DIGEST}", "digest"),
    ],
)
def test_how_images_are_named(image: str, naming: str) -> None:
    assert naming_of(image) == naming


@pytest.mark.parametrize(
    ("image", "digests", "silent", "warnings"),
    [
        (f"nginx@{DIGEST}", [DIGEST], 0, 0),
        (f"nginx@{DIGEST}", [], 1, 1),
        ("nginx:1.27", [DIGEST], 0, 1),
        ("nginx", [DIGEST, OTHER], 0, 2),
        ("nginx", [DIGEST], 1, 2),
        ("nginx:latest", [], 0, 2),
    ],
)
def test_unknown_is_never_clean(image: str, digests: list[str], silent: int, warnings: int) -> None:
    seen = seen_image({"image": image, "digests": digests, "silent": silent})
    assert (len(seen.warnings), seen.tone) == (warnings, "wait" if warnings else "ok")
