"""Power cuts: the worker is killed in the middle of a step or between two, and the next one goes on. The ledger is the witness."""

import random
import time
from pathlib import Path

import pytest

from roadstead.jobs.tests.driver import Script, forget_engine, rows
from roadstead.jobs.tests.test_worker import step

LAYERS = [
    [step("make", "a", seconds=0.2)],
    [step("make", "b", seconds=0.2), step("make", "c", seconds=0.3)],
    [step("expect", "d", file="log", seconds=0.1)],
    [step("make", "e", seconds=0.2)],
]
WITHIN, BETWEEN = "called", "made"


def finished(folder: Path) -> set[str]:
    with rows(folder) as ask:
        return {target for (target,) in ask("SELECT target FROM jobs_step WHERE status = 'successful'")}


def parked(folder: Path) -> bool:
    with rows(folder) as ask:
        return bool(ask("SELECT 1 FROM jobs_job WHERE parked"))


def kill_somewhere(worker: Script, job: str, chance: random.Random) -> None:
    """Kill the worker a moment after a step chosen by chance began or made its thing."""
    target, word = chance.choice("abce"), chance.choice([WITHIN, BETWEEN])
    worker.until(lambda: worker.ledger(job, word)[target])
    time.sleep(chance.uniform(0, 0.15))
    worker.kill()


@pytest.mark.parametrize("seed", range(5))
def test_work_goes_on_after_a_kill_and_nothing_is_done_twice(folder: Path, seed: int) -> None:
    chance = random.Random(seed)  # a run must be replayable
    with Script(folder) as worker:
        job = worker.submit("ship", *LAYERS)
        kill_somewhere(worker, job, chance)
    before, done = worker.calls(job), finished(folder)
    with Script(folder) as worker:
        assert worker.ended(job)["status"] == "successful"
        after = worker.calls(job)
        assert worker.ledger(job, "made") == dict.fromkeys("abce", 1)
        assert {target: after[target] for target in done} == {target: before[target] for target in done}
        assert (folder / "ledger").read_text().count(f"ended {job}") == 1


def test_a_stop_in_the_middle_of_a_step_is_quick_and_loses_nothing(folder: Path) -> None:
    with Script(folder) as worker:
        job = worker.submit("stopped", [step("make", "a", seconds=12)], [step("make", "b")])
        worker.started(job, "a")
        begun = time.monotonic()
        worker.stop()
        # It would have lasted longer than that.
        assert time.monotonic() - begun < 10
    with Script(folder) as worker:
        assert worker.ended(job, 60)["status"] == "successful"
        assert worker.ledger(job, "made") == {"a": 1, "b": 1}


def test_a_kill_while_undoing_is_survived(folder: Path) -> None:
    undo = [[step("make", "z", seconds=0.3)], [step("make", "y")]]
    with Script(folder) as worker:
        job = worker.submit("sunk", [step("need", "a", file="never")], undo=undo, on_failure="clean_up")
        worker.started(job, "z")
        worker.kill()
    with Script(folder) as worker:
        shown = worker.ended(job)
        assert (shown["status"], shown["undone"]) == ("failed", True)
        assert worker.ledger(job, "made") == {"z": 1, "y": 1}


@pytest.mark.parametrize("forgotten", [False, True])
def test_a_job_that_waits_is_taken_up_after_a_kill(folder: Path, *, forgotten: bool) -> None:
    with Script(folder) as worker:
        job = worker.submit("waits", [step("make", "a")], [step("expect", "b", file="there")], [step("make", "c")])
        worker.until(lambda: parked(folder))
        worker.kill()
    if forgotten:
        forget_engine(folder)
    (folder / "there").touch()
    with Script(folder) as worker:
        assert worker.ended(job, 60)["status"] == "successful"
        assert worker.ledger(job, "made") == {"a": 1, "c": 1}
        assert worker.calls(job)["a"] == 1


def test_a_job_goes_on_when_the_engine_lost_its_state(folder: Path) -> None:
    with Script(folder) as worker:
        job = worker.submit("lost-engine", [step("make", "a")], [step("make", "b", seconds=0.6)], [step("make", "c")])
        worker.started(job, "b")
        worker.kill()
    forget_engine(folder)
    with Script(folder) as worker:
        assert worker.ended(job)["status"] == "successful"
        assert worker.calls(job) == {"a": 1, "b": 2, "c": 1}
