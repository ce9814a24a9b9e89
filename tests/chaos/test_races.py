"""Two people in the same second: one act wins, the others are refused in words, and nothing is written twice."""

from functools import partial

import pytest

from roadstead.accounts.factories import person
from roadstead.audit.models import Event
from roadstead.blobs import services as blobs
from roadstead.catalog import factories as catalog
from roadstead.catalog import services as apps
from roadstead.catalog.models import App, Version
from roadstead.catalog.track import Status
from roadstead.clusters import factories as clusters
from roadstead.clusters import services as instances
from roadstead.clusters.models import Cluster
from roadstead.clusters.operations import Operation
from roadstead.clusters.planning import submit
from roadstead.jobs.models import Job
from roadstead.packaging.factories import chart
from roadstead.reviews import services as reviews
from roadstead.reviews.factories import cast, draft, submission
from roadstead.reviews.models import Claim, Decision, Submission
from roadstead.reviews.track import Stage, Verdict
from roadstead.runtimes.factories import environment, fake_provider
from roadstead.runtimes.models import Environment
from roadstead.store import services as store
from roadstead.store.models import ListedVersion, Listing
from tests.chaos.racing import DONE, race

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
TIMES = 4


def test_a_double_click_submits_once() -> None:
    people = cast()
    version_id = draft(people.developer)
    ended = race(*[partial(reviews.submit, actor=people.developer, version_id=version_id)] * TIMES)
    assert sorted(ended) == sorted([DONE, *["app_version_incorrect_status"] * (TIMES - 1)])
    assert Submission.objects.count() == 1


def test_a_double_click_releases_once() -> None:
    passed = catalog.version(Status.PASSED)
    ended = race(*[partial(store.release, actor=passed.owner, version_id=passed.pk)] * TIMES)
    assert ended.count(DONE) == 1
    assert (Listing.objects.count(), ListedVersion.objects.count(), Event.objects.filter(verb="version.release").count()) == (1, 1, 1)


def test_one_of_several_reviewers_gets_the_claim() -> None:
    made = submission(cast(), stage=Stage.BUSINESS)
    rivals = [person("business_reviewer") for _ in range(TIMES)]
    ended = race(*[partial(reviews.claim, actor=one, submission_id=made.pk, stage=Stage.BUSINESS) for one in rivals])
    assert sorted(ended) == sorted([DONE, *["review_claimed"] * (TIMES - 1)])
    assert Claim.objects.filter(submission=made, ended_at=None).count() == 1


def test_a_stage_is_decided_once_whatever_is_pressed() -> None:
    people = cast()
    made = submission(people, stage=Stage.TECHNICAL)
    reviews.claim(actor=people.technical, submission_id=made.pk, stage=Stage.TECHNICAL)
    decide = partial(reviews.decide, actor=people.technical, submission_id=made.pk, stage=Stage.TECHNICAL)
    reject = partial(decide, verdict=Verdict.REJECT, reason="It doesn't start.")
    ended = race(partial(decide, verdict=Verdict.PASS), reject, partial(decide, verdict=Verdict.PASS), reject)
    assert ended.count(DONE) == 1
    verdict = Decision.objects.get(submission=made, stage=Stage.TECHNICAL).verdict
    assert Version.objects.get(pk=made.version_id).status == (Status.PASSED if verdict == Verdict.PASS else Status.REJECTED)


def test_withdrawing_and_taking_the_last_stage_exclude_each_other() -> None:
    people = cast()
    made = submission(people, stage=Stage.TECHNICAL)
    withdraw = partial(reviews.withdraw, actor=people.developer, version_id=made.version_id)
    claim = partial(reviews.claim, actor=people.technical, submission_id=made.pk, stage=Stage.TECHNICAL)
    withdrawn, claimed = race(withdraw, claim)
    assert [withdrawn, claimed].count(DONE) == 1
    assert (Version.objects.get(pk=made.version_id).status == Status.DRAFT) == (withdrawn == DONE)
    assert Claim.objects.filter(submission=made, stage=Stage.TECHNICAL, ended_at=None).exists() == (claimed == DONE)


def test_two_instances_never_share_a_name() -> None:
    owner = person("user")
    place = clusters.environment(owner)
    version = catalog.version(Status.ACTIVE, package=blobs.put(chart()))
    create = partial(instances.create, actor=owner, version_id=version.pk, environment_id=place.pk, name="blog", values="")
    ended = race(*[create] * TIMES)
    assert sorted(ended) == sorted([DONE, *["cluster_name_taken"] * (TIMES - 1)])
    assert (Cluster.objects.count(), Job.objects.count()) == (1, 1)


def test_an_instance_is_deleted_by_one_job() -> None:
    made = clusters.cluster()
    ended = race(*[partial(instances.delete, actor=made.owner, cluster_id=made.pk)] * TIMES)
    assert sorted(ended) == sorted([DONE, *["resource_transition_status"] * (TIMES - 1)])
    assert Job.objects.count() == 1


def test_cancelling_twice_and_deleting_meanwhile_end_in_one_way() -> None:
    made = clusters.cluster("pending", transition="creating")
    job = submit(actor=made.owner, cluster=made, operation=Operation.CREATE)
    cancel = partial(instances.cancel, actor=made.owner, cluster_id=made.pk, job_id=job.pk)
    delete = partial(instances.delete, actor=made.owner, cluster_id=made.pk)
    cancelled = race(cancel, cancel, delete, delete)
    assert cancelled[:2].count(DONE) == 1
    assert Job.objects.filter(status__in=("pending", "working")).count() <= 1
    made.refresh_from_db()
    # A creation of which nothing had run ends with its cancelling; a deletion that came after is then the one thing under way.
    assert bool(made.transition) == Job.objects.filter(status__in=("pending", "working")).exists()


def test_trying_again_and_giving_up_exclude_each_other() -> None:
    made = clusters.cluster("pending", transition="creating")
    job = submit(actor=made.owner, cluster=made, operation=Operation.CREATE)
    Job.objects.filter(pk=job.pk).update(status="failed")
    Cluster.objects.filter(pk=made.pk).update(transition="")
    retry, give_up = (partial(verb, actor=made.owner, cluster_id=made.pk, job_id=job.pk) for verb in (instances.retry, instances.give_up))
    ended = race(retry, give_up, retry, give_up)
    assert ended.count(DONE) == 1
    job.refresh_from_db()
    assert job.attempt == 2


def test_two_uploads_make_one_app_and_one_version() -> None:
    developer = catalog.developer()
    upload = apps.check_upload(data=chart(), filename="demo.tgz")
    assert race(*[partial(apps.create_app, actor=developer, upload=upload)] * TIMES).count(DONE) == 1
    app = App.objects.get()
    upload = apps.check_upload(data=chart({"Chart.yaml": "apiVersion: v2\nname: demo\nversion: 0.2.0\n"}), filename="demo.tgz")
    assert race(*[partial(apps.add_version, actor=developer, app_id=app.pk, upload=upload)] * TIMES).count(DONE) == 1
    assert Version.objects.count() == 2


def test_a_namespace_becomes_one_environment() -> None:
    owner = person("user")
    with fake_provider():
        ended = race(*[partial(environment, owner)] * TIMES)
    assert ended.count(DONE) == 1
    assert Environment.objects.count() == 1
