"""Reads of the store: one indexed query each, and nothing of the working copies."""

import re

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from roadstead.catalog import selectors as catalog
from roadstead.core.errors import Missing
from roadstead.store.models import Listing
from roadstead.store.schemas import Card, Page
from roadstead.store.tokens import query_of

NEWEST_FIRST = ("-place", "-id")
_DIGEST = re.compile(r"[0-9a-f]{64}")


def listings() -> QuerySet[Listing]:
    """Return what the store shows, with only what a list needs of each."""
    return Listing.objects.filter(suspended=False).only("id", "app_id", "place", "card", "etag")


def search(text: str) -> QuerySet[Listing]:
    """Return the listings that have every word of a text; all of them when there is no word in it."""
    query = query_of(text)
    if not query:
        return listings()
    return listings().filter(pk__in=RawSQL("SELECT rowid FROM store_search WHERE store_search MATCH %s", [query]))


def listing_of(app_id: str) -> Listing:
    """Return an app's listing; one that isn't in the store is missing."""
    listing = Listing.objects.filter(app_id=app_id, suspended=False).only("id", "app_id", "page", "etag").first()
    if listing is None:
        raise Missing
    return listing


def card_of(listing: Listing) -> Card:
    """Read a listing's item of the list."""
    return Card.model_validate_json(bytes(listing.card))


def page_of_app(listing: Listing) -> Page:
    """Read a listing's whole document."""
    return Page.model_validate_json(bytes(listing.page))


def is_listed(app_id: str) -> bool:
    """Whether the store shows an app now."""
    return Listing.objects.filter(app_id=app_id, suspended=False).exists()


def is_icon(digest: str) -> bool:
    """Whether a file is a picture of an app: nothing else of the content store is ever handed out by its digest."""
    if not _DIGEST.fullmatch(digest):
        return False
    return Listing.objects.filter(icon=digest).exists() or catalog.is_icon(digest)
