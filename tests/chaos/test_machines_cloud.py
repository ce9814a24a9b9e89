"""Instances on a pretended cloud that fails, under `kill -9` of worker, agents and frontgate, judged by the cloud's ledger.

Here a few seeds, and those that once failed (`seeds.txt`); `python -m tests.chaos --machines cloud` has hundreds.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.chaos.machines import processes
from tests.chaos.machines.cloud import Cloud, on_cloud, story_at_cloud
from tests.chaos.machines.cloud_judge import judged
from tests.chaos.machines.hall import Hall
from tests.chaos.machines.machine import MARK

FEW = {1}
PATIENCE = 400


def kept() -> set[int]:
    lines = [line.split() for line in (Path(__file__).with_name("seeds.txt")).read_text().splitlines()]
    return {int(words[1]) for words in lines if words and words[0] == "cloud"}


@pytest.fixture(scope="module")
def place() -> Iterator[Cloud]:
    with on_cloud(patience=PATIENCE) as made:
        yield made


# A minute and more: it waits until nobody needs the frontgate any more.
@pytest.mark.long
@pytest.mark.parametrize("seed", sorted(FEW | kept()))
def test_nothing_is_lost_doubled_or_left(place: Cloud, seed: int) -> None:
    outcome = place.lived(story_at_cloud(seed))
    assert not outcome.wrong, f"{outcome.wrong}\n{place.server.log.read_text()[-6_000:]}"


def test_the_judge_sees_what_was_lost_doubled_left_or_initialised_twice(tmp_path: Path) -> None:
    hall = Hall(tmp_path, "http://nowhere.test")
    ledger = hall.ledger(1)
    facts = {"labels": {"roadstead.cluster": "cl-1"}, "running": False, "started": 1, "machine": ""}
    for kind in ("machine", "disk"):
        for number in (1, 2):
            assert ledger.add(kind, f"{kind}-{number}", f"{kind}-{number}", facts)
    disk, other = (tmp_path / f"1/machine-{number}.machine-{number}/disk" for number in (1, 2))
    for each in (disk, other):
        each.parent.mkdir()
        each.write_text("init begun\ninit ended\n")
    hall.close()

    def wrong(status: str) -> list[str]:
        return [said.split(":")[0] for said in judged(hall, 1, "cl-1", status)]

    assert wrong("stopped") == []
    assert wrong("deleted") == ["2 machines", "2 disks"]
    disk.write_text("init begun\ninit ended\ninit begun\ninit ended\n")
    assert wrong("stopped") == ["machine-1 was not initialised once"]
    ledger.remove("disk", "disk-1")
    assert wrong("stopped")[0] == "1 disks"
    assert ledger.add("disk", "disk-1", "disk-1", facts)
    assert wrong("stopped")[-1] == "disk disk-1 made 2 times"
    ledger.change("machine", "machine-2", running=True)
    assert "machine-2 runs" in wrong("stopped")
    assert {"machine-1 runs", "machine-1 was not started at last", "machine-1 serves 0 times"} <= set(wrong("active"))


def test_a_killed_agent_is_begun_again_on_its_machine_and_a_killed_machine_loses_all_it_ran(tmp_path: Path) -> None:
    hall = Hall(tmp_path, "http://nowhere.test")
    boot = '{"agent": "cln-1", "role": "node", "token": "00", "frontgate": "10.1.0.2:9111"}'
    facts = {"labels": {}, "running": True, "started": 1, "address": "10.1.0.3", "boot": boot}
    made = hall.ledger(1).add("machine", "machine-1", "machine_1", facts)
    assert made
    folder = tmp_path / f"1/machine-1.{made.id}"

    def running() -> set[int]:
        return set(processes.marked(f"{MARK}={folder}"))

    def killed(*, first: bool) -> set[int]:
        before = until(lambda: found if len(found := running()) == 2 else set())
        assert hall.kill(1, "machine-1", first=first)
        return before & until(lambda: found if len(found := running()) == 2 and found != before else set())

    try:
        assert len(killed(first=False)) == 1
        assert Counter(hall.lines(1, "machine-1")) == {"power": 1}
        assert not killed(first=True)
        assert Counter(hall.lines(1, "machine-1")) == {"power": 2}
        assert not hall.kill(1, "machine-2", first=True)
    finally:
        hall.close()
    assert not running()


def until(found: Callable[[], set[int]]) -> set[int]:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if value := found():
            return value
        time.sleep(0.05)
    raise AssertionError("nothing was found")
