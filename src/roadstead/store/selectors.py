"""Reads of the store: one indexed query each, and nothing of the working copies.

The queries are written by hand, because building them anew costs more than running them. The order of the store is `place`, which
is the row number of the search table too, so that a search walks its own index newest first and stops when a page is full.
"""

import base64
import binascii
import re
from typing import NamedTuple

from django.db import connection

from roadstead.catalog import selectors as catalog
from roadstead.core.errors import Missing
from roadstead.core.paging import BadCursor
from roadstead.store.models import Listing
from roadstead.store.schemas import Card, Page
from roadstead.store.tokens import query_of

_LARGEST = 2**63 - 1
_LISTED = "SELECT place, card, etag FROM store_listing WHERE NOT suspended AND place < %s ORDER BY place DESC LIMIT %s"
_FOUND = (
    "SELECT place, card, etag FROM store_listing WHERE place IN ("
    "SELECT rowid FROM store_search WHERE store_search MATCH %s AND rowid < %s ORDER BY rowid DESC LIMIT %s"
    ") ORDER BY place DESC"
)
_DOCUMENT = "SELECT page, etag FROM store_listing WHERE app_id = %s AND NOT suspended"
_DIGEST = re.compile(r"[0-9a-f]{64}")


class Item(NamedTuple):
    """A row of the store's list; `card` is JSON, ready to serve."""

    place: int
    card: bytes
    etag: str

    @property
    def as_card(self) -> Card:
        """The same, to be read by a page."""
        return Card.model_validate_json(self.card)


class Feed(NamedTuple):
    """A page of the store's list; `next_cursor` is empty on the last one."""

    items: list[Item]
    next_cursor: str


class Document(NamedTuple):
    """All that the store shows of an app, as JSON, ready to serve."""

    page: bytes
    etag: str

    @property
    def as_page(self) -> Page:
        """The same, to be read by a page."""
        return Page.model_validate_json(self.page)


def search(text: str = "", *, cursor: str = "", size: int = 20) -> Feed:
    """Return the listings that have every word of a text, the last released first; all of them when there is no word in it."""
    before = _decoded(cursor) if cursor else _LARGEST
    query = query_of(text)
    with connection.cursor() as database:
        database.execute(_FOUND if query else _LISTED, [*filter(None, [query]), before, size + 1])
        items = [Item(place, bytes(card), etag) for place, card, etag in database.fetchall()]
    return Feed(items[:size], _encoded(items[size - 1].place) if len(items) > size else "")


def document_of(app_id: str) -> Document:
    """Return what the store shows of an app; one that isn't in the store is missing."""
    with connection.cursor() as database:
        database.execute(_DOCUMENT, [app_id])
        row = database.fetchone()
    if row is None:
        raise Missing
    return Document(bytes(row[0]), row[1])


def is_listed(app_id: str) -> bool:
    """Whether the store shows an app now."""
    return Listing.objects.filter(app_id=app_id, suspended=False).exists()


def is_icon(digest: str) -> bool:
    """Whether a file is a picture of an app: nothing else of the content store is ever handed out by its digest."""
    if not _DIGEST.fullmatch(digest):
        return False
    return Listing.objects.filter(icon=digest).exists() or catalog.is_icon(digest)


def _encoded(place: int) -> str:
    return base64.urlsafe_b64encode(str(place).encode()).decode().rstrip("=")


def _decoded(cursor: str) -> int:
    try:
        place = int(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError) as error:
        raise BadCursor(field="cursor") from error
    if not 0 <= place <= _LARGEST:
        raise BadCursor(field="cursor")
    return place
