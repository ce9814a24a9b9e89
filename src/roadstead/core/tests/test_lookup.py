"""A lookup gives what its query gives, every time anew, without building the query again."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db.models import F, QuerySet

from roadstead.core.lookup import Lookup

pytestmark = pytest.mark.django_db
WHEN = datetime(2026, 1, 1, tzinfo=UTC)


def sessions(data: str) -> QuerySet[Session]:
    return Session.objects.filter(session_data=data).exclude(session_key="hidden").order_by("session_key")


def made(key: str, data: str) -> Session:
    return Session.objects.create(session_key=key, session_data=data, expire_date=WHEN)


def test_the_rows_are_those_of_the_query() -> None:
    for key in ("b", "a", "hidden"):
        made(key, "one")
    made("c", "two")
    lookup = Lookup(sessions)
    for data in ("one", "two", "three", "one"):
        found = lookup.all(data)
        assert [vars(row) | {"_state": None} for row in found] == [vars(row) | {"_state": None} for row in sessions(data)]
        assert lookup.first(data) == sessions(data).first()
    assert lookup.all("one")[0].expire_date == WHEN
    assert not lookup.all("one")[0]._state.adding


def test_what_is_joined_comes_along(django_assert_num_queries: Any) -> None:
    lookup = Lookup(lambda name: Permission.objects.select_related("content_type").filter(codename=name))
    wanted = Permission.objects.select_related("content_type").get(codename="add_session")
    for _ in range(2):
        with django_assert_num_queries(1):
            found = lookup.first("add_session")
            assert found is not None
            assert (found, found.content_type, found.content_type.model) == (wanted, wanted.content_type, "session")


def test_nothing_is_kept_but_the_query() -> None:
    lookup, row = Lookup(sessions), made("a", "one")
    assert lookup.first("one") == row
    row.session_data = "two"
    row.save()
    assert lookup.first("one") is None
    found = lookup.first("two")
    assert found is not None
    found.delete()
    assert lookup.first("two") is None


def test_the_query_is_built_once() -> None:
    built: list[str] = []

    def rows(data: str) -> QuerySet[Session]:
        built.append(data)
        return sessions(data)

    lookup = Lookup(rows)
    for data in ("one", "two"):
        lookup.all(data)
    assert len(built) == 1


@pytest.mark.parametrize("text", ["'", "%s", "%", "a' OR '1'='1", "博客", "\N{OBJECT REPLACEMENT CHARACTER}"])
def test_the_text_is_never_part_of_the_query(text: str) -> None:
    row = made("a", text)
    made("b", "other")
    assert Lookup(sessions).all(text) == [row]


def test_a_lookup_is_of_whole_rows() -> None:
    with pytest.raises(AssertionError, match="whole models"):
        Lookup(lambda data: Session.objects.extra(select={"more": "1"}).filter(session_data=data)).all("one")


def test_what_it_joins_many_of_comes_along(django_assert_num_queries: Any) -> None:
    columns = {"name": F("permission__codename"), "told": F("permission__id")}
    lookup = Lookup(lambda model: ContentType.objects.filter(model=model).annotate(**columns))
    rows = ContentType.objects.get(model="session").permission_set
    with django_assert_num_queries(1):
        found = lookup.with_many("session")
    assert found is not None
    assert found[0].permission_set.get_queryset().count() == len(found[1]) == 4
    assert {*found[1]} == {*rows.values_list("codename", "id")}
    rows.all().delete()
    assert lookup.with_many("session") == (found[0], [(None, None)])
    assert lookup.with_many("nothing") is None
