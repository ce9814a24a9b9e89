"""Machines and frontgates that are down or gone while a step needs them, and orders that were cut off, in a pretended engine."""

from dataclasses import dataclass
from typing import Any

import pytest

from roadstead.accounts.factories import person
from roadstead.agents import services as agents
from roadstead.agents.commands import came_to
from roadstead.agents.models import Command
from roadstead.agents.states import State
from roadstead.clusters.factories import cluster
from roadstead.clusters.machines import frontgates, work
from roadstead.clusters.machines.plans import Op
from roadstead.clusters.models import Cluster, Frontgate, Node
from roadstead.clusters.states import FrontgateStatus, NodeStatus, Status
from roadstead.jobs import Plan, StepSpec, retry, submit
from roadstead.jobs.course import advance
from roadstead.jobs.models import Job, Step
from roadstead.jobs.states import UNFINISHED
from roadstead.jobs.steps import run_step
from roadstead.packaging.services import Document, Role, Service
from roadstead.runtimes import services as runtimes
from roadstead.runtimes.sdk import NetworkSpec
from roadstead.runtimes.tests.near import granted, ledger
from tests.testbeds.cloud.ledger import Ledger

__all__ = ["ledger"]
pytestmark = pytest.mark.django_db


@dataclass
class Place:
    """A node behind a frontgate, none of whose machines is made yet."""

    instance: Cluster
    gate: Frontgate
    node: Node
    ledger: Ledger
    job: Job | None = None

    def begin(self, op: Op, **params: str) -> None:
        owner = self.instance.owner
        assert owner
        Cluster.objects.filter(pk=self.instance.pk).update(status=Status.PENDING)
        steps = ((StepSpec(op, params={"node": self.node.pk, **params}, timeout=600),),)
        self.job = submit(actor=owner, kind="cluster.create", subject=self.instance, plan=Plan(steps))

    def call(self) -> str:
        """Call the step's function once; return how the step is."""
        assert self.job
        self.job.refresh_from_db()
        Step.objects.filter(job=self.job).update(resumes=None)
        for call in advance(self.job.pk, self.job.attempt):
            run_step(call["step"], call["attempt"])
        step = Step.objects.get(job=self.job)
        if step.status not in UNFINISHED:
            advance(self.job.pk, self.job.attempt)
        return str(step.status)

    def again(self) -> None:
        """Let the owner try again what failed."""
        assert self.job
        retry(actor=self.job.actor, job_id=self.job.pk)

    def state(self, token: str) -> str:
        found = self.ledger.find("machine", token)
        return ("running" if found.facts["running"] else "stopped") if found else "gone"

    def order(self) -> Command:
        return Command.objects.latest("number")


@pytest.fixture
def place(ledger: Ledger) -> Place:
    owner = person("user")
    environment = granted(owner)
    instance = cluster(owner=owner, place=environment)
    gate = frontgates.frontgate_for(instance, "")
    instance.frontgate, instance.delivery = gate, "vm"
    instance.save()
    provider, where = runtimes.place_of(environment.pk)
    gate.network = provider.ensure_network(where, NetworkSpec(f"{gate.pk}-network", "net")).id
    gate.agent_id = agents.admit(role="frontgate", environment_id=environment.pk, subject_id=gate.pk, name=gate.pk).pk
    gate.image, gate.address, gate.status = "gate:1", "10.1.0.2", FrontgateStatus.ACTIVE
    gate.save()
    node = Node.objects.create(cluster=instance, role="db", image="db:1", server=1, group=1, number=1, cpu=1, memory=512)
    return Place(instance, gate, node, ledger)


def test_a_machine_that_was_made_and_never_started_is_started(place: Place) -> None:
    place.begin(Op.MACHINE)
    assert place.call() == "successful"
    place.ledger.change("machine", place.node.pk, running=False)
    place.begin(Op.MACHINE)
    assert place.call() == "successful"
    assert place.state(place.node.pk) == "running"
    assert place.ledger.times("create_machine", place.node.pk) == 1


def test_a_machine_that_stops_while_its_agent_is_waited_for_is_started(place: Place) -> None:
    place.begin(Op.MACHINE)
    place.call()
    place.ledger.change("machine", place.node.pk, running=False)
    place.begin(Op.ANSWERS)
    assert place.call() == "working"
    assert place.state(place.node.pk) == "running"


@pytest.mark.parametrize("how", ["stopped", "gone"])
def test_a_frontgate_comes_back_while_it_is_waited_for(place: Place, how: str) -> None:
    place.begin(Op.GATE)
    place.call()
    if how == "stopped":
        place.ledger.change("machine", place.gate.pk, running=False)
    else:
        place.ledger.remove("machine", place.gate.pk)
    place.begin(Op.GATE_ANSWERS)
    assert place.call() == "working"
    assert place.state(place.gate.pk) == "running"


@pytest.mark.parametrize("op", [Op.GATE, Op.MACHINE])
def test_a_network_that_went_before_a_machine_was_made_is_made_again(place: Place, op: Op) -> None:
    place.ledger.remove("network", f"{place.gate.pk}-network")
    place.begin(op)
    assert place.call() == "successful"
    assert [network.token for network in place.ledger.things("network")] == [f"{place.gate.pk}-network"]
    # The frontgate is had in it before the machine.
    assert place.state(place.gate.pk) == "running"
    assert place.state(place.node.pk) == ("running" if op is Op.MACHINE else "gone")


@pytest.mark.parametrize("op", [Op.ANSWERS, Op.BOOT, Op.TEMPLATES])
def test_a_machine_that_was_taken_out_of_its_network_is_connected_where_it_is_waited_for(place: Place, op: Op) -> None:
    place.begin(Op.MACHINE)
    place.call()
    place.ledger.change("machine", place.node.pk, cut_off="net")
    place.begin(op)
    assert place.call() == ("successful" if op is Op.BOOT else "working")
    machine = place.ledger.find("machine", place.node.pk)
    assert machine
    assert (machine.facts["cut_off"], machine.facts["started"]) == ("", 1)
    place.node.refresh_from_db()
    assert place.node.status == NodeStatus.ACTIVE


def test_a_frontgate_that_was_taken_out_of_its_network_is_connected(place: Place) -> None:
    place.begin(Op.GATE)
    place.call()
    place.ledger.change("machine", place.gate.pk, cut_off="net")
    place.begin(Op.GATE_ANSWERS)
    assert place.call() == "working"
    gate = place.ledger.find("machine", place.gate.pk)
    assert gate
    assert gate.facts["cut_off"] == ""


def test_what_can_be_done_twice_is_ordered_again_when_it_was_cut_off(place: Place) -> None:
    place.begin(Op.MACHINE)
    place.call()
    place.begin(Op.TEMPLATES)
    assert place.call() == "working"
    first = place.order()
    came_to(first, State.LOST)
    place.call()  # it failed in passing
    place.call()
    assert (place.order().number, place.order().verb) == (first.number + 1, "templates")
    came_to(place.order(), State.DONE, exit_code=0)
    assert place.call() == "successful"


@pytest.fixture
def served(place: Place, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A place whose node has a service under way."""
    document: Any = Document.__new__(Document)
    object.__setattr__(document, "roles", (_role(),))
    monkeypatch.setattr(work.Work, "document", document)
    place.begin(Op.MACHINE)
    place.call()
    place.begin(Op.SERVICE, service="init")
    assert place.call() == "working"
    return place


def _role() -> Any:
    role: Any = Role.__new__(Role)
    for name, value in {"name": "db", "services": {"init": Service(cmd="true", timeout=10)}}.items():
        object.__setattr__(role, name, value)
    return role


def test_a_service_that_was_cut_off_is_left_to_a_person(served: Place) -> None:
    came_to(served.order(), State.LOST)
    assert served.call() == "failed"
    assert Command.objects.count() == 1
    served.again()
    assert served.call() == "working"
    assert Command.objects.count() == 2


def test_a_service_that_ended_well_after_all_is_not_run_again(served: Place) -> None:
    Step.objects.filter(job=served.job).update(timeout=0)
    assert served.call() == "failed"
    Step.objects.filter(job=served.job).update(timeout=600)
    served.again()
    came_to(served.order(), State.DONE, exit_code=0)
    assert served.call() == "successful"
    assert Command.objects.count() == 1


def test_a_service_that_was_withdrawn_did_not_end_well(served: Place) -> None:
    came_to(served.order(), State.FAILED, result={"problem": "withdrawn"})
    assert served.call() == "failed"
