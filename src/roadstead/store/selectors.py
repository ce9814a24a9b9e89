"""Reads of the store: one indexed query each, and nothing of the working copies.

The queries are written by hand, because building them anew costs more than running them. The order of the store is `place`, which
is the row number of the search table too, so that a search walks its own index newest first and stops when a page is full.
"""

import base64
import binascii
import re
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from django.db import connection
from django.db.models import Exists, OuterRef, Sum

from roadstead.catalog import selectors as catalog
from roadstead.catalog.track import Status
from roadstead.core.errors import Missing
from roadstead.core.paging import BadCursor
from roadstead.store import words
from roadstead.store.errors import LeftTheStore
from roadstead.store.models import UNCATEGORIZED, Listing, Shelf
from roadstead.store.schemas import Card, Page
from roadstead.store.tokens import shelf_token, terms_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from roadstead.catalog.models import App

_LARGEST = 2**63 - 1
_ITEMS = "SELECT place, card, etag, deployments FROM store_listing WHERE "
_LISTED = _ITEMS + "NOT suspended AND place < %s ORDER BY place DESC LIMIT %s"
_SHELVED = _ITEMS + "NOT suspended AND category = %s AND place < %s ORDER BY place DESC LIMIT %s"
_MOST_DEPLOYED = _ITEMS + "NOT suspended AND deployments > 0 ORDER BY deployments DESC, place DESC LIMIT %s"
_FOUND = {vendor: _ITEMS + "place IN (" + engine.places + ") ORDER BY place DESC" for vendor, engine in words.ENGINES.items()}
_DOCUMENT = "SELECT page, etag, deployments, category, suspended, name FROM store_listing WHERE app_id = %s"
_DIGEST = re.compile(r"[0-9a-f]{64}")


class Item(NamedTuple):
    """A row of the store's list; `card` is JSON, ready to serve."""

    place: int
    card: bytes
    etag: str
    deployments: int

    @property
    def as_card(self) -> Card:
        """The same, to be read by a page."""
        return Card.model_validate_json(self.card)


class Feed(NamedTuple):
    """A page of the store's list; `next_cursor` is empty on the last one."""

    items: list[Item]
    next_cursor: str


class ShelfRow(NamedTuple):
    """A category as the store shows it; `word` is its name in the active language."""

    id: str
    word: str
    icon: str
    listed: int


class Standing(NamedTuple):
    """How an app stands in the store: how often it was deployed, and when it was released last."""

    deployments: int
    listed_at: datetime


class Document(NamedTuple):
    """All that the store shows of an app, as JSON, ready to serve."""

    page: bytes
    etag: str
    deployments: int
    category: str

    @property
    def as_page(self) -> Page:
        """The same, to be read by a page."""
        return Page.model_validate_json(self.page)


def search(text: str = "", *, category: str = "", cursor: str = "", size: int = 20) -> Feed:
    """Return the listings that have every word of a text, the last released first; all of them when there is no word in it."""
    before = _decoded(cursor) if cursor else _LARGEST
    if category and not shelf_token(category):
        return Feed([], "")  # no category is called so, and nothing can be looked for
    terms = terms_of(text, category=category)
    if terms:
        items = _items(_FOUND[connection.vendor], words.engine().query(terms), before, size + 1)
    elif category:
        items = _items(_SHELVED, category, before, size + 1)
    else:
        items = _items(_LISTED, before, size + 1)
    return Feed(items[:size], _encoded(items[size - 1].place) if len(items) > size else "")


def most_deployed(size: int = 20) -> Feed:
    """Return the listings that were deployed most often; those that never were are none of them."""
    return Feed(_items(_MOST_DEPLOYED, size), "")


def _items(query: str, *values: str | int) -> list[Item]:
    with connection.cursor() as database:
        database.execute(query, values)
        return [Item(place, bytes(card), etag, deployments) for place, card, etag, deployments in database.fetchall()]


def document_of(app_id: str) -> Document:
    """Return what the store shows of an app; one that isn't in the store is missing, and one that was says so."""
    with connection.cursor() as database:
        database.execute(_DOCUMENT, [app_id])
        row = database.fetchone()
    if row is None:
        raise Missing
    page, etag, deployments, category, suspended, name = row
    if suspended:
        raise LeftTheStore(name=name)
    return Document(bytes(page), etag, deployments, category)


def shelves(*, every: bool = False) -> list[ShelfRow]:
    """Return the categories with the number of apps in each; the one of apps without a category only when it has some, or for `every`."""
    counts = dict(Shelf.objects.values_list("category", "listed"))
    rows = [ShelfRow(row.pk, row.word, row.icon, counts.get(row.pk, 0)) for row in catalog.categories()]
    return [row for row in rows if every or row.listed or row.id != UNCATEGORIZED]


def shelf(category: str) -> ShelfRow | None:
    """Return one category by its id, without its number of apps."""
    row = catalog.categories().filter(pk=category).first()
    return ShelfRow(row.pk, row.word, row.icon, 0) if row else None


def is_listed(app_id: str) -> bool:
    """Whether the store shows an app now."""
    return Listing.objects.filter(app_id=app_id, suspended=False).exists()


def deployments_among(app_ids: "Iterable[str]") -> dict[str, int]:
    """Return how often each of some apps was deployed, as far as they were ever in the store."""
    return dict(Listing.objects.filter(app_id__in=app_ids).values_list("app_id", "deployments"))


def standing_among(app_ids: "Iterable[str]") -> dict[str, Standing]:
    """Return how each of some apps stands in the store, or stood there last."""
    rows = Listing.objects.filter(app_id__in=app_ids).values_list("app_id", "deployments", "listed_at")
    return {app_id: Standing(deployments, listed_at) for app_id, deployments, listed_at in rows}


def listing_of(app_id: str) -> Listing | None:
    """Return the listing of an app, suspended or not."""
    return Listing.objects.filter(app_id=app_id).defer("card", "page", "info").first()


def listed_among(app_ids: "Iterable[str]") -> set[str]:
    """Which of some apps the store shows now."""
    return set(Listing.objects.filter(app_id__in=app_ids, suspended=False).values_list("app_id", flat=True))


def deployed_most(apps: "QuerySet[App] | None", size: int) -> list[Listing]:
    """Return the listings that were deployed most often: of some apps, or of all."""
    rows = Listing.objects.filter(suspended=False, deployments__gt=0).order_by("-deployments", "-place")
    # Each row on its own, so that the index of what was deployed most is walked, and only until there are enough.
    rows = rows if apps is None else rows.filter(Exists(apps.filter(pk=OuterRef("app"))))
    return list(rows.defer("card", "page", "info")[:size])


def listed_sum() -> "tuple[QuerySet[Shelf], Sum]":
    """Return what is to be added up to know how many apps are in the store."""
    return Shelf.objects.all(), Sum("listed")


def listed_number(apps: "QuerySet[App]") -> int:
    """Return how many of some apps are in the store."""
    # An app is active as long as the store shows it; counting apps is three times as quick as counting their listings.
    return apps.filter(status=Status.ACTIVE).count()


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
