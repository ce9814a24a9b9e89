"""The search table of the store, the same two columns on either engine: `rowid` is a listing's place, `words` its tokens.

SQLite keeps them in FTS5, PostgreSQL as a `tsvector` under a GIN index. Our tokens are its lexemes as they are: no parser and no
dictionary of the server's own comes between, so both engines find the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection


class Term(NamedTuple):
    """A word to look for, or the beginning of one."""

    word: str
    begins: bool = False


@dataclass(frozen=True)
class Engine:
    """How one engine is spoken to: the SQL that differs, and how terms are written, of which all must be there."""

    insert: str
    places: str
    term: str
    prefix: str
    between: str

    def query(self, terms: Iterable[Term]) -> str:
        """Return what `places` looks for. Each word is quoted; there is nothing in it to escape."""
        return self.between.join((self.prefix if begins else self.term).format(word) for word, begins in terms)


ENGINES = {
    "sqlite": Engine(
        insert="INSERT INTO store_search (rowid, words) VALUES (%s, %s)",
        places="SELECT rowid FROM store_search WHERE store_search MATCH %s AND rowid < %s ORDER BY rowid DESC LIMIT %s",
        term='"{}"',
        prefix='"{}"*',
        between=" ",
    ),
    "postgresql": Engine(
        insert="INSERT INTO store_search (rowid, words) VALUES (%s, array_to_tsvector(string_to_array(%s, ' ')))",
        places="SELECT rowid FROM store_search WHERE words @@ %s::tsquery AND rowid < %s ORDER BY rowid DESC LIMIT %s",
        term="'{}'",
        prefix="'{}':*",
        between=" & ",
    ),
}


def engine() -> Engine:
    """Return how this installation's database is spoken to."""
    return ENGINES[connection.vendor]


def write(rows: Iterable[tuple[int, Iterable[str]]]) -> None:
    """Add what is found at places: their tokens."""
    with connection.cursor() as cursor:
        cursor.executemany(engine().insert, [(place, " ".join(dict.fromkeys(tokens))) for place, tokens in rows])


def remove(place: int | None) -> None:
    """Find nothing at a place any more."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM store_search WHERE rowid = %s", [place])
