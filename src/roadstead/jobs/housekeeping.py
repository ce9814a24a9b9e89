"""Work that comes back every so many seconds, in the process that holds the jobs; it runs first when that starts."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from roadstead.jobs.threads import with_kept_connections, with_own_connections

# What comes back at least so often keeps its database connection; what comes back less often than the other shares one thread.
OFTEN_SECONDS, SELDOM_SECONDS = 5.0, 5.0
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Chore:
    """A function to call every so many seconds; it must bear being called too often."""

    name: str
    seconds: float
    function: Callable[[], object]


_chores: dict[str, Chore] = {}


def schedule(name: str, seconds: float, function: Callable[[], object]) -> None:
    """Have a function called every so many seconds; packages say so when Django's apps are ready."""
    _chores[name] = Chore(name, seconds, function)


class Housekeeper:
    """Does the chores: frequent ones each in a thread of its own, so that a slow one keeps none waiting, and rare ones in one."""

    def __init__(self, *own: Chore) -> None:
        self._own = own
        self._stopped = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin with every chore known by now."""
        chores = [*self._own, *_chores.values()]
        seldom = [chore for chore in chores if chore.seconds >= SELDOM_SECONDS]
        for name, group in [("seldom", seldom), *((chore.name, [chore]) for chore in chores if chore not in seldom)]:
            thread = threading.Thread(target=self._repeat, args=[group], name=f"chore-{name}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """End after the chores under way, within a second or two."""
        self._stopped.set()
        for thread in self._threads:
            thread.join(timeout=2)

    def _repeat(self, chores: Sequence[Chore]) -> None:
        due = dict.fromkeys(chores, time.monotonic())
        while due and not self._stopped.wait(max(min(due.values()) - time.monotonic(), 0)):
            for chore in [chore for chore, at in due.items() if at <= time.monotonic()]:
                _do(chore)
                due[chore] = time.monotonic() + chore.seconds


def _do(chore: Chore) -> None:
    connected = with_kept_connections if chore.seconds <= OFTEN_SECONDS else with_own_connections
    try:
        connected(chore.function)()
    except Exception:
        log.exception("chore failed", chore=chore.name)
