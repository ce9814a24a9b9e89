"""An instance's whole life: every operation from the verb to where its job leads, and back where it failed."""

from typing import Any

import pytest
from django.test import Client

from roadstead.accounts.factories import person
from roadstead.audit.models import Event
from roadstead.catalog.models import Version
from roadstead.clusters import services
from roadstead.clusters.errors import ClusterInTransition, ClusterNotInStatus, OperationMovedOn
from roadstead.clusters.factories import cluster, environment
from roadstead.clusters.models import Cluster
from roadstead.clusters.states import Status, Transition
from roadstead.clusters.tests.fakes import TAKEN, FakeProvider
from roadstead.clusters.tests.walking import done_by, newest, walk
from roadstead.core.errors import Missing, NotPermitted
from roadstead.jobs.models import Job
from roadstead.runtimes.sdk import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(place: FakeProvider, listed: Version) -> Cluster:
    del place
    owner = person("user")
    wish: Any = {"environment_id": environment(owner).pk, "name": "blog", "values": ""}
    return services.create(actor=owner, version_id=listed.pk, **wish)


def test_a_whole_life(place: FakeProvider, made: Cluster) -> None:
    owner = made.owner
    assert walk(made).status == "successful"
    assert (made.status, made.transition, made.last_error) == (Status.ACTIVE, "", {})
    assert made.view["endpoints"][0]["url"] == "http://203.0.113.7:80/"

    assert services.delete(actor=owner, cluster_id=made.pk).transition == Transition.DELETING
    walk(made)
    assert (made.status, made.transition, made.view) == (Status.DELETED, "", {})
    assert place.history == {"blog": made.pk}

    assert services.cease(actor=owner, cluster_id=made.pk).transition == Transition.CEASING
    walk(made)
    assert (made.status, made.transition, place.history) == (Status.CEASED, "", {})
    verbs = ["create", "create_ended", "delete", "delete_ended", "cease", "cease_ended"]
    told = Event.objects.filter(subject_id=made.pk).order_by("pk").values_list("verb", flat=True)
    assert list(told) == [f"cluster.{verb}" for verb in verbs]


def test_a_failed_creation_is_cleaned_up_and_frees_its_name(place: FakeProvider, made: Cluster) -> None:
    place.fails["await_ready"] = Refused(TAKEN())
    job = walk(made)
    assert (job.status, job.undone) == ("failed", True)
    assert (made.status, made.transition, made.problem) == (Status.CEASED, "", TAKEN())
    assert place.ledger == ["namespace", "install", "uninstall", "forget"]


def keep(made: Cluster) -> None:
    made.keep_on_failure = True
    made.save()
    Job.objects.filter(subject_id=made.pk).update(on_failure="keep")


def test_a_kept_failure_is_retried_from_its_step(place: FakeProvider, made: Cluster) -> None:
    keep(made)
    place.fails["await_ready"] = Refused(TAKEN())
    walk(made)
    assert (made.status, made.transition, made.state.value) == (Status.PENDING, "", "create-failed")
    assert place.ledger == ["namespace", "install"]

    del place.fails["await_ready"]
    services.retry(actor=made.owner, cluster_id=made.pk, job_id=newest(made).pk)
    made.refresh_from_db()
    assert (made.transition, made.last_error) == (Transition.CREATING, {})
    assert walk(made).status == "successful"
    assert (made.status, place.ledger) == (Status.ACTIVE, ["namespace", "install"])


def test_a_kept_failure_is_given_up(place: FakeProvider, made: Cluster) -> None:
    keep(made)
    place.fails["await_ready"] = Refused(TAKEN())
    walk(made)
    services.give_up(actor=made.owner, cluster_id=made.pk, job_id=newest(made).pk)
    walk(made)
    assert (made.status, place.releases, place.history) == (Status.CEASED, {}, {})


@pytest.mark.parametrize("layers", range(5))
def test_a_creation_is_cancelled_at_every_step(place: FakeProvider, made: Cluster, layers: int) -> None:
    walk(made, layers=layers)
    services.cancel(actor=made.owner, cluster_id=made.pk, job_id=newest(made).pk)
    job = walk(made)
    assert (job.status, job.undone) == ("cancelled", True)
    assert (made.status, made.transition, place.releases, place.history) == (Status.CEASED, "", {}, {})


def test_a_failed_clean_up_stays_in_sight_and_can_be_repeated(place: FakeProvider, made: Cluster) -> None:
    place.fails |= {"await_ready": Refused(TAKEN()), "uninstall": Refused(TAKEN())}
    job = walk(made)
    assert (made.status, job.undone, place.releases) == (Status.PENDING, False, {"blog": made.pk})
    with pytest.raises(OperationMovedOn):
        services.retry(actor=made.owner, cluster_id=made.pk, job_id=job.pk)
    del place.fails["uninstall"]
    services.give_up(actor=made.owner, cluster_id=made.pk, job_id=job.pk)
    walk(made)
    assert (made.status, place.releases) == (Status.CEASED, {})


def test_a_failed_deletion_leaves_the_state_and_says_why(place: FakeProvider, made: Cluster) -> None:
    walk(made)
    services.delete(actor=made.owner, cluster_id=made.pk)
    place.fails["uninstall"] = Refused(TAKEN())
    job = walk(made)
    assert (made.status, made.transition, made.problem) == (Status.ACTIVE, "", TAKEN())
    with pytest.raises(OperationMovedOn):
        services.give_up(actor=made.owner, cluster_id=made.pk, job_id=job.pk)
    del place.fails["uninstall"]
    services.retry(actor=made.owner, cluster_id=made.pk, job_id=job.pk)
    assert done_by(walk(made)) == {"helm.uninstall": "successful", "helm.gone": "successful"}
    assert made.status == Status.DELETED


def test_one_thing_at_a_time(made: Cluster) -> None:
    with pytest.raises(ClusterInTransition):
        services.delete(actor=made.owner, cluster_id=made.pk)
    assert Job.objects.filter(subject_id=made.pk).count() == 1


@pytest.mark.parametrize(
    ("verb", "wrong"), [(services.delete, Status.DELETED), (services.cease, Status.ACTIVE), (services.delete, Status.SUSPENDED)]
)
def test_wrong_states_are_refused(verb: Any, wrong: Status) -> None:
    mine = cluster(wrong)
    with pytest.raises(ClusterNotInStatus):
        verb(actor=mine.owner, cluster_id=mine.pk)
    mine.refresh_from_db()
    assert (mine.status, mine.transition, Job.objects.count()) == (wrong, "", 0)


@pytest.mark.parametrize("verb", [services.delete, services.cease])
def test_foreign_is_missing(verb: Any) -> None:
    somebodys = cluster()
    for cluster_id in (somebodys.pk, "cl-nowhere"):
        with pytest.raises(Missing):
            verb(actor=person("user"), cluster_id=cluster_id)


@pytest.mark.parametrize("verb", [services.cancel, services.retry, services.give_up])
def test_foreign_jobs_are_missing(made: Cluster, verb: Any) -> None:
    job = newest(made)
    with pytest.raises(Missing):
        verb(actor=person("user"), cluster_id=made.pk, job_id=job.pk)
    mine = cluster()
    with pytest.raises(Missing):
        verb(actor=mine.owner, cluster_id=mine.pk, job_id=job.pk)
    made.refresh_from_db()
    assert made.transition == Transition.CREATING


def test_who_sees_an_instance_may_still_not_delete_it(made: Cluster) -> None:
    walk(made)
    made.owner.role_id = "business_reviewer"
    made.owner.save()
    with pytest.raises(NotPermitted):
        services.delete(actor=made.owner, cluster_id=made.pk)


def test_a_finished_creation_cannot_be_cancelled(made: Cluster) -> None:
    job = walk(made)
    with pytest.raises(OperationMovedOn):
        services.cancel(actor=made.owner, cluster_id=made.pk, job_id=job.pk)


def test_what_a_removal_leaves_is_listed(client: Client, place: FakeProvider, made: Cluster) -> None:
    walk(made)
    assert made.left == []
    for verb in (services.delete, services.cease):
        verb(actor=made.owner, cluster_id=made.pk)
        walk(made)
        assert [(row["kind"], row["name"]) for row in made.left] == [("PersistentVolumeClaim", "blog-data")]
        client.force_login(made.owner)
        page = client.get(f"/workbench/instances/{made.pk}").content.decode()
        assert "delete persistentvolumeclaim/blog-data" in page
