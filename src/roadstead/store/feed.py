"""What the API answers, read by statements that are written by hand: building these two queries anew costs more than running them."""

import base64
import binascii
from typing import NamedTuple

from django.db import connection

from roadstead.core.errors import Missing
from roadstead.core.paging import BadCursor
from roadstead.store.tokens import query_of

_LIST = "SELECT place, id, card, etag FROM store_listing WHERE NOT suspended"
_FOUND = "AND id IN (SELECT rowid FROM store_search WHERE store_search MATCH %s)"
_FURTHER = "AND (place, id) < (%s, %s)"
_ORDER = "ORDER BY place DESC, id DESC LIMIT %s"
_ONE = "SELECT page, etag FROM store_listing WHERE app_id = %s AND NOT suspended"
_LARGEST = 2**63


class Item(NamedTuple):
    """A row of the list: `card` is JSON, ready to serve."""

    place: int
    id: int
    card: bytes
    etag: str


class Feed(NamedTuple):
    """A page of the list; `next_cursor` is empty on the last one."""

    items: list[Item]
    next_cursor: str


def feed(*, text: str = "", cursor: str = "", size: int = 20) -> Feed:
    """Return the page after a cursor, the last released first, of all listings or of those that have every word of a text."""
    statement: list[str] = [_LIST]
    values: list[str | int] = []
    if query := query_of(text):
        statement.append(_FOUND)
        values.append(query)
    if cursor:
        statement.append(_FURTHER)
        values += _decoded(cursor)
    with connection.cursor() as database:
        database.execute(" ".join([*statement, _ORDER]), [*values, size + 1])
        items = [Item(place, number, bytes(card), etag) for place, number, card, etag in database.fetchall()]
    more = len(items) > size
    return Feed(items[:size], _encoded(items[size - 1]) if more else "")


def document_of(app_id: str) -> tuple[bytes, str]:
    """Return an app's whole document and its ETag."""
    with connection.cursor() as database:
        database.execute(_ONE, [app_id])
        row = database.fetchone()
    if row is None:
        raise Missing
    return bytes(row[0]), row[1]


def _encoded(item: Item) -> str:
    return base64.urlsafe_b64encode(f"{item.place} {item.id}".encode()).decode().rstrip("=")


def _decoded(cursor: str) -> tuple[int, int]:
    try:
        place, number = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode("ascii").split(" ")
        values = int(place), int(number)
    except (binascii.Error, ValueError) as error:
        raise BadCursor(field="cursor") from error
    if max(map(abs, values)) >= _LARGEST:
        raise BadCursor(field="cursor")
    return values
