from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from roadstead.core import times

NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(times, "now", lambda: NOON)
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("past", "words"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(hours=3, minutes=59), "3 hours ago"),
        (timedelta(days=6, hours=23), "6 days ago"),
        (timedelta(days=8), "Jun 7"),
        (timedelta(days=400), "May 11, 2025"),
    ],
)
def test_relative_for_a_week_then_a_date(past: timedelta, words: str) -> None:
    assert times.ago(NOON - past) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.04, "0 s"), (1.24, "1.2 s"), (46, "46 s"), (114, "1 m 54 s"), (3_720, "1 hour 2 minutes"), (97_200, "1 day 3 hours")],
)
def test_durations(seconds: float, words: str) -> None:
    assert times.lasted(timedelta(seconds=seconds)) == words


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (812, "812 bytes"),
        (1_024, "1 KiB"),
        (1_536, "1.5 KiB"),
        (16 * 1024**2, "16 MiB"),
        (3 * 1024**5, "3072 TiB"),
    ],
)
def test_sizes(count: int, words: str) -> None:
    assert times.size(count) == words


def test_the_exact_time_is_in_the_title() -> None:
    html = times.stamped(NOON, "words")
    assert html == '<time datetime="2026-06-15T12:00:00+00:00" title="2026-06-15 20:00:00">words</time>'
