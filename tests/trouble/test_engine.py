"""The engine is stopped: before, in the middle of making, and in the middle of taking away. When it is back, all goes on."""

from collections.abc import Iterator

import pytest

from tests.testbeds.docker import Engine
from tests.trouble.conftest import Harbour
from tests.trouble.person import Person, failed, went_well


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
    instance = user.deploy("awash", init="test -e /once && exit 0; touch /once; sleep 31536000", timeout=600, volume_size=1)
    user.at(instance, "Run service", "init")
    user.until(lambda: "once" in harbour.run(instance, "ls /"))
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


def _told(user: Person, instance: str) -> bool:
    """Whether a step says that the engine doesn't answer."""
    problems = [step["problem"] for step in user.job(instance)["steps"] if step["problem"]]
    return any(problem["code"] == "docker_engine_stopped" for problem in problems)
