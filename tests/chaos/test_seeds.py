"""Promises W1 to W5 over seeded runs: operations under kills, standstills and restarts of the database, judged by the cloud's ledger.

Here a few, and those that once failed (`seeds.txt`); `python -m tests.chaos` has hundreds.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.campaign import run
from tests.chaos.lane import Lane, lane
from tests.chaos.stories import story
from tests.testbeds.postgres.cluster import CannotHave, programs

ENGINE = "postgresql" if os.environ.get("ROADSTEAD_DATABASE_URL") else "sqlite"
FEW = 3
# Long enough for a worker on PostgreSQL to be taken for dead, which takes four seconds.
STANDSTILL = {"sqlite": 1, "postgresql": 6}


def kept() -> list[int]:
    lines = Path(__file__).with_name("seeds.txt").read_text().splitlines()
    return [int(seed) for line in lines if line and not line.startswith("#") for engine, seed, *_why in [line.split()] if engine == ENGINE]


@pytest.fixture(scope="module")
def place() -> Iterator[Lane]:
    if ENGINE == "postgresql":
        try:
            programs()
        except CannotHave as missing:
            pytest.skip(str(missing))
    with lane(ENGINE, standstill=STANDSTILL[ENGINE]) as made:
        yield made


@pytest.mark.only_on("sqlite", "postgresql")
@pytest.mark.parametrize("seed", sorted({*range(FEW), *kept()}))
def test_nothing_is_lost_doubled_or_left(place: Lane, seed: int) -> None:
    outcome = run(place, story(seed, restarts=ENGINE == "postgresql"))
    assert not outcome.wrong, (place.folder / "log").read_text()[-6_000:]


def test_a_seed_always_tells_the_same_story() -> None:
    assert story(7, restarts=True) == story(7, restarts=True)
    assert story(7, restarts=True) != story(8, restarts=True)
