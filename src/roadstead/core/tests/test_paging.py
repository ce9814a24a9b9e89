"""A list walked by cursor shows each row once, in order, there and back."""

import base64
import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.template import Context, Template
from hypothesis import given, settings
from hypothesis import strategies as st

from roadstead.core.paging import BadCursor, Page, page_of

START = datetime(2026, 1, 1, tzinfo=UTC)
ORDERS: tuple[tuple[str, ...], ...] = (
    ("pk",),
    ("-pk",),
    ("expire_date",),
    ("-expire_date", "pk"),
    ("session_data", "-expire_date"),
    ("-session_data", "expire_date", "-pk"),
)

Row = tuple[str, int]


def _make(rows: list[Row]) -> None:
    Session.objects.all().delete()
    Session.objects.bulk_create(
        Session(session_key=f"s{number:03}", session_data=text, expire_date=START + timedelta(minutes=minutes))
        for number, (text, minutes) in enumerate(rows)
    )


def _page(cursor: str, order: tuple[str, ...], size: int) -> Page[Session]:
    return page_of(Session.objects.all(), cursor=cursor, size=size, order=order)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(st.tuples(st.sampled_from(["", "a", "应用", "b　c"]), st.integers(0, 3)), max_size=14),
    order=st.sampled_from(ORDERS),
    size=st.integers(1, 5),
)
def test_every_row_is_met_once_in_order_there_and_back(rows: list[Row], order: tuple[str, ...], size: int) -> None:
    _make(rows)
    whole = list(Session.objects.order_by(*order, "pk"))
    walked: list[Session] = []
    pages = [page := _page("", order, size)]
    assert page.previous_cursor == ""
    while page.next_cursor:
        pages.append(page := _page(page.next_cursor, order, size))
    for page in pages:
        walked += page.items
    assert walked == whole

    for earlier in reversed(pages[:-1]):
        page = _page(page.previous_cursor, order, size)
        assert page.items == earlier.items


@pytest.mark.django_db
def test_a_row_added_before_the_cursor_shifts_nothing() -> None:
    _make([("a", 1), ("a", 2), ("a", 3)])
    first = _page("", ("expire_date",), 2)
    Session.objects.create(session_key="new", session_data="", expire_date=START)
    assert [row.pk for row in _page(first.next_cursor, ("expire_date",), 2)] == ["s002"]


def _cursor(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


BAD = (
    "%%%",
    "a",
    "bnVsbA",
    _cursor({}),
    _cursor(["n"]),
    _cursor(["x", "2026-01-01T00:00:00+00:00", "s1"]),
    _cursor(["n", "not a time", "s1"]),
    _cursor(["n", 3, "s1"]),
    _cursor(["n", "2026-01-01T00:00:00+00:00", "a\0"]),
    _cursor(["n", "2026-01-01T00:00:00+00:00", "\ud800"]),
    _cursor(["n", "2026-01-01T00:00:00+00:00", None]),
    _cursor(["n", "2026-01-01T00:00:00+00:00", 2**70]),
    _cursor(["n", "2026-01-01T00:00:00+00:00", "s1", "s2"]),
    _cursor(["n", "0001-01-01T00:00:00+14:00", "s1"]),
    _cursor(["n", "9999-12-31T23:59:59-14:00", "s1"]),
    base64.urlsafe_b64encode(b"[" * 30_000).decode(),
)


@pytest.mark.django_db
@pytest.mark.parametrize("cursor", BAD)
def test_a_cursor_that_we_never_made_is_refused(cursor: str) -> None:
    with pytest.raises(BadCursor):
        _page(cursor, ("expire_date",), 2)


@pytest.mark.django_db
@given(st.text(max_size=60))
@settings(max_examples=60, deadline=None)
def test_no_text_breaks_a_list(cursor: str) -> None:
    with suppress(BadCursor):
        assert len(_page(cursor, ("-expire_date",), 2)) == 0


def test_a_page_is_walked_in_a_template() -> None:
    page = Page([Session(session_key="a"), Session(session_key="b")], next_cursor="n")
    template = Template("{% for row in page %}{{ row.pk }}{% endfor %} {{ page|length }} {{ page.next_cursor }}")
    assert template.render(Context({"page": page})) == "ab 2 n"
