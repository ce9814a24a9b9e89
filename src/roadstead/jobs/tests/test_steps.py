"""One step: what its function gets, what it may raise, and what is written down."""

import re
from datetime import timedelta

import pytest

from roadstead.core import correlation
from roadstead.core.clock import now
from roadstead.core.problems import Problem
from roadstead.jobs import factories
from roadstead.jobs.course import advance
from roadstead.jobs.models import Job, Step
from roadstead.jobs.output import LIMIT, tail, write_open
from roadstead.jobs.plan import Plan, StepSpec
from roadstead.jobs.run import StepFailed, StepRun, StepWaits
from roadstead.jobs.steps import TRIES, abandon_step, run_step

pytestmark = pytest.mark.django_db


def begun(spec: StepSpec | None = None) -> Step:
    """Return the one step of a job that is about to call it."""
    job = factories.job(Plan([[spec or StepSpec("op")]]))
    advance(job.pk, job.attempt)
    return job.steps.get()


def test_a_function_gets_what_it_needs() -> None:
    seen: list[tuple[object, ...]] = []

    def op(run: StepRun) -> None:
        seen.append((run.token, run.target, run.params, run.subject, run.actor_id, correlation.current(), run.cancelled))
        assert 29 < run.remaining() <= 30

    with factories.ops({"op": op}), correlation.correlated("req-1"):
        step = begun(StepSpec("op", "web", {"size": 2}, timeout=30))
        with correlation.correlated(""):
            run_step(step.pk, 1)
    job = step.job
    assert seen == [(step.token, "web", {"size": 2}, job.subject_id, job.actor_id, "req-1", False)]
    assert re.fullmatch(r"[a-z]([-a-z0-9]{0,38}[a-z0-9])?", step.token)


@pytest.mark.parametrize(
    ("error", "tries", "status", "code"),
    [
        (StepFailed(Problem("said")), 0, "failed", "said"),
        (StepFailed(Problem("said"), permanent=False), TRIES, "failed", "said"),
        (ConnectionResetError("secret"), TRIES, "failed", "step_unreachable"),
        (TimeoutError("secret"), TRIES, "failed", "step_unreachable"),
        (ValueError("secret"), 0, "failed", "step_crashed"),
    ],
)
def test_failures_are_tried_again_only_in_passing(error: Exception, tries: int, status: str, code: str) -> None:
    def op(_run: StepRun) -> None:
        raise error

    with factories.ops({"op": op}):
        step = begun()
        pauses = []
        while pause := run_step(step.pk, 1):
            pauses.append(pause)
    step.refresh_from_db()
    assert (step.status, step.tries, pauses) == (status, tries, [2.0, 4.0, 8.0, 16.0, 32.0][:tries])
    assert step.problem
    assert step.problem.code == code
    assert "secret" not in f"{step.error}{step.output}"


def test_waiting_keeps_the_time_limit_but_not_the_time_overslept() -> None:
    def op(run: StepRun) -> None:
        run.wait(3)

    with factories.ops({"op": op}):
        step = begun(StepSpec("op", timeout=10))
        assert run_step(step.pk, 1) == 3
        Step.objects.update(resumes=now() - timedelta(hours=1))
        assert run_step(step.pk, 1) == 3
        Step.objects.update(deadline=now() - timedelta(seconds=1))
        assert run_step(step.pk, 1) == 0
    step.refresh_from_db()
    assert step.problem == Problem("step_timed_out", params={"seconds": 10})


def test_a_waiting_step_of_a_cancelled_job_is_cancelled() -> None:
    def op(_run: StepRun) -> None:
        raise StepWaits(1)

    with factories.ops({"op": op}):
        step = begun()
        run_step(step.pk, 1)
        Job.objects.update(cancel_requested=now())
        assert run_step(step.pk, 1) == 0
    step.refresh_from_db()
    assert step.status == "cancelled"


def test_an_abandoned_step_stays_failed_whatever_its_function_does_later() -> None:
    with factories.ops({"op": lambda run: abandon_step(run.step_id, 1)}):
        step = begun()
        run_step(step.pk, 1)
    step.refresh_from_db()
    assert (step.status, step.problem) == ("failed", Problem("step_timed_out", params={"seconds": 600}))


def test_a_step_that_ended_is_not_called_again() -> None:
    calls: list[StepRun] = []
    with factories.ops({"op": calls.append}):
        step = begun()
        run_step(step.pk, 1)
        run_step(step.pk, 1)
    assert len(calls) == 1


def test_output_is_written_while_the_step_runs_and_kept_over_calls() -> None:
    seen = []

    def op(run: StepRun) -> None:
        run.log("one\n")
        write_open()
        seen.append(Step.objects.get().output)
        if len(seen) == 1:
            run.wait(1)

    with factories.ops({"op": op}):
        step = begun()
        run_step(step.pk, 1)
        run_step(step.pk, 1)
    assert seen == ["one\n", "one\none\n"]


@pytest.mark.parametrize(
    ("text", "kept"), [("short\n", "short\n"), ("line one\nline two\n", "…\nline two\n"), ("第一行很长\n第二行\n", "…\n第二行\n")]
)
def test_the_tail_begins_with_a_whole_line(text: str, kept: str) -> None:
    assert tail(text, limit=16) == kept
    assert len(tail("好" * LIMIT).encode()) <= LIMIT
