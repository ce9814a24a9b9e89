"""What the pretended cloud has and what was asked of it, in a file that several processes use at once."""

import json
import os
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_SCHEMA = """
create table if not exists things (kind text, token text, id text, name text, facts text, primary key (kind, token));
create unique index if not exists one_of_a_name on things (kind, name);
create table if not exists made (number integer primary key autoincrement, kind text, token text);
create table if not exists calls (number integer primary key autoincrement, process integer, call text, token text, outcome text);
"""


@dataclass(frozen=True)
class Thing:
    """A machine, a disk or a network; `facts` are what is known of it, its labels among them."""

    kind: str
    token: str
    id: str
    name: str
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Call:
    """One call: what was done, with which token, by which process, and how it ended: done, found, or the name of a fault."""

    number: int
    process: int
    call: str
    token: str
    outcome: str


class Ledger:
    """The file. Every method is one transaction."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)

    def things(self, kind: str = "") -> list[Thing]:
        """Return what is there."""
        with self._open() as book:
            rows = book.execute("select kind, token, id, name, facts from things where ? in ('', kind) order by id", (kind,)).fetchall()
        return [Thing(kind=row[0], token=row[1], id=row[2], name=row[3], facts=json.loads(row[4])) for row in rows]

    def find(self, kind: str, token: str) -> Thing | None:
        """Return one thing."""
        with self._open() as book:
            row = book.execute("select id, name, facts from things where kind = ? and token = ?", (kind, token)).fetchone()
        return Thing(kind=kind, token=token, id=row[0], name=row[1], facts=json.loads(row[2])) if row else None

    def add(self, kind: str, token: str, name: str, facts: dict[str, Any]) -> Thing | None:
        """Make a thing, or return None when one of that token or name is there."""
        with self._open() as book:
            number = book.execute("select count(*) from made").fetchone()[0] + 1
            made = Thing(kind, token, f"{kind}-{number}", name, facts)
            row = (made.kind, made.token, made.id, made.name, json.dumps(facts))
            if not book.execute("insert or ignore into things values (?, ?, ?, ?, ?)", row).rowcount:
                return None
            book.execute("insert into made (kind, token) values (?, ?)", (kind, token))
            return made

    def made(self) -> Counter[tuple[str, str]]:
        """Return how often each thing was made, by kind and token; what is gone too."""
        with self._open() as book:
            return Counter(book.execute("select kind, token from made").fetchall())

    def change(self, kind: str, token: str, **facts: Any) -> bool:
        """Change facts of a thing; False when it isn't there."""
        with self._open() as book:
            row = book.execute("select facts from things where kind = ? and token = ?", (kind, token)).fetchone()
            if row is None:
                return False
            now = json.dumps({**json.loads(row[0]), **facts})
            book.execute("update things set facts = ? where kind = ? and token = ?", (now, kind, token))
            return True

    def remove(self, kind: str, token: str) -> bool:
        """Take a thing away; False when it isn't there."""
        with self._open() as book:
            return bool(book.execute("delete from things where kind = ? and token = ?", (kind, token)).rowcount)

    def note(self, call: str, token: str, outcome: str) -> None:
        """Write a call down."""
        with self._open() as book:
            book.execute("insert into calls (process, call, token, outcome) values (?, ?, ?, ?)", (os.getpid(), call, token, outcome))

    def calls(self) -> list[Call]:
        """Return every call, in order."""
        with self._open() as book:
            rows = book.execute("select number, process, call, token, outcome from calls order by number").fetchall()
        return [Call(*row) for row in rows]

    def times(self, call: str, token: str) -> int:
        """Return how often a call was made about a thing."""
        with self._open() as book:
            return int(book.execute("select count(*) from calls where call = ? and token = ?", (call, token)).fetchone()[0])

    def order(self, call: str, token: str) -> int:
        """Return which thing in a row this one is for such calls: a name for it that is the same when everything is done again."""
        with self._open() as book:
            known = [row[0] for row in book.execute("select token from calls where call = ? group by token order by min(number)", (call,))]
        return known.index(token) if token in known else len(known)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self.path, timeout=60, isolation_level=None)) as book:
            book.executescript(_SCHEMA)
            book.execute("begin immediate")
            try:
                yield book
            except BaseException:
                book.execute("rollback")
                raise
            book.execute("commit")
