"""Fills a store with copies of an app that went the whole way."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from roadstead.store import words
from roadstead.store.factories import listing as released
from roadstead.store.services import MICROSECONDS
from roadstead.store.tokens import stored_tokens

if TYPE_CHECKING:
    from roadstead.catalog.models import App
    from roadstead.store.models import Listing

PIECE = 1_000
ONE_IN = 20  # so many have the words that the search asks for
INTRODUCTION = "全球使用最广的博客系统，适合个人与团队"


def main(count: str) -> None:
    """Fill the store of this process's data folder."""
    fill(int(count))


@transaction.atomic
def fill(count: int) -> None:
    """Copy one real listing, so that the size of what is served is real too."""
    first = released(name="wordpress", introduction=INTRODUCTION)
    tokens = stored_tokens(INTRODUCTION)
    kind = type(first)
    for start in range(0, count, PIECE):
        apps = type(first.app).objects.bulk_create(_app(first.app, number) for number in range(start, start + PIECE))
        listings = kind.objects.bulk_create(_listing(first, made, number) for number, made in enumerate(apps, start))
        said = [("app", str(number), *(tokens if number % ONE_IN == 0 else ())) for number in range(start, start + len(listings))]
        words.write((made.place, each) for made, each in zip(listings, said, strict=True))


def _app(first: "App", number: int) -> "App":
    return type(first)(owner=first.owner, owner_path=first.owner_path, provider=first.provider, name=f"app {number}", status=first.status)


def _listing(first: "Listing", app: "App", number: int) -> "Listing":
    card, page = (bytes(text).replace(first.app_id.encode(), app.pk.encode()) for text in (first.card, first.page))
    at = first.listed_at - timedelta(seconds=number + 1)
    place = int(at.timestamp() * MICROSECONDS)
    etag = f"{first.etag}-{number}"
    return type(first)(app=app, name=app.name, info=first.info, card=card, page=page, etag=etag, listed_at=at, place=place)
