"""The engine is stopped: before, in the middle of making, and in the middle of taking away. When it is back, all goes on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.program import Program
from tests.testbeds.docker import Engine
from tests.trouble.conftest import Harbour
from tests.trouble.person import Person, failed, went_well
from tests.trouble.trap import DISK_DELETED, trapped

ONCE = "test -e /data/once && exit 0; touch /data/once; sleep 31536000"
# Nobody else on this machine wants it while the engine is down: what comes up by itself can't choose another.
OURS = 8181
FAILED_AGAIN = "The machine was started again, and its service “start”"


@pytest.fixture(autouse=True)
def _is_up_again(engine: Engine) -> Iterator[None]:
    """Whatever becomes of a story, the next one has an engine."""
    yield
    if not engine.alive:
        engine.up()


def test_an_engine_that_is_stopped_is_named_and_waited_for(harbour: Harbour, user: Person, engine: Engine) -> None:
    engine.down()
    instance = user.deploy("ashore")
    problem = user.until(lambda: user.job(instance)["steps"][0]["problem"])
    assert problem["code"] == "docker_engine_stopped"
    assert "Is it running?" in problem["message"]
    assert problem["message"] in user.page(instance)
    engine.up()
    assert went_well(user.ended(instance))
    engine.down()
    user.begins("delete", instance)
    assert user.until(lambda: _told(user, instance))
    engine.up()
    assert went_well(user.ended(instance))
    assert harbour.left(instance) == []


def test_an_engine_that_stops_in_the_middle_costs_a_retry_at_most(harbour: Harbour, user: Person, engine: Engine) -> None:
    instance = user.deploy("awash", init=ONCE, timeout=600, volume_size=1, port=OURS)
    user.at(instance, "Run service", "init")
    user.until(lambda: "once" in harbour.run(instance, "ls /data"))
    engine.kill()
    engine.up()
    step = failed(user.ended(instance))
    assert (step["title"], step["target"]) == ("Run service", "web 1 · init")
    assert "Try again" in step["problem"]["message"]
    assert went_well(user.does("retry", instance))
    assert user.instance(instance)["status"] == "active"
    assert len(harbour.left(instance)) == len(["machine", "disk"])
    assert went_well(user.does("delete", instance))
    assert harbour.left(instance) == []


def test_an_engine_that_stops_while_a_machine_is_bid_farewell_keeps_nothing(harbour: Harbour, user: Person, engine: Engine) -> None:
    instance = user.deploy("setting", stop="touch /leaving; sleep 31536000", timeout=600, volume_size=1)
    assert went_well(user.ended(instance))
    user.begins("delete", instance)
    user.until(lambda: "leaving" in harbour.run(instance, "ls /"))
    engine.kill()
    engine.up()
    job = user.ended(instance)
    assert job["status"] == "successful", job
    assert user.instance(instance)["status"] == "deleted"
    assert harbour.left(instance) == []


def test_an_engine_that_stops_half_way_in_a_delete_is_waited_for(harbour: Harbour, user: Person, engine: Engine) -> None:
    instance = user.deploy("sinking", volume_size=1)
    assert went_well(user.ended(instance))
    with trapped(engine.path, DISK_DELETED, engine.kill) as trap:
        user.begins("delete", instance)
        assert user.until(lambda: _told(user, instance))
        (step,) = (step for step in user.job(instance)["steps"] if step["problem"])
        assert step["title"] == "Delete disk"
        assert step["problem"]["message"] in user.page(instance)
        engine.up()
    assert trap.sprung == 1
    assert harbour.left(instance) != []
    assert went_well(user.ended(instance))
    assert user.instance(instance)["status"] == "deleted"
    assert harbour.left(instance) == []


# It waits for a machine that tries again, and for two that come up.
@pytest.mark.long
def test_a_start_that_fails_after_a_restart_is_shown_and_tried_again(
    harbour: Harbour, user: Person, engine: Engine, tmp_path: Path
) -> None:
    breaks = "test -e /mended || test ! -e /broken || { echo no wind; exit 7; }; echo sails >> /log"
    instance = user.deploy("becalmed", start=breaks, port=OURS)
    assert went_well(user.ended(instance))
    harbour.run(instance, "touch /broken")
    engine.down()
    engine.up()
    _is_told(user, instance)
    assert "no wind" in user.page(instance)
    shown = Program(tmp_path, {"ROADSTEAD_URL": user.url, "ROADSTEAD_TOKEN": user.token})("instance", "show", instance).out
    assert f"web 1: {FAILED_AGAIN}" in shown
    # What it needs is there a moment later.
    harbour.run(instance, "rm /broken")
    assert user.until(lambda: user.machine(instance)["problems"] == [])
    assert harbour.run(instance, "cat /log") == "sails\nsails\n"
    # It never is: a person has to see to it.
    harbour.run(instance, "touch /broken")
    harbour.restart(instance)
    _is_told(user, instance)
    assert went_well(user.does("stop", instance))
    harbour.put(instance, "mended")
    assert went_well(user.does("start", instance))
    assert user.machine(instance)["problems"] == []
    assert FAILED_AGAIN not in user.page(instance)
    assert harbour.run(instance, "cat /log") == "sails\n" * 3
    assert went_well(user.does("delete", instance))
    assert harbour.left(instance) == []


def _is_told(user: Person, instance: str) -> None:
    """Programs and people learn that something didn't start with its machine."""
    assert user.until(lambda: FAILED_AGAIN in " ".join(user.machine(instance)["problems"]))
    page = user.page(instance)
    assert f"{FAILED_AGAIN} failed there with exit code 7" in page
    assert "stop the instance and start it" in page


def _told(user: Person, instance: str) -> bool:
    """Whether a step says that the engine doesn't answer."""
    problems = [step["problem"] for step in user.job(instance)["steps"] if step["problem"]]
    return any(problem["code"] == "docker_engine_stopped" for problem in problems)
