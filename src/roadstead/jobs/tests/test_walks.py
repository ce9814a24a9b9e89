"""Which walk through a job counts, and how far one goes without asking."""

import pytest

from roadstead.jobs import factories
from roadstead.jobs.course import advance, park, take_up
from roadstead.jobs.models import Job
from roadstead.jobs.plan import Plan, StepSpec
from roadstead.jobs.run import StepRun
from roadstead.jobs.services import cancel
from roadstead.jobs.steps import abandon_step, begin_step, run_begun

pytestmark = pytest.mark.django_db


def nothing(_run: StepRun) -> None:
    """Do nothing."""


def statuses(job: Job) -> str:
    return " ".join(job.steps.values_list("status", flat=True))


def test_the_late_word_of_a_walk_that_was_taken_over_does_not_count() -> None:
    with factories.ops({"op": nothing}):
        job = factories.job("op|op")
        [call] = take_up(job.pk, 1, "early", parked=False) or []
        begun = begin_step(call["step"], 1, "early")
        assert begun
        assert take_up(job.pk, 1, "late", parked=False) == [call]
        assert run_begun(begun, onward=True) == (0, None)
        abandon_step(call["step"], 1, "early")
        assert begin_step(call["step"], 1, "early") is None
        assert advance(job.pk, 1, "early") == []
        assert not park(job.pk, 1, "early")
        job.refresh_from_db()
        assert (statuses(job), job.done, job.parked) == ("working pending", 0, False)

        again = begin_step(call["step"], 1, "late")
        assert again
        onward = run_begun(again, onward=True).onward
        assert onward
        run_begun(onward, onward=True)
        assert advance(job.pk, 1, "late") == []
    job.refresh_from_db()
    assert (job.status, job.done) == ("successful", 2)


def test_a_parked_job_goes_on_only_by_itself() -> None:
    with factories.ops({"op": nothing}):
        job = factories.job("op")
        take_up(job.pk, 1, "queued", parked=False)
        assert park(job.pk, 1, "queued")
        assert take_up(job.pk, 1, "queued again", parked=False) is None
        assert len(take_up(job.pk, 1, "parked", parked=True) or []) == 1
    assert Job.objects.get().walk == "parked"


def test_a_pause_that_was_cut_off_is_only_as_long_as_what_is_left_of_it() -> None:
    with factories.ops({"op": lambda run: run.wait(500)}):
        job = factories.job("op")
        [call] = advance(job.pk, 1)
        begun = begin_step(call["step"], 1, "")
        assert begun
        assert run_begun(begun, onward=True).pause == 500
        [again] = advance(job.pk, 1)
    assert (call["pause"], 400 < again["pause"] <= 500) == (0, True)


@pytest.mark.parametrize(
    ("layers", "begins"),
    [("op|op", True), ("op", False), ("op|op op", False), ("op op|op", False), ("bad|op", False), ("soft|op", True)],
)
def test_the_next_step_is_begun_at_once_only_where_nothing_is_to_be_decided(layers: str, *, begins: bool) -> None:
    def bad(_run: StepRun) -> None:
        raise ValueError

    with factories.ops({"op": nothing, "bad": bad, "soft": bad}):
        job = factories.job(factories.plan(layers, may_fail="soft"))
        first = begin_step(advance(job.pk, 1)[0]["step"], 1, "")
        assert first
        assert bool(run_begun(first, onward=True).onward) == begins
    assert job.steps.filter(status="working").exists() == begins


def test_the_last_of_a_layer_begins_the_next_unless_another_of_it_failed_or_the_job_was_cancelled() -> None:
    def bad(_run: StepRun) -> None:
        raise ValueError

    def onward(layers: str, *, cancelled: bool = False) -> bool:
        job = factories.job(layers)
        begun = [begin_step(call["step"], 1, "") for call in advance(job.pk, 1)]
        if cancelled:
            cancel(actor=job.actor, job_id=job.pk)
        return bool([run_begun(step, onward=True).onward for step in begun if step][-1])

    with factories.ops({"op": nothing, "bad": bad}):
        assert onward("op op|op")
        assert not onward("bad op|op")
        assert not onward("op op|op", cancelled=True)


def test_a_call_that_is_made_again_finds_the_step_as_it_was_begun() -> None:
    left: list[float] = []
    with factories.ops({"op": lambda run: left.append(run.remaining())}):
        job = factories.job(Plan([[StepSpec("op", timeout=30)]]))
        begun = begin_step(advance(job.pk, 1)[0]["step"], 1, "")
        assert begun
        run_begun(begun, onward=False)
        run_begun(begun, onward=False)
    assert all(0 < seconds <= 30 for seconds in left)
    job.refresh_from_db()
    assert (len(left), job.done) == (2, 1)
