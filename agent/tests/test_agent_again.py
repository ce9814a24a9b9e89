"""What was started is started again with the machine, and tried again where that fails."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from roadstead_agent.again import Again
from roadstead_agent.boot import Kept
from roadstead_agent.lasting import SERVICE, TEMPLATES, Lasting

DEADLINE = 60.0
Told = tuple[str, str, str]


@pytest.fixture
def lasting(tmp_path: Path) -> Lasting:
    return Lasting(Kept(tmp_path / "lasting.json"))


def until(look: Callable[[], object]) -> None:
    end = time.monotonic() + DEADLINE
    while not look():
        assert time.monotonic() < end
        time.sleep(0.02)


def again(lasting: Lasting, command: str, told: list[Told], *pauses: float) -> Again:
    lasting.put(SERVICE, {"cmd": command, "timeout": 1_000})
    return Again(lasting, lambda *said: told.append(said), pauses)


def test_a_start_that_fails_is_tried_again_until_it_succeeds(lasting: Lasting, tmp_path: Path) -> None:
    tries, told = tmp_path / "tries", list[Told]()
    again(lasting, f"echo x >> {tries}; test $(wc -l < {tries}) -ge 3 || {{ echo no tide; exit 7; }}", told, 0, 0, 0).begin()
    until(lambda: not lasting.new_life())
    assert told == [("start", "exit code 7", "no tide\n")] * 2 + [("start", "", "")]
    assert tries.read_text() == "x\n" * 3


def test_a_start_that_never_succeeds_is_told_also_by_an_agent_that_came_later(lasting: Lasting) -> None:
    told, later = list[Told](), list[Told]()
    again(lasting, "exit 3", told, 0, 0).begin()
    until(lambda: not lasting.new_life())
    assert told == [("start", "exit code 3", "")] * 3
    again(lasting, "exit 3", later).remember()
    assert later == told[:1]


def test_an_order_ends_the_try_that_runs_and_all_others(lasting: Lasting, tmp_path: Path) -> None:
    first, second, told = tmp_path / "first", tmp_path / "second", list[Told]()
    command = f"test -e {first} || {{ touch {first}; exit 3; }}; test -e {second} && exit 4; touch {second}; exec sleep 1000"
    starting = again(lasting, command, told, 0, 0, 0)
    starting.begin()
    until(second.exists)
    assert lasting.new_life()
    starting.leave()
    assert told == [("start", "exit code 3", ""), ("ordered", "", "")]
    assert not lasting.new_life()


def test_what_the_platform_had_rest_is_not_started(lasting: Lasting, tmp_path: Path) -> None:
    lasting.put(TEMPLATES, False)
    again(lasting, f"touch {tmp_path / 'started'}", []).begin()
    assert not lasting.new_life()
    assert not (tmp_path / "started").exists()
