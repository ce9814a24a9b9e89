"""The life of a frontgate, in a pretended engine: it rests while all its instances do, and goes when the last of them has gone."""

from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from roadstead.accounts.factories import person
from roadstead.clusters.factories import cluster
from roadstead.clusters.machines import frontgates, gate_steps
from roadstead.clusters.machines.plans import Op, frontgate
from roadstead.clusters.models import Cluster, Frontgate
from roadstead.clusters.states import FrontgateStatus, Status, Transition
from roadstead.clusters.tests.walking import newest, walk
from roadstead.core.clock import now
from roadstead.jobs import Plan, submit
from roadstead.jobs.course import advance
from roadstead.jobs.models import Job
from roadstead.jobs.steps import run_step
from roadstead.runtimes import services as runtimes
from roadstead.runtimes.sdk import Boot, MachineSpec, NetworkSpec
from roadstead.runtimes.tests.near import granted, ledger
from tests.testbeds.cloud.faults import forced
from tests.testbeds.cloud.ledger import Ledger

__all__ = ["ledger"]
pytestmark = pytest.mark.django_db


@dataclass
class Place:
    """A frontgate that runs, and the instance that it is there for."""

    gate: Frontgate
    instance: Cluster
    ledger: Ledger

    def instance_is(self, status: str, transition: str = "") -> None:
        Cluster.objects.filter(pk=self.instance.pk).update(status=status, transition=transition)

    def later(self, minutes: int = 16) -> None:
        """Let time pass for those that have been idle."""
        frontgates.forget_unused()
        Frontgate.objects.exclude(idle_since=None).update(idle_since=now() - timedelta(minutes=minutes))
        frontgates.forget_unused()
        self.gate.refresh_from_db()

    def job(self) -> Job | None:
        return Job.objects.filter(subject_id=self.gate.pk).order_by("created").last()

    def machine(self) -> str:
        found = self.ledger.find("machine", self.gate.pk)
        return ("running" if found.facts["running"] else "stopped") if found else "gone"

    def walked(self) -> Job:
        walk(self.gate)  # type: ignore[arg-type]  # a job's subject, as an instance is
        return newest(self.gate)  # type: ignore[arg-type]


@pytest.fixture
def place(ledger: Ledger) -> Place:
    owner = person("user")
    environment = granted(owner)
    instance = cluster(owner=owner, place=environment)
    gate = frontgates.frontgate_for(instance, "")
    Cluster.objects.filter(pk=instance.pk).update(frontgate=gate, delivery="vm")
    provider, where = runtimes.place_of(environment.pk)
    network = provider.ensure_network(where, NetworkSpec(f"{gate.pk}-network", "net"))
    wish: dict[str, Any] = {"image": "gate:1", "cpu": 1, "memory": 256, "network": network.id}
    provider.create_machine(where, MachineSpec(gate.pk, f"{gate.pk}_frontgate", **wish, boot=Boot("frontgate", b"", b"{}")))
    Frontgate.objects.filter(pk=gate.pk).update(status=FrontgateStatus.ACTIVE, network=network.id, image="gate:1")
    return Place(gate, instance, ledger)


@pytest.mark.parametrize("status", [Status.ACTIVE, Status.PENDING, Status.SUSPENDED])
def test_it_runs_while_somebody_needs_it(place: Place, status: str) -> None:
    place.instance_is(status)
    place.later()
    assert (place.gate.idle_since, place.job()) == (None, None)


def test_it_is_left_alone_for_a_while(place: Place) -> None:
    place.instance_is(Status.STOPPED)
    place.later(minutes=14)
    assert place.gate.idle_since
    assert place.job() is None


def test_it_rests_while_all_its_instances_do(place: Place) -> None:
    place.instance_is(Status.STOPPED)
    place.later()
    assert place.walked().status == "successful"
    place.gate.refresh_from_db()
    assert (place.machine(), place.gate.status) == ("stopped", FrontgateStatus.STOPPED)
    # It isn't stopped twice, and it is kept for them.
    place.later()
    assert Job.objects.filter(subject_id=place.gate.pk).count() == 1


def test_somebody_who_comes_to_need_it_keeps_it_from_resting(place: Place) -> None:
    place.instance_is(Status.STOPPED)
    place.later()
    place.instance_is(Status.STOPPED, Transition.STARTING)
    assert place.walked().status == "successful"
    place.gate.refresh_from_db()
    assert (place.machine(), place.gate.status) == ("running", FrontgateStatus.ACTIVE)


def test_whoever_starts_meanwhile_waits_until_it_rests_and_has_it_started(place: Place) -> None:
    place.instance_is(Status.STOPPED)
    assert frontgates.may_stop(place.gate.pk)
    place.instance_is(Status.STOPPED, Transition.STARTING)
    owner = place.instance.owner
    assert owner
    layers = tuple(layer for layer in frontgate() if layer[0].op == Op.GATE)
    job = submit(actor=owner, kind="cluster.start", subject=place.instance, plan=Plan(layers))
    (call,) = advance(job.pk, job.attempt)
    assert run_step(call["step"], call["attempt"])  # it waits, to be called again
    Frontgate.objects.update(status=FrontgateStatus.STOPPED)
    place.ledger.change("machine", place.gate.pk, running=False)
    assert not run_step(call["step"], call["attempt"])
    place.gate.refresh_from_db()
    assert (place.machine(), place.gate.status) == ("running", FrontgateStatus.ACTIVE)


@pytest.mark.only_on("postgresql")
def test_a_worker_leaves_the_network_to_another_that_sees_to_it(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate_steps, "TURN_SECONDS", 0)
    layers = tuple((step,) for layer in frontgate() for step in layer if step.op == Op.NETWORK)
    assert place.instance.owner
    job = submit(actor=place.instance.owner, kind="cluster.start", subject=place.instance, plan=Plan(layers))
    (call,) = advance(job.pk, job.attempt)
    before = place.ledger.calls()
    with closing(connection.copy()) as another, another.cursor() as worker:
        worker.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [f"roadstead network of {place.gate.pk}"])
        assert run_step(call["step"], call["attempt"])  # it waits, to be called again
        assert place.ledger.calls() == before
    assert not run_step(call["step"], call["attempt"])
    assert [call.call for call in place.ledger.calls()[len(before) :]] == ["ensure_network"]


def test_nothing_of_it_is_left_when_its_last_instance_has_gone(place: Place) -> None:
    place.instance_is(Status.DELETED)
    place.later()
    assert place.walked().status == "successful"
    assert place.ledger.things() == []
    place.gate.refresh_from_db()
    assert (place.gate.status, place.gate.idle_since) == (FrontgateStatus.DELETED, None)
    place.later()
    assert Job.objects.filter(subject_id=place.gate.pk).count() == 1


def test_a_removal_that_fails_is_tried_again(place: Place) -> None:
    place.instance_is(Status.DELETED)
    place.later()
    with forced("trouble"):
        assert place.walked().status == "failed"
    assert place.machine() == "running"
    place.later(minutes=1)
    assert Job.objects.filter(subject_id=place.gate.pk).count() == 1
    place.later()
    assert place.walked().status == "successful"
    assert place.ledger.things() == []


def test_one_that_could_not_be_stopped_counts_as_running(place: Place) -> None:
    place.instance_is(Status.STOPPED)
    place.later()
    with forced("trouble"):
        assert place.walked().status == "failed"
    place.gate.refresh_from_db()
    assert place.gate.status == FrontgateStatus.ACTIVE
    place.later()
    assert place.walked().status == "successful"
    assert place.machine() == "stopped"
