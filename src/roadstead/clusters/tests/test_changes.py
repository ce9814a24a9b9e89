"""Changes of a running instance: what is offered is what is accepted, each is done once, and each has its way back."""

from typing import Any

import pytest

from roadstead.accounts.factories import person
from roadstead.audit.models import Event
from roadstead.blobs import services as blobs
from roadstead.catalog.factories import version
from roadstead.catalog.models import Version
from roadstead.catalog.track import Status as VersionStatus
from roadstead.clusters import services
from roadstead.clusters.changes import ways_back
from roadstead.clusters.errors import (
    ClusterNotInStatus,
    EnvironmentSilent,
    NothingChanges,
    RevisionGone,
    ValuesRefused,
    VersionNotOffered,
)
from roadstead.clusters.factories import cluster, environment
from roadstead.clusters.models import Change, Cluster
from roadstead.clusters.offers import upgrades_for
from roadstead.clusters.states import Status, Transition
from roadstead.clusters.tests.fakes import TAKEN, FakeProvider, chart
from roadstead.clusters.tests.walking import newest, walk
from roadstead.core.errors import DomainError, Missing, NotPermitted
from roadstead.jobs.models import Job
from roadstead.runtimes.sdk import Refused, Unreachable

pytestmark = pytest.mark.django_db
NEW = "# mine\nreplicas: 3\n"


@pytest.fixture
def made(place: FakeProvider, listed: Version) -> Cluster:
    owner = person("user")
    wish: Any = {"environment_id": environment(owner).pk, "name": "blog", "values": "replicas: 1\n"}
    mine = services.create(actor=owner, version_id=listed.pk, **wish)
    walk(mine)
    place.ledger.clear()
    return mine


@pytest.fixture
def newer(listed: Version) -> Version:
    return version(VersionStatus.ACTIVE, of=listed.app, name="9.0.0", package=blobs.put(chart("replicas: 2\n")))


def change(made: Cluster) -> Cluster:
    return services.update(actor=made.owner, cluster_id=made.pk, values=NEW)


def test_parameters_are_updated(place: FakeProvider, made: Cluster) -> None:
    assert change(made).transition == Transition.UPDATING
    assert made.values == "replicas: 1\n"
    assert walk(made).status == "successful"
    assert (made.status, made.transition, made.values) == (Status.ACTIVE, "", NEW)
    assert (place.ledger, place.revisions_kept[0].values) == (["upgrade"], NEW)
    told = Event.objects.filter(subject_id=made.pk, verb__startswith="cluster.update").values_list("verb", flat=True)
    assert list(told.order_by("pk")) == ["cluster.update", "cluster.update_ended"]
    assert NEW not in str(list(newest(made).steps.values_list("params", flat=True)))


def test_an_instance_is_upgraded_and_rolled_back(place: FakeProvider, made: Cluster, newer: Version) -> None:
    old = made.version
    assert [one.pk for one in upgrades_for(made.owner, made)] == [newer.pk]
    services.upgrade(actor=made.owner, cluster_id=made.pk, version_id=newer.pk, values=NEW)
    walk(made)
    assert (made.version, made.digest, made.values) == (newer, newer.package, NEW)
    assert not upgrades_for(made.owner, made).exists()  # not older
    assert [(past.revision.number, past.version, past.values) for past in ways_back(made)] == [(1, old, "replicas: 1\n")]
    services.roll_back(actor=made.owner, cluster_id=made.pk, revision=1)
    walk(made)
    assert (made.version, made.digest, made.values) == (old, old.package, "replicas: 1\n")
    assert place.ledger == ["upgrade", "back to 1"]
    assert [past.revision.number for past in ways_back(made)] == [2, 1]
    assert ways_back(made)[0].values == NEW  # as it was typed, with its comment


def test_stopped_and_started(place: FakeProvider, made: Cluster) -> None:
    services.stop(actor=made.owner, cluster_id=made.pk)
    walk(made)
    assert made.status == Status.STOPPED
    for verb in (services.stop, change_of):
        with pytest.raises(ClusterNotInStatus):
            verb(actor=made.owner, cluster_id=made.pk)
    services.start(actor=made.owner, cluster_id=made.pk)
    walk(made)
    assert (made.status, place.ledger) == (Status.ACTIVE, ["stop", "start"])


def change_of(*, actor: Any, cluster_id: str) -> Cluster:
    return services.update(actor=actor, cluster_id=cluster_id, values=NEW)


@pytest.mark.parametrize("layers", range(4))
def test_a_change_is_cancelled_at_every_step_and_what_ran_runs_again(place: FakeProvider, made: Cluster, layers: int) -> None:
    change(made)
    walk(made, layers=layers)
    services.cancel(actor=made.owner, cluster_id=made.pk, job_id=newest(made).pk)
    job = walk(made)
    assert (job.status, job.undone) == ("cancelled", True)
    assert (made.status, made.transition, made.values) == (Status.ACTIVE, "", "replicas: 1\n")
    assert place.revisions_kept[0].values == "replicas: 1\n"


def test_a_failed_change_stays_in_sight_is_retried_or_given_up(place: FakeProvider, made: Cluster) -> None:
    change(made)
    place.fails["await_ready"] = Refused(TAKEN())
    job = walk(made)
    assert (made.status, made.problem, made.values, job.undone) == (Status.ACTIVE, TAKEN(), "replicas: 1\n", False)
    services.retry(actor=made.owner, cluster_id=made.pk, job_id=job.pk)
    walk(made)
    assert place.ledger == ["upgrade"]
    del place.fails["await_ready"]
    assert services.give_up(actor=made.owner, cluster_id=made.pk, job_id=job.pk).transition == Transition.ROLLBACKING
    walk(made)
    assert (made.status, made.values, place.ledger) == (Status.ACTIVE, "replicas: 1\n", ["upgrade", "back to 1"])


def refused(made: Cluster, error: type[DomainError], call: Any, **wish: Any) -> None:
    before = Cluster.objects.filter(pk=made.pk).values().get()
    jobs, changes = Job.objects.count(), Change.objects.count()
    with pytest.raises(error):
        call(cluster_id=made.pk, **{"actor": made.owner, **wish})
    assert Cluster.objects.filter(pk=made.pk).values().get() == before
    assert (Job.objects.count(), Change.objects.count()) == (jobs, changes)


def test_what_is_not_offered_is_refused(place: FakeProvider, made: Cluster, newer: Version) -> None:
    others = version(VersionStatus.ACTIVE, package=made.digest)
    draft = version(VersionStatus.DRAFT, of=made.app, name="10.0.0", package=made.digest)
    older = version(VersionStatus.ACTIVE, of=made.app, name="0.0.1", package=made.digest)
    for wrong in (others.pk, draft.pk, older.pk, made.version_id, "appv-nowhere"):
        refused(made, VersionNotOffered, services.upgrade, version_id=wrong, values="")
    refused(made, ValuesRefused, services.upgrade, version_id=newer.pk, values="replicas: many\n")
    refused(made, ValuesRefused, services.update, values="replicas: many\n")
    refused(made, NothingChanges, services.update, values="replicas: 1\n")
    for revision in (1, 7):
        refused(made, RevisionGone, services.roll_back, revision=revision)
    place.fails["revisions"] = Unreachable(TAKEN())
    refused(made, EnvironmentSilent, services.roll_back, revision=1)


@pytest.mark.parametrize(
    ("call", "wish"),
    [
        (services.update, {"values": NEW}),
        (services.upgrade, {"values": NEW, "version_id": "appv-x"}),
        (services.roll_back, {"revision": 1}),
        (services.stop, {}),
        (services.start, {}),
    ],
)
def test_strangers_and_readers_change_nothing(made: Cluster, call: Any, wish: dict[str, Any]) -> None:
    refused(made, Missing, call, actor=person("user"), **wish)
    if call is services.start:
        Cluster.objects.filter(pk=made.pk).update(status=Status.STOPPED)
    made.owner.role_id = "business_reviewer"
    made.owner.save()
    refused(made, NotPermitted, call, actor=made.owner, **wish)


def test_a_test_instance_may_go_to_any_version_that_its_person_reaches(made: Cluster) -> None:
    first = version(package=made.digest)
    developer = first.owner
    older = version(of=first.app, name="0.1", package=made.digest)
    trial = cluster(owner=developer, version=first, debug=True)
    assert [one.pk for one in upgrades_for(developer, trial)] == [older.pk]
    assert not upgrades_for(person("user"), trial).exists()
