"""How jobs run, fail, are cancelled, retried and undone: tables of stories, without the engine."""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from roadstead.accounts import factories as people
from roadstead.audit.selectors import events_of
from roadstead.core.problems import Problem
from roadstead.jobs import engine, factories
from roadstead.jobs.course import advance, give_up_lost, park, take_up
from roadstead.jobs.errors import JobMissing, JobMovedOn, JobSuperseded, SubjectBusy
from roadstead.jobs.models import Job
from roadstead.jobs.plan import OnFailure, Plan, StepSpec
from roadstead.jobs.run import StepFailed, StepRun
from roadstead.jobs.services import cancel, give_up, retry, submit
from roadstead.jobs.steps import run_step
from roadstead.jobs.worker import reconcile

pytestmark = pytest.mark.django_db
BROKEN = Problem("broken")
OPS = ("a", "b", "c", "d", "y", "z")


class World:
    """What the operations of a test see: which of them fail, what was called, and how jobs ended."""

    def __init__(self) -> None:
        self.failing: set[str] = set()
        self.called: list[str] = []
        self.ended: list[tuple[str, bool]] = []

    def op(self, run: StepRun) -> None:
        self.called.append(run.target)
        if run.target in self.failing:
            raise StepFailed(BROKEN)

    def end(self, job: Job) -> None:
        self.ended.append((job.status, job.undone))


@pytest.fixture
def world() -> Iterator[World]:
    world = World()
    with factories.ops(dict.fromkeys(OPS, world.op), world.end):
        yield world


def said(job: Job) -> str:
    """Return a job's steps as words: `a:successful b:failed`."""
    return " ".join(f"{step.target}:{step.status}" for step in job.steps.all())


@pytest.mark.parametrize(
    ("layers", "failing", "on_failure", "steps", "calls"),
    [
        ("a|b c|d", "", "keep", "a:successful b:successful c:successful d:successful", "abcd"),
        ("a|b c|d", "b", "keep", "a:successful b:failed c:successful d:skipped", "abc"),
        ("a|b", "a", "clean_up", "a:failed b:skipped z:successful y:successful", "azy"),
        ("a|b", "az", "clean_up", "a:failed b:skipped z:failed y:successful", "azy"),
        ("", "", "keep", "", ""),
    ],
)
def test_a_job_ends_as_its_steps_do(world: World, *, layers: str, failing: str, on_failure: str, steps: str, calls: str) -> None:
    world.failing = set(failing)
    job = factories.walk(factories.job(layers, "z|y", on_failure=OnFailure(on_failure)))
    status = "failed" if failing else "successful"
    assert (job.status, said(job), "".join(world.called)) == (status, steps, calls)
    assert world.ended == [(status, on_failure == "clean_up" and "z" not in failing)]
    assert (job.problem is None) == (not failing)


def test_a_step_that_may_fail_does_not_stop_the_job(world: World) -> None:
    world.failing = {"a"}
    job = factories.walk(factories.job(factories.plan("a|b", may_fail="a")))
    assert (job.status, job.done, job.total, job.error) == ("successful", 2, 2, None)


@pytest.mark.parametrize(
    ("walked", "status", "steps"),
    [
        (0, "cancelled", "a:cancelled b:cancelled"),
        (1, "cancelled", "a:successful b:cancelled z:successful"),
        (2, "cancelled", "a:successful b:successful z:successful"),
    ],
)
def test_cancel_undoes_what_was_done(world: World, walked: int, status: str, steps: str) -> None:
    actor = people.person("global_admin")
    job = factories.walk(factories.job("a|b", "z", actor=actor), walked)
    cancel(actor=actor, job_id=job.pk)
    factories.walk(job)
    assert (job.status, said(job)) == (status, steps)
    assert world.ended == [("cancelled", True)]


def test_a_cancelled_job_that_could_not_be_undone_has_failed(world: World) -> None:
    world.failing = {"z"}
    actor = people.person("global_admin")
    job = factories.walk(factories.job("a|b", "z", actor=actor), 1)
    cancel(actor=actor, job_id=job.pk)
    assert (factories.walk(job).status, job.undone, job.problem) == ("failed", False, BROKEN)
    world.failing = set()
    give_up(actor=actor, job_id=job.pk)
    job.refresh_from_db()
    assert factories.walk(job).undone


def test_retry_runs_only_what_failed_and_what_was_left(world: World) -> None:
    world.failing = {"b"}
    actor = people.person("global_admin")
    job = factories.walk(factories.job("a|b c|d", actor=actor))
    world.failing, world.called = set(), []
    job = factories.walk(retry(actor=actor, job_id=job.pk))
    assert (job.status, job.attempt, world.called) == ("successful", 2, ["b", "d"])
    assert {event.verb for event in events_of("jobs.job", job.pk)} == {"job.submitted", "job.retried"}


def test_a_late_call_of_an_earlier_attempt_changes_nothing(world: World) -> None:
    world.failing = {"a"}
    actor = people.person("global_admin")
    job = factories.walk(factories.job("a", actor=actor))
    retry(actor=actor, job_id=job.pk)
    step = job.steps.get()
    assert (advance(job.pk, 1), run_step(step.pk, 1)) == ([], 0)
    step.refresh_from_db()
    assert (step.status, world.called) == ("pending", ["a"])


def test_a_subject_has_one_unfinished_job(world: World) -> None:
    subject = people.group()
    job = factories.job("a", subject=subject)
    with pytest.raises(SubjectBusy):
        factories.job("b", subject=subject)
    assert Job.objects.count() == 1
    factories.walk(job)
    factories.job("b", subject=subject)


def test_verbs_that_come_too_late_are_refused(world: World) -> None:
    actor, subject = people.person("global_admin"), people.group()
    job = factories.walk(factories.job("a", actor=actor, subject=subject))
    for verb in (cancel, retry, give_up):
        with pytest.raises(JobMovedOn):
            verb(actor=actor, job_id=job.pk)
    world.failing = {"b"}
    failed = factories.walk(factories.job("b", actor=actor, subject=subject))
    later = factories.job("a", actor=actor, subject=subject)
    with pytest.raises(SubjectBusy):
        retry(actor=actor, job_id=failed.pk)
    factories.walk(later)
    with pytest.raises(JobSuperseded):
        retry(actor=actor, job_id=failed.pk)


def test_a_foreign_job_is_missing(world: World) -> None:
    job = factories.job("a", actor=people.person("user"))
    with pytest.raises(JobMissing):
        cancel(actor=people.person("user"), job_id=job.pk)
    job.refresh_from_db()
    assert job.cancel_requested is None


def test_what_nobody_registered_is_not_stored(world: World) -> None:
    plan = Plan([[StepSpec("unheard-of")]])
    with pytest.raises(LookupError):
        submit(actor=people.person("global_admin"), kind=factories.KIND, subject=people.group(), plan=plan)
    assert not Job.objects.exists()


@pytest.mark.parametrize("broken", [False, True])
def test_a_job_that_the_engine_gave_up_on_ends(world: World, broken: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    def end(_job: Job) -> Any:
        raise ValueError

    job = factories.walk(factories.job("a|b"), 1)
    if broken:
        monkeypatch.setattr(world, "end", end)
    give_up_lost(job.pk, job.attempt, "ERROR", parked=False)
    job.refresh_from_db()
    assert (job.status, said(job)) == ("failed", "a:successful b:skipped")
    assert job.problem
    assert job.problem.code == "job_lost"


def test_a_job_that_is_parked_while_the_engine_is_asked_is_not_given_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    job = factories.job("a|b")
    take_up(job.pk, job.attempt, "walk", parked=False)

    def states_of(asked: Iterable[str]) -> dict[str, str]:
        # The first workflow ends between both looks, because the job goes on in the one for parked jobs.
        assert park(job.pk, job.attempt, "walk")
        return dict.fromkeys(asked, "SUCCESS")

    monkeypatch.setattr(engine, "states_of", states_of)
    reconcile()
    job.refresh_from_db()
    assert (job.status, job.parked, said(job)) == ("working", True, "a:pending b:pending")
