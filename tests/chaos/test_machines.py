"""`kill -9` of worker, agents and frontgate while instances on machines are made, stopped, started and deleted, judged by the engine.

Here a few seeds, and those that once failed (`seeds.txt`); `python -m tests.chaos --machines docker` has hundreds, and ends the engine too.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.chaos.lane import Stuck
from tests.chaos.machines.campaign import Run
from tests.chaos.machines.docker_judge import judged
from tests.chaos.machines.engine import Docker, on_docker
from tests.chaos.machines.stories import story
from tests.testbeds.docker import Engine

FEW = {1}
PATIENCE = 400


def kept() -> set[int]:
    lines = [line.split() for line in (Path(__file__).with_name("seeds.txt")).read_text().splitlines()]
    return {int(words[1]) for words in lines if words and words[0] == "docker"}


@pytest.fixture(scope="module")
def place(docker_engine: Engine) -> Iterator[Docker]:
    with on_docker(docker_engine, patience=PATIENCE) as made:
        yield made


@pytest.mark.parametrize("seed", sorted(FEW | kept()))
def test_nothing_is_lost_doubled_or_left(place: Docker, seed: int) -> None:
    told = story(seed)
    # Others use this engine too.
    assert not [disaster for phase in told.phases for disaster in phase.disasters if disaster.kind.startswith("engine")]
    outcome = Run(place, told, partial(judged, place)).lived()
    assert not outcome.wrong, place.server.log.read_text()[-6_000:]
    try:
        place.until(lambda: not place.left())
    except Stuck:
        raise AssertionError(place.left()) from None


def test_a_seed_always_tells_the_same_story() -> None:
    assert story(7) == story(7)
    assert story(7) != story(8)
