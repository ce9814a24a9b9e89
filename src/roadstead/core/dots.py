"""The small form of a track: a dot a stage on one line, with the words for those who don't see it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

_FIRST, _STEP, _RADIUS = 7, 20, 5


class Buoy(Protocol):
    """A station of a track, as the pages draw it; `state` is done, now, wait, refused, todo or waived."""

    @property
    def label(self) -> str:
        """The name of the stage."""

    @property
    def state(self) -> str:
        """Whether it is behind us."""


@dataclass(frozen=True)
class Dot:
    """One dot at `x`; a line of class `line` leads to it from its neighbour's edge to its own."""

    x: int
    state: str
    line: str

    @property
    def start(self) -> int:
        """Where the line begins."""
        return self.x - _STEP + _RADIUS

    @property
    def end(self) -> int:
        """Where the line ends."""
        return self.x - _RADIUS


def dots(buoys: Sequence[Buoy]) -> list[Dot]:
    """Return the dots of a track."""
    states = [buoy.state for buoy in buoys]
    return [Dot(_FIRST + _STEP * at, state, states[at - 1] if at else "") for at, state in enumerate(states)]


def width(buoys: Sequence[Buoy]) -> int:
    """Return how wide the drawing is."""
    return 2 * _FIRST + _STEP * (len(buoys) - 1)


def current(buoys: Iterable[Buoy]) -> Buoy | None:
    """Return the stage that is going on or waited for, or the one that ended the way."""
    return next((buoy for buoy in buoys if buoy.state in {"now", "wait", "refused"}), None)
