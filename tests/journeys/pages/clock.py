"""The past: rows that were made days ago say so."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest.mock import patch

from django.utils import timezone

_REAL = timezone.now


class Clock:
    """A moment that stands still until it is moved on."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        """Return it."""
        return self.moment

    def wait(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0) -> None:
        """Move on."""
        self.moment += timedelta(seconds=seconds, minutes=minutes, hours=hours)


@contextmanager
def ago(*, days: float = 0, hours: float = 0, minutes: float = 0) -> Iterator[Clock]:
    """Live for a while in the past; `core.clock` and everything behind it tells that time."""
    clock = Clock(_REAL() - timedelta(days=days, hours=hours, minutes=minutes))
    with patch("django.utils.timezone.now", clock):
        yield clock
