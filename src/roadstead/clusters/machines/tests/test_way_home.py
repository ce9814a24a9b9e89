"""How the machines of a place find Roadstead: what is refused beforehand, and what is said of a frontgate that stays silent."""

import pytest
from django.conf import settings

from roadstead.accounts.factories import person
from roadstead.clusters.factories import cluster
from roadstead.clusters.machines import frontgates
from roadstead.clusters.machines.plans import Op, frontgate
from roadstead.clusters.models import Cluster, Frontgate
from roadstead.clusters.states import Status
from roadstead.clusters.tests.walking import walk
from roadstead.jobs import Plan, StepSpec, submit
from roadstead.jobs.models import Job, Step
from roadstead.runtimes.sdk import Capabilities
from roadstead.runtimes.tests.near import Near, granted, ledger
from tests.testbeds.cloud.ledger import Ledger

__all__ = ["ledger"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def instance(ledger: Ledger) -> Cluster:
    owner = person("user")
    made = cluster(owner=owner, place=granted(owner))
    Cluster.objects.filter(pk=made.pk).update(frontgate=frontgates.frontgate_for(made, ""), delivery="vm")
    return made


def walked(instance: Cluster, *layers: tuple[StepSpec, ...]) -> tuple[Job, Step]:
    assert instance.owner
    Cluster.objects.filter(pk=instance.pk).update(status=Status.STOPPED)
    submit(actor=instance.owner, kind="cluster.start", subject=instance, plan=Plan(layers))
    job = walk(instance)
    return job, job.steps.get()


def code(step: Step) -> str:
    return step.problem.code if step.problem else ""


def step_of(op: Op) -> tuple[StepSpec, ...]:
    return next((step,) for layer in frontgate() for step in layer if step.op == op)


def test_where_no_folder_leads_home_and_no_address_is_named_nothing_is_made(
    instance: Cluster, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Near, "capabilities", Capabilities(makes_networks=True))
    job, step = walked(instance, step_of(Op.NETWORK))
    assert (job.status, code(step)) == ("failed", "agents_have_no_address")
    assert ledger.things() == []

    monkeypatch.setattr(settings.OPTIONS, "agent_url", "https://apps.example.test")
    job, step = walked(instance, step_of(Op.NETWORK))
    assert (job.status, code(step)) == ("successful", "")
    assert [thing.kind for thing in ledger.things()] == ["network"]


def test_of_a_frontgate_that_stays_silent_its_last_words_are_told(instance: Cluster) -> None:
    walked(instance, step_of(Op.NETWORK))
    gate = Frontgate.objects.get()
    Frontgate.objects.update(image="gate:1")
    walked(instance, step_of(Op.GATE))
    (spec,) = step_of(Op.GATE_ANSWERS)
    job, step = walked(instance, (StepSpec(spec.op, spec.target, spec.params, timeout=5),))
    assert (job.status, code(step)) == ("failed", "frontgate_silent")
    assert Frontgate.objects.get(pk=gate.pk).agent_id
