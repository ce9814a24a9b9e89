"""What the developer's pages and the store say of a review: forced decisions, and what a test deployment ran."""

import pytest
from django.test import Client

from roadstead.accounts.factories import person
from roadstead.accounts.models import User
from roadstead.clusters.factories import cluster, environment
from roadstead.jobs.factories import job, ops, walk
from roadstead.jobs.selectors import keep
from roadstead.reviews import services as reviews
from roadstead.reviews.factories import Cast, cast, pass_stage, submission
from roadstead.reviews.models import Evidence, Submission
from roadstead.reviews.track import Stage, Verdict
from roadstead.store import selectors, services
from roadstead.store.schemas import Page

pytestmark = pytest.mark.django_db

DIGEST = "sha256:" + "ab" * 32


@pytest.fixture
def people() -> Cast:
    return cast()


def page_of(user: User, path: str, language: str = "en") -> str:
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def forced(people: Cast, verdict: Verdict) -> Submission:
    made, first, second = submission(people), person("global_admin", name="Ann"), person("global_admin", name="Ben")
    reviews.ask_force(actor=first, submission_id=made.pk, stage=Stage.PROVIDER, verdict=verdict, reason="Security fix")
    reviews.answer_force(actor=second, submission_id=made.pk, confirm=True)
    return made


def released(people: Cast, made: Submission) -> Page:
    services.release(actor=people.developer, version_id=made.version_id)
    return selectors.document_of(made.app_id).as_page


@pytest.mark.parametrize(
    ("verdict", "english", "chinese"), [(Verdict.PASS, "Passed by force", "强制通过"), (Verdict.REJECT, "Rejected by force", "强制拒绝")]
)
def test_developers_see_that_a_decision_was_forced(people: Cast, verdict: Verdict, english: str, chinese: str) -> None:
    made = forced(people, verdict)
    version = page_of(people.developer, f"/workbench/versions/{made.version_id}")
    for words in (english, "Ann asked for it", "Ben confirmed it", "Security fix"):
        assert words in version
    assert "All three reviews are passed" not in version
    assert chinese in page_of(people.developer, f"/workbench/versions/{made.version_id}", "zh-hans")
    record = page_of(people.developer, f"/workbench/apps/{made.app_id}/record")
    # The version moved and a decision was made; in the record they are one thing.
    assert (record.count("Ann + Ben"), record.count("Security fix"), english in record) == (1, 1, False)


def test_a_forced_rejection_is_no_word_about_the_next_draft(people: Cast) -> None:
    made = forced(people, Verdict.REJECT)
    client = Client(headers={"accept-language": "en"})
    client.force_login(people.developer)
    client.post(f"/workbench/versions/{made.version_id}/log", {"description": "Mended."})
    assert "Ann asked for it" not in page_of(people.developer, f"/workbench/versions/{made.version_id}")


def test_the_store_says_that_a_version_was_forced(people: Cast) -> None:
    page = released(people, forced(people, Verdict.PASS))
    (version,) = page.versions
    assert (version.forced, [(proof.verdict, proof.reviewer) for proof in version.proofs]) == (True, [("forced", "Ann + Ben")])
    shown = Client(headers={"accept-language": "en"}).get(f"/apps/{page.id}").content.decode()
    assert "Forced by Ann + Ben" in shown


def test_the_store_tells_what_a_test_deployment_ran_but_not_where(people: Cast) -> None:
    made = submission(people, stage=Stage.TECHNICAL)
    place = environment(people.technical, debug=True, name="Secret cluster")
    instance = cluster(owner=people.technical, place=place, debug=True)
    about = {"place": place.name, "provider": "kubernetes", "namespace": place.zone, "instance": instance.name}
    Evidence.objects.create(submission=made, kind="deployment", code="test-deployment", params=about, cluster=instance)
    with ops({"a": lambda _run: None}):
        done = walk(job("a", subject=instance))
    images = [{"image": "nginx:1.27", "digests": [DIGEST], "silent": 0}, {"image": "redis:8", "digests": [], "silent": 1}]
    seen = {"timeline": keep(done), "undone": False, "digest": made.digest, "images": images, "addresses": [], "workloads": []}
    Evidence.objects.create(submission=made, kind="outcome", code="create", result="successful", params=seen, cluster=instance)
    pass_stage(people, made, Stage.TECHNICAL)
    page = released(people, made)
    (run,) = page.versions[0].tests
    assert (page.versions[0].test_deployments, run.place, run.result) == (1, "Kubernetes", "successful")
    assert [(image.image, image.digests) for image in run.images] == [("nginx:1.27", [DIGEST]), ("redis:8", [])]
    shown = Client(headers={"accept-language": "en"}).get(f"/apps/{page.id}").content.decode()
    assert DIGEST in shown
    assert "The cluster reported no digest" in shown
    assert "Secret cluster" not in shown
