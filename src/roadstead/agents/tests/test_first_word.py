"""Steps that wait for an agent are called again by the agent's first word, and by no later one."""

from datetime import timedelta

import pytest

from roadstead.agents import factories, services
from roadstead.agents.models import CONNECTED_SECONDS, Agent
from roadstead.core.clock import now
from roadstead.jobs import StepRun
from roadstead.jobs import factories as jobs
from roadstead.jobs.models import Step
from roadstead.jobs.steps import run_step

pytestmark = pytest.mark.django_db


def waited_for(agent_id: str) -> Step:
    """Have a step wait for an agent, for so long that nobody would wait for its end."""

    def wait(run: StepRun) -> None:
        if not services.answers(agent_id=agent_id, token=run.token):
            run.wait(3_000)

    with jobs.ops({"wait": wait}):
        step = jobs.job("wait").steps.get()
        run_step(step.pk, step.attempt)
    step.refresh_from_db()
    return step


def waits(step: Step) -> bool:
    step.refresh_from_db()
    return bool(step.resumes and step.resumes > now())


@pytest.mark.parametrize("silent", ["never heard", "long ago"])
def test_the_first_word_wakes_every_step_that_waits(silent: str) -> None:
    gate = factories.frontgate()
    if silent == "long ago":
        gate.report()
        Agent.objects.filter(pk=gate.id).update(seen_at=now() - timedelta(seconds=2 * CONNECTED_SECONDS))
    steps = [waited_for(gate.id) for _ in range(2)]
    assert all(waits(step) for step in steps)
    gate.report()
    assert not any(waits(step) for step in steps)


def test_whoever_is_there_is_not_waited_for() -> None:
    gate = factories.frontgate()
    gate.report()
    assert waited_for(gate.id).status == "successful"
    assert gate.row.awaited_by == ""


def test_later_words_wake_nobody() -> None:
    gate = factories.frontgate()
    step = waited_for(gate.id)
    gate.report()
    Step.objects.filter(pk=step.pk).update(resumes=now() + timedelta(seconds=3_000))
    gate.report()
    assert waits(step)
