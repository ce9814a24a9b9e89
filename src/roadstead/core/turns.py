"""Taking turns where there is no row to hold: a name that must be free, a number that must be the next, the last of its kind.

On SQLite a writing transaction is alone anyway. On PostgreSQL two of them see past each other unless they wait here.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

_LOOK_SECONDS = 0.02


def take_turn(name: str) -> None:
    """Wait until every other transaction that took this turn has ended; ours ends with the transaction that is open now.

    Take it before any row that others hold while they wait for it.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"roadstead {name}"])


@contextmanager
def alone(name: str) -> Iterator[None]:
    """Be the only process, on this database, that does something of this name; the others wait. Transactions may begin and end within."""
    with alone_within(float("inf"), name):
        yield


@contextmanager
def alone_within(seconds: float, name: str) -> Iterator[bool]:
    """The same; False when others had the turn for so long, for whom waits with a time-out of their own."""
    if connection.vendor != "postgresql":
        yield True
        return
    end = time.monotonic() + seconds
    while not (free := _asked("pg_try_advisory_lock", name)) and time.monotonic() < end:
        time.sleep(_LOOK_SECONDS)
    try:
        yield free
    finally:
        if free:
            _asked("pg_advisory_unlock", name)


def _asked(function: str, name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(hashtextextended(%s, 0))", [f"roadstead {name}"])
        return bool(cursor.fetchone()[0])
