"""What the first process of a machine does: the image's own command, the dead, signals, the end, and what goes on after a restart."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from roadstead.agents.tests.conftest import Fleet, fleet_in
from roadstead.agents.tests.machines import Machine, until

NOBODY = 65534


@pytest.fixture(scope="module")
def shared() -> Iterator[Path]:
    """A folder that the image's user may write to: a test's own lies below one that is closed to others."""
    with TemporaryDirectory(prefix="roadstead-shared-") as name:
        folder = Path(name)
        folder.chmod(0o777)
        yield folder


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Iterator[Fleet]:
    file = shared / "own"
    traps = f"trap 'echo hup >> {file}' HUP; trap 'echo end >> {file}; exit' TERM"
    script = f"{traps}; echo $(id -u) $PWD $WORD $HOME >> {file}; while :; do sleep 0.1; done"
    user = str(NOBODY) if os.geteuid() == 0 else ""
    image = {"command": ["/bin/sh", "-c", script], "user": user, "folder": "/usr", "environment": {"WORD": "two words"}}
    with fleet_in(tmp_path_factory.mktemp("fleet"), image=image, stop_seconds=30) as fleet:
        yield fleet


def own(shared: Path) -> list[str]:
    return (shared / "own").read_text().splitlines() if (shared / "own").exists() else []


def worked(pid: int) -> float:
    """Return the seconds of the processor that a process has had."""
    numbers = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(numbers[11]) + int(numbers[12])) / os.sysconf("SC_CLK_TCK")


def processes_of(node: Machine) -> list[int]:
    assert node.process
    return [int(pid) for pid in Path(f"/proc/{node.process.pid}/task/{node.process.pid}/children").read_text().split()]


def test_the_image_s_command_runs_as_the_image_says(fleet: Fleet, shared: Path) -> None:
    [first] = until(lambda: own(shared), "the image's command")
    who = NOBODY if os.geteuid() == 0 else os.geteuid()
    assert first.split()[:4] == [str(who), "/usr", "two", "words"]


def test_signals_reach_the_image_s_command(fleet: Fleet, shared: Path) -> None:
    until(lambda: own(shared), "the image's command")
    assert fleet.node.process
    fleet.node.process.send_signal(signal.SIGHUP)
    until(lambda: "hup" in own(shared), "the signal to arrive")


def test_it_is_begun_again_when_it_ends_and_goes_on_when_the_agent_ends(fleet: Fleet, shared: Path) -> None:
    until(lambda: own(shared) and len(processes_of(fleet.node)) == 2, "the image's command")
    agent, command = processes_of(fleet.node)
    fleet.node.kill_agent()
    until(lambda: (now := processes_of(fleet.node)) and agent not in now and len(now) == 2 and command in now, "another agent")
    begun = len([line for line in own(shared) if line[0].isdigit()])
    os.kill(command, signal.SIGKILL)
    until(lambda: len([line for line in own(shared) if line[0].isdigit()]) == begun + 1, "the command again")


def test_a_machine_goes_on_where_it_was(fleet: Fleet, shared: Path) -> None:
    """What was started is started again with the machine, not with the agent alone, and not after it was stopped."""
    starts = fleet.folder / "starts"

    def count() -> int:
        return len(starts.read_text().split())

    def service(name: str, token: str) -> None:
        fleet.platform.ask("order", agent=fleet.node_id, token=token, params={"cmd": f"echo {name} >> {starts}", "name": name})
        assert fleet.platform.ended(token)["state"] == "done"

    service("start", "t-start")
    fleet.node.kill_agent()
    assert fleet.run("t-alive", "true")["state"] == "done"
    assert count() == 1
    fleet.node.stop()
    fleet.node.start()
    until(lambda: count() == 2, "the second start")
    service("stop", "t-stop")
    fleet.node.stop()
    fleet.node.start()
    assert fleet.run("t-again", "true")["state"] == "done"
    assert starts.read_text().split() == ["start", "start", "stop"]


def test_it_costs_nothing_while_nothing_happens(fleet: Fleet, shared: Path) -> None:
    until(lambda: len(processes_of(fleet.node)) == 2, "all of it")
    assert fleet.node.process
    before = worked(fleet.node.process.pid)
    time.sleep(2)
    assert worked(fleet.node.process.pid) - before < 0.1


def test_all_ends_on_stop(fleet: Fleet, shared: Path) -> None:
    until(lambda: len(processes_of(fleet.node)) == 2, "all of it")
    before = processes_of(fleet.node)
    assert fleet.node.stop() == 0
    assert not [pid for pid in before if Path(f"/proc/{pid}/cwd").exists()]
    assert own(shared)[-1] == "end"
    fleet.node.start()
