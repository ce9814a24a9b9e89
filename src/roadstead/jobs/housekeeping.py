"""Work that comes back every so many seconds, in the process that holds the jobs; it runs first when that starts."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from roadstead.jobs.threads import with_own_connections

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
    """Does the chores, each in a thread of its own, so that a slow one keeps none waiting."""

    def __init__(self, *own: Chore) -> None:
        self._own = own
        self._stopped = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin with every chore known by now."""
        for chore in (*self._own, *_chores.values()):
            thread = threading.Thread(target=self._repeat, args=[chore], name=f"chore-{chore.name}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """End after the chores under way, within a second or two."""
        self._stopped.set()
        for thread in self._threads:
            thread.join(timeout=2)

    def _repeat(self, chore: Chore) -> None:
        do = with_own_connections(chore.function)
        while True:
            try:
                do()
            except Exception:
                log.exception("chore failed", chore=chore.name)
            if self._stopped.wait(chore.seconds):
                return
