"""Taking turns where there is no row to hold: a name that must be free, a number that must be the next, the last of its kind.

On SQLite a writing transaction is alone anyway. On PostgreSQL two of them see past each other unless they wait here.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


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
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [f"roadstead {name}"])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [f"roadstead {name}"])
