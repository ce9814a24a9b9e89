"""Each step does its work once however often it runs, and says why it failed."""

from typing import cast

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from roadstead.blobs import services as blobs
from roadstead.clusters import steps
from roadstead.clusters.factories import cluster
from roadstead.clusters.models import Cluster
from roadstead.clusters.plans import Op
from roadstead.clusters.tests.fakes import LATE, TAKEN, FakeProvider, FakeRun, chart
from roadstead.jobs import StepCancelled, StepFailed, StepRun, StepWaits
from roadstead.runtimes.sdk import CredentialRefused, Interrupted, TimedOut, Unreachable

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine(place: FakeProvider) -> Cluster:
    del place
    return cluster(name="blog", digest=blobs.put(chart()))


def run(op: Op, of: Cluster, *, left: float = 600, timeout: float = 610) -> FakeRun:
    call = FakeRun(of.pk, left, timeout)
    steps.STEPS[op](cast("StepRun", call))
    return call


CREATE = (Op.CHECK, Op.NAMESPACE, Op.INSTALL, Op.AWAIT, Op.READ)


@pytest.mark.parametrize("times", [1, 2, 3])
def test_creating_again_changes_nothing(place: FakeProvider, mine: Cluster, times: int) -> None:
    for op in CREATE:
        for _ in range(times):
            run(op, mine)
    assert place.ledger == ["namespace", "install"]
    mine.refresh_from_db()
    assert [workload["name"] for workload in mine.view["workloads"]] == ["blog-wordpress", "blog-mariadb"]
    assert mine.viewed_at


@pytest.mark.parametrize("times", [1, 2, 3])
@pytest.mark.parametrize(("ops", "done"), [((Op.UNINSTALL, Op.GONE), ["uninstall"]), ((Op.PURGE, Op.GONE), ["uninstall", "forget"])])
def test_removing_again_changes_nothing(place: FakeProvider, mine: Cluster, times: int, ops: tuple[Op, ...], done: list[str]) -> None:
    run(Op.INSTALL, mine)
    for op in ops:
        for _ in range(times):
            run(op, mine)
    assert place.ledger == ["install", *done]


def test_what_was_uninstalled_can_be_forgotten(place: FakeProvider, mine: Cluster) -> None:
    for op in (Op.INSTALL, Op.UNINSTALL, Op.PURGE):
        run(op, mine)
    assert place.ledger == ["install", "uninstall", "forget"]


def test_the_release_is_known_by_its_instance_and_made_of_its_bytes(place: FakeProvider, mine: Cluster) -> None:
    run(Op.INSTALL, mine)
    assert place.releases == {"blog": mine.pk}
    assert place.charts[0][:2] == b"\x1f\x8b"


def test_anothers_release_is_left_alone(place: FakeProvider, mine: Cluster) -> None:
    place.releases["blog"] = place.history["blog"] = "cl-another"
    for op in (Op.CHECK, Op.INSTALL):
        with pytest.raises(StepFailed) as caught:
            run(op, mine)
        assert caught.value.permanent
    run(Op.PURGE, mine)
    assert place.releases == {"blog": "cl-another"}
    assert place.ledger == []


@pytest.mark.parametrize("op", [Op.CHECK, Op.INSTALL])
def test_other_bytes_than_the_reviewed_ones_are_never_deployed(place: FakeProvider, mine: Cluster, op: Op) -> None:

    path = f"{mine.digest[:2]}/{mine.digest[2:4]}/{mine.digest}"
    storages["blobs"].delete(path)
    storages["blobs"].save(path, ContentFile(chart("replicas: 9\n")))
    with pytest.raises(StepFailed) as caught:
        run(op, mine)
    assert caught.value.problem.code == "package_damaged"
    assert place.ledger == []


@pytest.mark.parametrize(("error", "again"), [(Unreachable(TAKEN()), True), (CredentialRefused(TAKEN()), False)])
def test_who_may_answer_later_is_asked_again(place: FakeProvider, mine: Cluster, error: Unreachable, again: bool) -> None:
    place.fails["install"] = error
    with pytest.raises(StepFailed) as caught:
        run(Op.INSTALL, mine)
    assert caught.value.permanent is not again
    with pytest.raises(StepFailed) as caught:
        run(Op.INSTALL, mine, left=5)
    assert caught.value.permanent


@pytest.mark.parametrize(("op", "call"), [(Op.AWAIT, "await_ready"), (Op.GONE, "await_gone")])
def test_waiting_leaves_and_comes_back(place: FakeProvider, mine: Cluster, op: Op, call: str) -> None:
    place.fails[call] = TimedOut(LATE(seconds=8))
    with pytest.raises(StepWaits):
        run(op, mine)
    with pytest.raises(StepFailed) as caught:
        run(op, mine, left=12, timeout=610)
    assert caught.value.problem.params == {"seconds": 600}


def test_a_cancelled_wait_ends(place: FakeProvider, mine: Cluster) -> None:
    place.fails["await_ready"] = Interrupted(TAKEN())
    with pytest.raises(StepCancelled):
        run(Op.AWAIT, mine)
