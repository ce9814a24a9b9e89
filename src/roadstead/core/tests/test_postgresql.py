"""A connection that stays costs no question before its next use, and one that the server closed is nobody's error."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from django.db import connection
from django.db.backends.postgresql import base

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.only_on("postgresql")]


@pytest.fixture
def kept() -> Iterator[Any]:
    """A connection of one's own that is used again and again, as a server's is."""
    own: Any = connection.copy()
    own.settings_dict = {**own.settings_dict, "CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}
    with closing(own):
        yield own


def one(kept: Any) -> int:
    """Ask one question, as a request does."""
    kept.close_if_unusable_or_obsolete()
    with kept.cursor() as database:
        database.execute("SELECT pg_backend_pid()")
        return int(database.fetchone()[0])


def test_the_server_is_asked_only_after_a_rest(kept: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    usable = base.DatabaseWrapper.is_usable

    def noted(one: base.DatabaseWrapper) -> bool:
        asked.append("asked")
        return usable(one)

    monkeypatch.setattr(base.DatabaseWrapper, "is_usable", noted)
    first = one(kept)
    assert [one(kept) for _ in range(3)] == [first] * 3
    before = len(asked)
    assert one(kept) == first
    assert len(asked) == before
    kept._looked -= 3_600  # it rested for an hour
    assert one(kept) == first
    assert len(asked) == before + 1


def test_a_connection_that_was_closed_is_made_anew(kept: Any) -> None:
    first = one(kept)
    assert one(kept) == first
    with connection.cursor() as other:
        other.execute("SELECT pg_terminate_backend(%s)", [first])
        # The server has closed it when it isn't in its list any more.
        while True:
            other.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = %s", [first])
            if other.fetchone()[0] == 0:
                break
    assert one(kept) != first


def test_what_is_asked_again_is_planned_once(kept: Any) -> None:
    for number in range(3):
        with kept.prepared_cursor() as database:
            database.execute("SELECT %s + 1", [number])
            assert database.fetchone() == (number + 1,)
    with kept.cursor() as database:
        database.execute("SELECT count(*) FROM pg_prepared_statements")
        assert database.fetchone() == (1,)
