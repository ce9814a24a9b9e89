"""Several workers on one database: they share jobs, and take over what a dead one left. The ledger is the witness."""

import os
import signal
import time
from pathlib import Path

import psycopg
import pytest

from roadstead.jobs.tests.driver import ADDRESS, Script, rows
from roadstead.jobs.tests.test_worker import step
from tests.testbeds.postgres import databases
from tests.testbeds.postgres.cluster import running

pytestmark = pytest.mark.only_on("postgresql")
SECONDS_TO_TAKE_OVER = 10


def executors(folder: Path) -> set[str]:
    with rows(folder, of_engine=True) as ask:
        return {executor for (executor,) in ask("SELECT DISTINCT executor_id FROM workflow_status WHERE executor_id IS NOT NULL")}


def leases(folder: Path) -> int:
    with rows(folder) as ask:
        return int(ask("SELECT count(*) FROM jobs_workerlease")[0][0])


def test_two_workers_share_the_jobs_and_do_nothing_twice(folder: Path) -> None:
    with Script(folder) as first, Script(folder):
        made = [first.submit(f"shared-{number}", [step("make", "a", seconds=0.4)], [step("make", "b")]) for number in range(12)]
        assert {first.ended(job, 60)["status"] for job in made} == {"successful"}
        assert all(first.calls(job) == {"a": 1, "b": 1} for job in made)
        assert len(executors(folder)) == 2


def test_a_job_submitted_elsewhere_starts_at_once_and_tells_of_its_end(folder: Path) -> None:
    with Script(folder), Script(folder, "idle") as web:
        begun = time.monotonic()
        job = web.submit("far", [step("make", "a", seconds=2)])
        assert web.ask("heard", job=job, seconds=20)["changes"] > 0
        assert web.ended(job)["status"] == "successful"
        assert time.monotonic() - begun < 15


def held_up(first: Script) -> str:
    """Submit a job while there is one worker, and return it once that one is in the middle of its step."""
    job = first.submit("held-up", [step("make", "a")], [step("stall", "b", file="go")], [step("make", "c")])
    first.started(job, "b")
    return job


def finished_once(second: Script, job: str) -> None:
    """See the job end well on the second worker, with nothing done twice."""
    assert second.ended(job, 60)["status"] == "successful"
    assert second.ledger(job, "made") == {"a": 1, "b": 1, "c": 1}
    assert second.calls(job) == {"a": 1, "b": 2, "c": 1}
    assert (second.folder / "ledger").read_text().count(f"ended {job}") == 1


def test_another_worker_finishes_what_a_killed_one_began(folder: Path) -> None:
    with Script(folder) as first:
        job = held_up(first)
        with Script(folder) as second:
            first.kill()
            killed = time.monotonic()
            (folder / "go").touch()
            finished_once(second, job)
            assert time.monotonic() - killed < SECONDS_TO_TAKE_OVER
            second.until(lambda: leases(folder) == 1)


def test_a_job_that_a_buried_worker_took_before_it_heard_of_it_is_finished(folder: Path) -> None:
    with Script(folder) as first:
        job = held_up(first)
        first.kill()
        with psycopg.connect((folder / ADDRESS).read_text()) as opened:
            opened.execute("DELETE FROM jobs_workerlease")
        (folder / "go").touch()
        with Script(folder) as second:
            finished_once(second, job)


def test_a_worker_that_slept_too_long_ends_itself(folder: Path) -> None:
    with Script(folder) as first:
        job = held_up(first)
        os.kill(first.process, signal.SIGSTOP)
        with Script(folder) as second:
            second.until(lambda: second.calls(job)["b"] == 2)
            os.kill(first.process, signal.SIGCONT)
            assert first.exit_code(20) == 70
            (folder / "go").touch()
            finished_once(second, job)


def test_a_worker_that_ends_in_good_order_is_not_waited_for(folder: Path) -> None:
    with Script(folder) as first:
        job = first.submit("handed", [step("make", "a", seconds=2)], [step("make", "b")])
        with Script(folder) as second:
            first.started(job, "a")
            first.stop()
            assert second.ended(job)["status"] == "successful"
            assert second.ledger(job, "made") == {"a": 1, "b": 1}


def test_work_goes_on_after_the_database_was_restarted(tmp_path: Path) -> None:
    with running() as cluster:
        (tmp_path / ADDRESS).write_text(databases.create(cluster.url(), "roadstead"))
        with Script(tmp_path) as worker:
            job = worker.submit("restart", [step("make", "a", seconds=3)], [step("make", "b")])
            worker.started(job, "a")
            cluster.halt()
            time.sleep(1)
            cluster.resume()
            worker.until(lambda: (tmp_path / "ledger").read_text().count(f"ended {job} successful"), 60)
            assert worker.ledger(job, "made") == {"a": 1, "b": 1}
