"""Several people at once: each act on a thread and a connection of its own, all let go at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from roadstead.core.errors import DomainError
from roadstead.jobs.threads import with_own_connections

Act = Callable[[], object]
DONE = "done"


def race(*acts: Act) -> list[str]:
    """Return how each act ended: done, or the code of its refusal. What is no refusal is raised."""
    gate = Barrier(len(acts))

    @with_own_connections
    def run(act: Act) -> str:
        gate.wait()
        try:
            act()
        except DomainError as refusal:
            return refusal.code
        return DONE

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))
