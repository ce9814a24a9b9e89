"""Chores come back, whatever happens to one of them; and the door leads to everything behind it."""

import threading

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


def test_every_name_of_the_door_is_there() -> None:
    assert all(getattr(jobs, name) for name in jobs.__all__)
    with pytest.raises(AttributeError):
        _ = jobs.unheard_of
