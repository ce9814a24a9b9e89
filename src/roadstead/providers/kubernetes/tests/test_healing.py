"""Helm killed at many moments of every operation: whatever that leaves, the next operation succeeds within two minutes."""

import random
import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from roadstead.providers.kubernetes.tests.stories import PROVIDER, Story, blog, sample
from roadstead.runtimes.sdk import Release, TimedOut

ONE, TWO, THREE = ("replicaCount: 1\n", "replicaCount: 2\n", "replicaCount: 3\n")
WITHIN = 120
IN_EVERY_RUN, IN_LONG_RUNS = 12, 40


def change(values: str, mark: str) -> Release:
    return Release("blog", "cl-1", sample(), values, mark)


def upgrade(story: Story, seconds: float = 60, values: str = TWO, mark: str = "chg-1") -> None:
    PROVIDER.upgrade(story.target, change(values, mark), log=story.lines.append, seconds=seconds)


def another_upgrade(story: Story) -> None:
    upgrade(story, values=THREE, mark="chg-2")


def roll_back(story: Story, seconds: float = 60) -> None:
    PROVIDER.roll_back(story.target, blog(), revision=1, log=story.lines.append, seconds=seconds)


def install(story: Story, seconds: float = 60) -> None:
    story.install(blog(values=ONE), seconds=seconds)


def uninstall(story: Story, seconds: float = 60) -> None:
    PROVIDER.uninstall(story.target, blog(), keep_history=True, log=story.lines.append, seconds=seconds)


def replicas(story: Story) -> str:
    told = story.plane.kubectl("-n", story.target.namespace, "get", "deployments", "-o", "jsonpath={.items[*].spec.replicas}")
    return told.strip()


Killed = Callable[[Story, float], None]
# What is killed, whether the release was there before, and what somebody may do next with what must run then.
STORIES: list[tuple[Killed, bool, list[tuple[Callable[[Story], None], str]]]] = [
    (install, False, [(install, "1"), (uninstall, "")]),
    (upgrade, True, [(upgrade, "2"), (another_upgrade, "3"), (roll_back, "1"), (uninstall, "")]),
    (roll_back, True, [(roll_back, "1"), (another_upgrade, "3"), (uninstall, "")]),
    (uninstall, True, [(uninstall, ""), (another_upgrade, "3"), (roll_back, "1")]),
]


def seeds() -> list[object]:
    """Some in `make test`, all in `make test-long`."""
    return [pytest.param(seed, marks=[pytest.mark.long] if seed >= IN_EVERY_RUN else []) for seed in range(IN_LONG_RUNS)]


@pytest.mark.parametrize("seed", seeds())
def test_the_next_operation_succeeds(story: Story, seed: int) -> None:
    dice = random.Random(seed)
    killed, there, followers = STORIES[seed % len(STORIES)]
    if there:
        install(story)
    if killed is roll_back:
        upgrade(story)
    with suppress(TimedOut):
        killed(story, dice.uniform(0.3, 0.9))
    follows, left = followers[seed // len(STORIES) % len(followers)]
    began = time.monotonic()
    follows(story)
    if left:
        story.await_ready(blog(), seconds=60)
    else:
        story.await_gone(blog())
    assert time.monotonic() - began < WITHIN
    assert replicas(story) == left
    history = [revision.status for revision in PROVIDER.revisions(story.target, blog())]
    assert history[:1] == (["deployed"] if left else history[:1] and ["uninstalled"])
    assert not any(status.startswith("pending-") for status in history)
