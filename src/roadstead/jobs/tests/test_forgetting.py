"""What is forgotten of old jobs, and what never is."""

from datetime import timedelta

import pytest

from roadstead import jobs
from roadstead.accounts import factories as people
from roadstead.core.clock import now
from roadstead.jobs import factories
from roadstead.jobs.models import Job, Step
from roadstead.jobs.run import StepRun
from roadstead.jobs.states import Status

pytestmark = pytest.mark.django_db

OLD, CUT = now() - timedelta(days=400), now() - timedelta(days=300)


def say(run: StepRun) -> None:
    run.log("something")


def done(subject: object, *, old: bool) -> Job:
    with factories.ops({"a": say}):
        job = factories.walk(factories.job("a", subject=subject))  # type: ignore[arg-type]  # a group, as its default
    if old:
        Job.objects.filter(pk=job.pk).update(created=OLD, finished=OLD)
    return job


def test_old_outputs_go_and_fresh_ones_stay() -> None:
    old, fresh = done(people.group(), old=True), done(people.group(), old=False)
    assert jobs.forget_outputs(CUT) == 1
    assert dict(Step.objects.values_list("job", "output")) == {old.pk: "", fresh.pk: "something\n"}
    assert jobs.forget_outputs(CUT) == 0


def test_the_last_job_of_a_subject_stays_however_old() -> None:
    subject, other = people.group(), people.group()
    first, last, only = done(subject, old=True), done(subject, old=True), done(other, old=True)
    Job.objects.filter(pk=first.pk).update(created=OLD - timedelta(days=1))
    assert jobs.forget_jobs(CUT) == 1
    assert set(Job.objects.values_list("pk", flat=True)) == {last.pk, only.pk}
    assert set(Step.objects.values_list("job", flat=True)) == {last.pk, only.pk}


def test_unfinished_jobs_are_never_forgotten() -> None:
    subject = people.group()
    old = done(subject, old=True)
    Job.objects.filter(pk=old.pk).update(status=Status.WORKING)
    Job.objects.filter(pk=done(people.group(), old=True).pk).update(subject_id=str(subject.pk), created=now())
    assert (jobs.forget_jobs(CUT), jobs.forget_outputs(CUT)) == (0, 1)
    assert Job.objects.filter(pk=old.pk).exists()
    assert Step.objects.get(job=old).output
