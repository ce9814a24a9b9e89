"""What people see of a job."""

import json
from datetime import timedelta

import pytest

from roadstead.accounts import factories as people
from roadstead.core.clock import now
from roadstead.core.problems import Problem
from roadstead.jobs import factories
from roadstead.jobs.errors import JobMissing
from roadstead.jobs.run import StepFailed, StepRun
from roadstead.jobs.selectors import job_of, jobs_of, keep, kept_timeline, timeline
from roadstead.jobs.states import Status

pytestmark = pytest.mark.django_db


def op(run: StepRun) -> None:
    run.log(f"at {run.target}")
    if run.target == "b":
        raise StepFailed(Problem("broken"))


def test_bars_lie_where_the_steps_ran() -> None:
    start = now() - timedelta(seconds=100)
    with factories.ops(dict.fromkeys("abc", op)):
        job = factories.walk(factories.job("a|b|c"))
        job.started, job.finished = start, start + timedelta(seconds=100)
        for step, (begun, ended) in zip(job.steps.all(), [(0, 25), (25, 100)], strict=False):
            step.started, step.finished = start + timedelta(seconds=begun), start + timedelta(seconds=ended)
            step.save()
        seen = timeline(job)
    assert [(line.title, line.bar_x, line.bar_w, line.open) for line in seen.steps] == [
        ("a", 0, 25, False),
        ("b", 25, 75, True),
        ("c", 0, 0, False),
    ]
    assert (seen.state.value, seen.done, seen.total, seen.problem, seen.took) == ("failed", 1, 3, Problem("broken"), timedelta(seconds=100))
    assert seen.steps[1].output_tail == "at b"


def test_a_running_step_reaches_to_the_present_and_shows_its_last_lines() -> None:
    with factories.ops({"a": op}):
        job = factories.job("a")
        job.status, job.started = Status.WORKING, now() - timedelta(seconds=10)
        step = job.steps.get()
        step.status, step.started, step.output = Status.WORKING, now() - timedelta(seconds=5), "\n".join(map(str, range(30)))
        step.save()
        line = timeline(job).steps[0]
    assert (line.bar_x, line.bar_w, line.open) == (50, 50, True)
    assert line.output_tail.startswith("18\n")


def test_a_kept_timeline_is_told_without_the_job() -> None:
    with factories.ops(dict.fromkeys("abc", op)):
        job = factories.walk(factories.job("a|b|c"))
        job.refresh_from_db()
        before, kept = timeline(job), json.loads(json.dumps(keep(job)))
        job.delete()
        after = kept_timeline(kept)
    assert (after.title, after.state, after.done, after.total, after.took, after.problem) == (
        before.title,
        before.state,
        before.done,
        before.total,
        before.took,
        before.problem,
    )
    assert after.steps == before.steps
    assert "at b" in after.steps[1].output_tail


def test_jobs_are_seen_by_whom_their_subject_belongs_to() -> None:
    owner, stranger, subject = people.person("user"), people.person("user"), people.group()
    with factories.ops({"a": op}):
        job = factories.job("a", actor=owner, subject=subject)
    assert list(jobs_of(owner, subject)) == [job]
    assert not jobs_of(stranger, subject).exists()
    with pytest.raises(JobMissing):
        job_of(stranger, job.pk)


def test_a_job_with_its_timeline_takes_two_queries(django_assert_num_queries: object) -> None:
    actor = people.person("global_admin")
    with factories.ops(dict.fromkeys("abc", op)):
        job = factories.job("a b c", actor=actor)
        actor.refresh_from_db()
        job_of(actor, job.pk)
        with django_assert_num_queries(2):  # type: ignore[operator]
            timeline(job_of(actor, job.pk))
