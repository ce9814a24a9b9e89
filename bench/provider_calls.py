"""When the calls of a provider began and ended, noted in the server: what is left of an operation is the platform's own."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from roadstead.runtimes import registry

PROVIDER = "docker"
_noted: list[tuple[str, float, float]] = []


class Timed:
    """A provider whose calls are noted."""

    def __init__(self, provider: Any) -> None:
        self._provider = provider

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._provider, name)
        return _noting(name, found) if callable(found) else found


def note_calls() -> None:
    """Have the calls noted from now on, where the provider is installed."""
    if PROVIDER in registry.names():
        timed: Any = Timed(registry.provider(PROVIDER))
        registry.put(timed)


def taken() -> list[tuple[str, float, float]]:
    """Return what was noted since this was asked last: names and moments."""
    found = _noted[:]
    del _noted[: len(found)]
    return found


def _noting(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(call)
    def noted(*words: Any, **more: Any) -> Any:
        begun = time.time()
        try:
            return call(*words, **more)
        finally:
            _noted.append((name, begun, time.time()))

    return noted
