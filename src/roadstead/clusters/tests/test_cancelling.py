"""Cancelling, at every step of every operation: what is left behind is nothing, or what was there before."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from roadstead.accounts.factories import person
from roadstead.blobs import services as blobs
from roadstead.catalog.factories import version
from roadstead.catalog.models import Version
from roadstead.catalog.track import Status as VersionStatus
from roadstead.clusters import services
from roadstead.clusters.errors import OperationMovedOn
from roadstead.clusters.factories import environment
from roadstead.clusters.models import Cluster
from roadstead.clusters.operations import Operation
from roadstead.clusters.plans import plan_for
from roadstead.clusters.states import Status
from roadstead.clusters.tests.fakes import TAKEN, FakeProvider, chart
from roadstead.clusters.tests.walking import newest, walk
from roadstead.jobs import StepRun, registry
from roadstead.jobs.models import Job, Step
from roadstead.runtimes.sdk import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db
NEW = "# mine\nreplicas: 3\n"
# What must have been done before, so that the operation is possible.
NEEDS = {Operation.START: Operation.STOP, Operation.CEASE: Operation.DELETE}


@dataclass(frozen=True)
class Before:
    """What was there: the row, and the place."""

    row: tuple[Any, ...]
    place: tuple[Any, ...]


def seen(place: FakeProvider, made: Cluster) -> Before:
    made.refresh_from_db()
    row = (made.status, made.version_id, made.digest, made.values)
    ran = next(((one.change, one.values) for one in place.revisions_kept), None)
    return Before(row, (dict(place.releases), dict(place.history), place.running, ran))


@pytest.fixture
def made(place: FakeProvider, listed: Version) -> Cluster:
    """An instance that was changed once, so that there is a revision to go back to."""
    owner = person("user")
    wish: Any = {"environment_id": environment(owner).pk, "name": "blog", "values": "replicas: 1\n"}
    mine = services.create(actor=owner, version_id=listed.pk, **wish)
    walk(mine)
    services.update(actor=owner, cluster_id=mine.pk, values="replicas: 2\n")
    walk(mine)
    return mine


def begin(made: Cluster, operation: Operation) -> None:
    """Ask for an operation."""
    act: dict[Operation, Callable[..., object]] = {
        Operation.UPGRADE: lambda **who: services.upgrade(version_id=newer(made).pk, values=NEW, **who),
        Operation.UPDATE: lambda **who: services.update(values=NEW, **who),
        Operation.ROLL_BACK: lambda **who: services.roll_back(revision=1, **who),
        Operation.STOP: services.stop,
        Operation.START: services.start,
        Operation.DELETE: services.delete,
        Operation.CEASE: services.cease,
    }
    act[operation](actor=made.owner, cluster_id=made.pk)


def newer(made: Cluster) -> Version:
    return version(VersionStatus.ACTIVE, of=made.app, name="9.0.0", package=blobs.put(chart("replicas: 2\n")))


STEPS = {
    Operation.CREATE: 5,
    Operation.UPGRADE: 4,
    Operation.UPDATE: 4,
    Operation.ROLL_BACK: 4,
    Operation.STOP: 3,
    Operation.START: 3,
    Operation.DELETE: 2,
    Operation.CEASE: 2,
}
CHANGES = (Operation.UPGRADE, Operation.UPDATE, Operation.ROLL_BACK, Operation.STOP, Operation.START)
REMOVALS = (Operation.DELETE, Operation.CEASE)


def test_the_table_knows_every_step() -> None:
    assert {one: len(plan_for(one, name="", namespace="").layers) for one in Operation} == STEPS


@pytest.mark.parametrize(("operation", "done"), [(one, done) for one in CHANGES for done in range(STEPS[one])])
def test_a_cancelled_change_leaves_what_was_before(place: FakeProvider, made: Cluster, operation: Operation, done: int) -> None:
    before = prepare(place, made, operation)
    walk(made, layers=done)
    services.cancel(actor=made.owner, cluster_id=made.pk, job_id=newest(made).pk)
    job = walk(made)
    assert (job.status, job.undone) == ("cancelled", True)
    assert (made.transition, made.problem is not None) == ("", True)
    assert seen(place, made) == before


def prepare(place: FakeProvider, made: Cluster, operation: Operation) -> Before:
    """Ask for the operation; return how things were when it was asked for."""
    first = NEEDS.get(operation)
    if first:
        begin(made, first)
        walk(made)
    before = seen(place, made)
    begin(made, operation)
    return before


@pytest.mark.parametrize(("operation", "done"), [(one, done) for one in CHANGES for done in range(1, STEPS[one])])
def test_a_step_that_is_under_way_when_it_is_cancelled_is_undone_too(
    place: FakeProvider, made: Cluster, operation: Operation, done: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cancelling comes while the step's call is out: its effect is there, and the job hears of it only afterwards."""
    before = prepare(place, made, operation)
    walk(made, layers=done)
    job = newest(made)
    at = job.steps.filter(status="pending").first()
    assert at is not None
    cancelled_within(monkeypatch, made, job, at)
    walk(made)
    assert newest(made).status == "cancelled"
    assert seen(place, made) == before


def cancelled_within(monkeypatch: pytest.MonkeyPatch, made: Cluster, job: Job, at: Step) -> None:
    known = registry.op_named(at.op)
    assert known is not None

    def call(run: StepRun) -> None:
        known.function(run)
        if run.step_id == at.pk:
            services.cancel(actor=made.owner, cluster_id=made.pk, job_id=job.pk)

    monkeypatch.setitem(registry._OPS, at.op, registry.Op(call, known.title))


@pytest.mark.parametrize("done", range(STEPS[Operation.CREATE]))
def test_a_cancelled_creation_leaves_nothing_and_its_name_is_free(place: FakeProvider, listed: Version, done: int) -> None:
    owner = person("user")
    wish: Any = {"environment_id": environment(owner).pk, "name": "blog", "values": ""}
    made = services.create(actor=owner, version_id=listed.pk, **wish)
    walk(made, layers=done)
    services.cancel(actor=owner, cluster_id=made.pk, job_id=newest(made).pk)
    walk(made)
    assert (made.status, made.transition, place.releases, place.history) == (Status.CEASED, "", {}, {})
    again = services.create(actor=owner, version_id=listed.pk, **wish)
    walk(again)
    assert again.status == Status.ACTIVE


@pytest.mark.parametrize(("operation", "done"), [(one, done) for one in REMOVALS for done in range(STEPS[one])])
def test_a_removal_goes_on_to_its_end(place: FakeProvider, made: Cluster, operation: Operation, done: int) -> None:
    """What is removed doesn't come back, so no way back is promised."""
    prepare(place, made, operation)
    walk(made, layers=done)
    with pytest.raises(OperationMovedOn):
        services.cancel(actor=made.owner, cluster_id=made.pk, job_id=newest(made).pk)
    walk(made)
    assert made.status == {Operation.DELETE: Status.DELETED, Operation.CEASE: Status.CEASED}[operation]
    assert place.releases == {}
    assert bool(place.history) == (operation is Operation.DELETE)


UNDOING = {"roll_back": CHANGES[:3], "scale": CHANGES[3:]}


@pytest.mark.parametrize(("call", "operation"), [(call, one) for call, several in UNDOING.items() for one in several])
def test_a_way_back_that_fails_stays_in_sight_and_is_gone_again(
    place: FakeProvider, made: Cluster, call: str, operation: Operation
) -> None:
    before = prepare(place, made, operation)
    walk(made, layers=2)
    place.fails[call] = Refused(TAKEN())
    services.cancel(actor=made.owner, cluster_id=made.pk, job_id=newest(made).pk)
    job = walk(made)
    assert (job.status, job.undone, made.transition, made.problem) == ("failed", False, "", TAKEN())
    del place.fails[call]
    services.give_up(actor=made.owner, cluster_id=made.pk, job_id=job.pk)
    assert (walk(made).undone, seen(place, made)) == (True, before)
