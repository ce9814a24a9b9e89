"""Chores come back, whatever happens to one of them; and the door leads to everything behind it."""

import threading
from functools import partial

import pytest

from roadstead import jobs
from roadstead.jobs import housekeeping
from roadstead.jobs.housekeeping import Chore, Housekeeper


def test_chores_run_at_once_and_again_also_after_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    done, thrice = [], threading.Event()

    def chore() -> None:
        done.append(threading.current_thread().name)
        if len(done) == 1:
            raise ValueError
        if len(done) == 3:
            thrice.set()

    monkeypatch.setattr(housekeeping, "_chores", {})
    jobs.schedule("count", 0.01, chore)
    once: list[int] = []
    housekeeper = Housekeeper(Chore("once", 60, lambda: once.append(1)))
    housekeeper.start()
    assert thrice.wait(5)
    housekeeper.stop()
    seen = len(done)
    assert (once, set(done)) == ([1], {"chore-count"})
    assert not threading.Event().wait(0.05)
    assert len(done) == seen


def test_chores_that_come_back_seldom_share_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    done: dict[str, str] = {}
    all_done = threading.Barrier(2)

    def chore(name: str) -> None:
        done[name] = threading.current_thread().name
        if len(done) == 3:
            all_done.wait(60)

    monkeypatch.setattr(housekeeping, "_chores", {})
    housekeeper = Housekeeper(*(Chore(name, seconds, partial(chore, name)) for name, seconds in (("a", 60), ("b", 3600), ("c", 1))))
    housekeeper.start()
    all_done.wait(60)
    housekeeper.stop()
    assert done == {"a": "chore-seldom", "b": "chore-seldom", "c": "chore-c"}


def test_every_name_of_the_door_is_there() -> None:
    assert all(getattr(jobs, name) for name in jobs.__all__)
    with pytest.raises(AttributeError):
        _ = jobs.unheard_of
