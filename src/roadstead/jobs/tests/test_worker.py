"""A real engine in a process of its own: how jobs end, and that one process has the folder."""

from pathlib import Path
from typing import Any

import pytest

from roadstead.jobs.tests.driver import Refused, Script, rows


def step(op: str, target: str, may_fail: bool = False, **params: Any) -> dict[str, Any]:
    return {"op": op, "target": target, "may_fail": may_fail, "params": params}


def statuses(shown: dict[str, Any]) -> str:
    return " ".join(f"{each['target']}:{each['status']}" for each in shown["steps"])


def queue_of(folder: Path, workflow: str) -> str | None:
    with rows(folder, of_engine=True) as ask:
        ((queue,),) = ask(f"SELECT queue_name FROM workflow_status WHERE workflow_uuid = '{workflow}'")  # noqa: S608  # our own ids
    return str(queue) if queue else None


def workflows(folder: Path) -> int:
    with rows(folder, of_engine=True) as ask:
        return int(ask("SELECT count(*) FROM workflow_status")[0][0])


def test_a_job_runs_layer_by_layer_to_its_end(worker: Script) -> None:
    job = worker.submit("run", [step("make", "a")], [step("make", "b", seconds=2), step("make", "c", seconds=2)], [step("make", "d")])
    shown = worker.ended(job)
    assert (shown["status"], shown["done"], shown["total"]) == ("successful", 4, 4)
    assert worker.ledger(job, "made") == dict.fromkeys("abcd", 1)
    order = [line.split()[:2] for line in (worker.folder / "ledger").read_text().splitlines()]
    # Both of a layer had begun before one of them was done.
    assert max(order.index(["called", target]) for target in "bc") < min(order.index(["made", target]) for target in "bc")
    assert shown["steps"][1]["output"] == "making b\n"


def test_retry_goes_on_from_the_failed_step(worker: Script) -> None:
    job = worker.submit("retry", [step("make", "a")], [step("need", "b", file="retry"), step("make", "c")], [step("make", "d")])
    assert statuses(worker.ended(job)) == "a:successful b:failed c:successful d:skipped"
    (worker.folder / "retry").touch()
    worker.ask("retry", job=job)
    assert statuses(worker.ended(job)) == "a:successful b:successful c:successful d:successful"
    assert worker.calls(job) == {"a": 1, "b": 2, "c": 1, "d": 1}


def test_retry_does_not_need_what_the_engine_forgot(worker: Script) -> None:
    job = worker.submit("swept", [step("make", "a")], [step("need", "b", file="swept")])
    worker.ended(job)
    # A workflow is over a moment after its job has ended.
    worker.until(lambda: worker.ask("sweep") and not workflows(worker.folder))
    (worker.folder / "swept").touch()
    worker.ask("retry", job=job)
    worker.until(lambda: worker.ended(job)["status"] == "successful")
    assert worker.calls(job) == {"a": 1, "b": 2}


def test_a_step_that_may_fail_fails_alone(worker: Script) -> None:
    shown = worker.ended(worker.submit("may-fail", [step("need", "a", may_fail=True, file="never")], [step("make", "b")]))
    assert (shown["status"], statuses(shown), shown["done"]) == ("successful", "a:failed b:successful", 2)


def test_a_passing_failure_is_tried_again(worker: Script) -> None:
    job = worker.submit("flaky", [step("need", "a", file="flaky", permanent=False)])
    worker.started(job, "a")
    (worker.folder / "flaky").touch()
    shown = worker.ended(job)
    assert (shown["status"], shown["steps"][0]["tries"], worker.calls(job)["a"]) == ("successful", 1, 2)
    assert shown["took"] >= 2


def test_a_waiting_step_is_called_again(worker: Script) -> None:
    job = worker.submit("wait", [step("expect", "a", file="wait")])
    worker.until(lambda: worker.calls(job)["a"] > 2)
    (worker.folder / "wait").touch()
    assert worker.ended(job)["status"] == "successful"


@pytest.mark.parametrize("hindered", [False, True], ids=["at once", "through the queue"])
def test_a_job_that_only_waits_goes_on_in_a_walk_of_its_own(folder: Path, hindered: bool) -> None:
    with Script(folder) as worker:
        if hindered:
            worker.ask("hinder")
        job = worker.submit("onward", [step("expect", "a", file="onward")], [step("make", "b")])
        worker.until(lambda: worker.calls(job)["a"] > 2)
        (folder / "onward").touch()
        shown = worker.ended(job)
        assert (shown["status"], worker.calls(job)["b"], len(shown["ends"])) == ("successful", 1, 1)
        assert queue_of(folder, f"{job}:1:parked") == ("parked" if hindered else None)


def test_jobs_that_wait_leave_their_places_to_others(worker: Script) -> None:
    waiting = [
        worker.submit(f"parked-{number}", [step("expect", "a", file="parked"), step("expect", "c", file="parked")], [step("make", "b")])
        for number in range(9)
    ]
    for job in waiting:
        worker.started(job, "a")
    assert worker.ended(worker.submit("passes", [step("make", "a")]))["status"] == "successful"
    (worker.folder / "parked").touch()
    assert {worker.ended(job)["status"] for job in waiting} == {"successful"}
    assert all(worker.calls(job)["b"] == 1 for job in waiting)


def test_a_step_that_ignores_its_time_limit_is_abandoned(worker: Script) -> None:
    stubborn = {**step("make", "a", seconds=60), "timeout": 0.1}
    shown = worker.ended(worker.submit("stubborn", [stubborn], [step("make", "b")]))
    assert (shown["status"], statuses(shown)) == ("failed", "a:failed b:skipped")


def test_cancel_ends_the_running_step_and_undoes(worker: Script) -> None:
    job = worker.submit("cancel", [step("linger", "a")], [step("make", "b")], undo=[[step("make", "z")], [step("make", "y")]])
    worker.started(job, "a")
    worker.ask("cancel", job=job)
    shown = worker.ended(job)
    assert (shown["status"], shown["undone"]) == ("cancelled", True)
    assert statuses(shown) == "a:cancelled b:cancelled z:successful y:successful"


def test_cancel_interrupts_a_waiting_step(worker: Script) -> None:
    job = worker.submit("cancel-wait", [step("expect", "a", file="never")])
    worker.started(job, "a")
    worker.ask("cancel", job=job)
    assert worker.ended(job)["status"] == "cancelled"


def test_clean_up_undoes_at_once(worker: Script) -> None:
    plan = [[step("make", "a")], [step("need", "b", file="never")]]
    shown = worker.ended(worker.submit("clean", *plan, undo=[[step("make", "z")]], on_failure="clean_up"))
    assert (shown["status"], shown["undone"]) == ("failed", True)
    assert statuses(shown) == "a:successful b:failed z:successful"


def test_giving_up_undoes_what_was_kept(worker: Script) -> None:
    job = worker.submit("give-up", [step("need", "a", file="never")], undo=[[step("need", "z", file="give-up")]])
    assert not worker.ended(job)["undone"]
    worker.ask("give_up", job=job)
    shown = worker.until(lambda: (shown := worker.ended(job))["steps"][1:] and shown)
    assert (statuses(shown), shown["undone"]) == ("a:failed z:failed", False)
    (worker.folder / "give-up").touch()
    worker.ask("give_up", job=job)
    assert worker.ended(job)["undone"]


def test_a_subject_has_one_unfinished_job(worker: Script) -> None:
    job = worker.submit("busy", [step("expect", "a", file="busy")])
    with pytest.raises(Refused, match="subject_busy"):
        worker.submit("busy", [step("make", "b")])
    (worker.folder / "busy").touch()
    worker.ended(job)
    worker.ended(worker.submit("busy", [step("make", "b")]))


def test_a_job_that_the_engine_never_heard_of_is_found(worker: Script) -> None:
    job = worker.submit("lost", [step("make", "a")], heard=False)
    assert worker.ended(job)["status"] == "successful"


@pytest.mark.only_on("sqlite")
def test_one_process_has_the_folder(worker: Script) -> None:
    with Script(worker.folder) as second:
        assert second.greeting["refused"] == "folder_in_use"
        assert str(worker.folder) in second.greeting["words"]


def test_a_job_submitted_without_a_worker_waits_for_one(folder: Path) -> None:
    with Script(folder, "idle") as web:
        job = web.submit("later", [step("make", "a")])
    with Script(folder) as worker:
        assert worker.ended(job)["status"] == "successful"
