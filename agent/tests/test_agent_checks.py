"""Health by thresholds, and the checks that lead there."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from roadstead_agent.checks import Check, Checks, Health


@pytest.mark.parametrize(
    ("results", "states"),
    [
        ("+++", ["healthy"] * 3),
        ("--", ["", ""]),
        ("---", ["", "", "unhealthy"]),
        ("+--", ["healthy"] * 3),
        ("+---", ["healthy"] * 3 + ["unhealthy"]),
        ("+--+--", ["healthy"] * 6),
        ("---++", ["", "", "unhealthy", "unhealthy", "unhealthy"]),
        ("---+++", ["", "", "unhealthy", "unhealthy", "unhealthy", "healthy"]),
        ("---++-++", ["", "", *["unhealthy"] * 6]),
    ],
)
def test_so_many_in_a_row_change_the_word(results: str, states: list[str]) -> None:
    health = Health(Check())
    seen, turns = [], 0
    for result in results:
        turns += health.turned(well=result == "+")
        seen.append(health.state)
    assert seen == states
    assert turns == sum(now == "unhealthy" != before for before, now in zip(["", *states], states, strict=False))


def test_what_a_package_says_is_read_over_the_format_s_own() -> None:
    check = Check.of({"enable": True, "check_cmd": "true", "interval_sec": None, "unknown": 1})
    assert (check.enable, check.check_cmd, check.interval_sec, check.healthy_threshold) == (True, "true", 60, 3)


def test_the_act_runs_once_on_the_turn_and_checks_rest_while_nothing_is_started(tmp_path: Path) -> None:
    told: list[str] = []
    started = threading.Event()
    checks = Checks(started.is_set, told.append)
    act = tmp_path / "acted"
    checks.set(
        Check(
            enable=True,
            interval_sec=0.02,
            unhealthy_threshold=2,
            healthy_threshold=2,
            check_cmd=f"test -e {tmp_path}/well",
            action_cmd=f"echo >> {act}",
        )
    )
    checks.start()
    time.sleep(0.1)
    assert {*told} == {""}
    started.set()
    _until(lambda: told[-1] == "unhealthy" and act.exists())
    (tmp_path / "well").touch()
    _until(lambda: told[-1] == "healthy")
    assert act.read_text() == "\n"
    checks.set(Check())
    _until(lambda: told[-1] == "")


def _until(look: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not look():
        assert time.monotonic() < end
        time.sleep(0.01)
