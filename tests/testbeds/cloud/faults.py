"""How the pretended cloud fails: by seed, so that a run can be told again, or by a test's own word for the next call."""

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Literal

Fault = Literal["", "lost answer", "throttled", "trouble", "stale", "partial"]
BEFORE: tuple[Fault, ...] = ("throttled", "trouble")
KINDS: tuple[Fault, ...] = ("lost answer", "throttled", "trouble")
IN_A_ROW = 3

_forced: list[Fault] = []


@contextmanager
def forced(fault: Fault) -> Iterator[None]:
    """Let every call in the block fail in one way."""
    _forced.append(fault)
    try:
        yield
    finally:
        _forced.remove(fault)


def fault_of(*, seed: int, rate: float, call: str, thing: int, number: int) -> Fault:
    """Return how the n-th such call about a thing fails, a thing known by its place among those that such calls are about.

    After a few in a row it is left alone, so that everything ends.
    """
    if _forced:
        return _forced[-1]
    if not seed or number % (IN_A_ROW + 1) == IN_A_ROW:
        return ""
    luck = Random(f"{seed} {call} {thing} {number}")  # it is told again, not secret
    return luck.choice(KINDS) if luck.random() < rate else ""
