"""Leases of workers: who counts as dead, who takes over, and who has to go."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F

from roadstead.jobs import engine
from roadstead.jobs.lease import LAPSE, RowLease, workers_alive
from roadstead.jobs.models import WorkerLease

pytestmark = pytest.mark.django_db


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Whose work the engine was asked to take over."""
    names: list[str] = []
    monkeypatch.setattr(engine, "take_over", names.extend)
    return names


def begun(executor: str, lost: Callable[[], Any] = lambda: pytest.fail("lost")) -> RowLease:
    held = RowLease(executor, lost)
    held.begin()
    return held


def age(executor: str, by: timedelta) -> None:
    WorkerLease.objects.filter(pk=executor).update(seen=F("seen") - by)


def names() -> set[str]:
    return set(WorkerLease.objects.values_list("executor", flat=True))


def test_a_worker_that_was_not_seen_is_taken_over_once(taken: list[str]) -> None:
    first, second = begun("first"), begun("second")
    begun("dead")
    age("dead", LAPSE + timedelta(seconds=1))
    first.beat()
    second.beat()
    assert taken == ["dead"]
    assert names() == {"first", "second"}


def test_a_worker_that_is_late_is_left_alone(taken: list[str]) -> None:
    first = begun("first")
    begun("late")
    age("late", LAPSE - timedelta(seconds=2))
    first.beat()
    assert taken == []
    assert names() == {"first", "late"}


def test_a_worker_whose_lease_is_gone_ends(taken: list[str]) -> None:
    ended: list[bool] = []
    held = begun("held", lambda: ended.append(True))
    begun("dead")
    age("dead", 2 * LAPSE)
    WorkerLease.objects.filter(pk="held").delete()
    held.beat()
    assert ended == [True]
    assert (taken, names()) == ([], {"dead"})


def test_a_worker_that_gave_its_lease_back_is_not_waited_for(taken: list[str]) -> None:
    first, second = begun("first"), begun("second")
    second.end()
    first.beat()
    assert taken == ["second"]


def test_who_stood_still_does_not_judge_at_once(taken: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    first = begun("first")
    begun("other")
    age("other", 2 * LAPSE)
    clock = time.monotonic() + 2 * LAPSE.total_seconds()
    monkeypatch.setattr(time, "monotonic", lambda: clock)
    first.beat()
    assert taken == []
    clock += LAPSE.total_seconds()
    first.beat()
    assert taken == ["other"]


def test_work_of_a_worker_without_a_lease_is_taken_over(taken: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    first = begun("first")
    begun("second")
    monkeypatch.setattr(engine, "others", lambda: ["buried", "second"])
    first.adopt()
    assert taken == ["buried"]
    assert names() == {"first", "second"}


def test_a_takeover_that_fails_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    first = begun("first")
    begun("dead")
    age("dead", 2 * LAPSE)

    def fail(_dead: list[str]) -> None:
        raise ConnectionError

    monkeypatch.setattr(engine, "take_over", fail)
    with pytest.raises(ConnectionError):
        first.beat()
    assert names() == {"first", "dead"}


def test_only_those_seen_lately_are_alive() -> None:
    begun("first")
    begun("dead")
    age("dead", 2 * LAPSE)
    assert len(workers_alive()) == 1
