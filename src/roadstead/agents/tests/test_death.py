"""Killed at any point, a command never runs twice and never is lost: it is done, or it is said that nobody knows."""

import random
import time
from collections import Counter
from pathlib import Path

import pytest

from roadstead.agents.tests.conftest import Fleet, fleet_in
from roadstead.agents.tests.machines import until

SEEDS = (1, 2)
COMMANDS = 8


@pytest.fixture
def fleet(tmp_path: Path) -> "object":
    with fleet_in(tmp_path) as fleet:
        yield fleet


def test_the_agent_dies_while_a_command_runs(fleet: Fleet) -> None:
    begun = fleet.folder / "begun"
    fleet.platform.ask("order", agent=fleet.node_id, token="t-cut", params={"cmd": f"echo $$ >> {begun}; exec sleep 300"})
    process = until(lambda: begun.exists() and begun.read_text().strip(), "the command to begin")
    fleet.node.kill_agent()
    ended = fleet.platform.ended("t-cut")
    assert (ended["state"], ended["result"]) == ("lost", {"problem": "agent_restarted"})
    assert begun.read_text().split() == [process]
    assert not Path(f"/proc/{process}/cwd").exists()
    assert fleet.run("t-next", "echo next")["output"] == "next\n"


def test_the_platform_is_away_when_the_answer_comes(fleet: Fleet) -> None:
    ledger, begun, go = (fleet.folder / name for name in ("ledger", "begun", "go"))
    command = f"touch {begun}; while [ ! -e {go} ]; do sleep 0.05; done; echo once >> {ledger}"
    fleet.platform.ask("order", agent=fleet.node_id, token="t-away", params={"cmd": command})
    until(begun.exists, "the command to begin")
    fleet.platform.kill()
    go.touch()
    until(ledger.exists, "the command to end")
    fleet.platform.start()
    assert fleet.platform.ended("t-away")["state"] == "done"
    assert ledger.read_text() == "once\n"


@pytest.mark.parametrize("seed", SEEDS)
def test_anybody_dies_at_any_time(fleet: Fleet, seed: int) -> None:
    chance = random.Random(seed)
    ledger = fleet.folder / "ledger"
    ledger.touch()
    for number in range(COMMANDS):
        command = f"echo {number} >> {ledger}; sleep {chance.choice((0, 0, 0.1, 0.3))}"
        fleet.platform.ask("order", agent=fleet.node_id, token=f"t-{number}", params={"cmd": command})
        if chance.random() < 0.7:
            time.sleep(chance.uniform(0, 0.4))
            _kill(fleet, chance.choice(("agent", "gate_agent", "frontgate", "platform")))
    ended = [fleet.platform.ended(f"t-{number}") for number in range(COMMANDS)]
    ran = Counter(int(line) for line in ledger.read_text().split())
    states = Counter(command["state"] for command in ended)
    assert max(ran.values()) == 1, (seed, ran)
    assert {*states} <= {"done", "lost"}, (seed, states)
    assert all(ran[number] == 1 for number, command in enumerate(ended) if command["state"] == "done"), (seed, ran, states)


def _kill(fleet: Fleet, who: str) -> None:
    if who == "agent":
        fleet.node.kill_agent()
    elif who == "gate_agent":
        fleet.frontgate.kill_agent()
    elif who == "frontgate":
        fleet.frontgate.kill()
        fleet.frontgate.start()
    else:
        fleet.platform.kill()
        fleet.platform.start()
