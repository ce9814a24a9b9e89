"""The store's face: home, search, the page of an app, pictures."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from roadstead.blobs import services as blobs
from roadstead.core.errors import Missing
from roadstead.store import selectors
from roadstead.store.conditional import etag_of, keep, page_etag, unchanged
from roadstead.store.contents import with_contents
from roadstead.store.schemas import Page, Version

FEATURES = 2
PAGE = 24
TABS = ("introduction", "instructions", "versions", "terms")


@require_safe
def store_home(request: HttpRequest) -> HttpResponse:
    """Show what is in the store, newest first or most deployed, one category of it, or what a search finds."""
    words = request.GET.get("q", "").strip()[:200]
    cursor = request.GET.get("cursor", "")
    shelves = selectors.shelves()
    shelf = _shelf(shelves, request.GET.get("category", ""))
    popular = request.GET.get("order") == "deployed" and not words and not shelf
    if popular:
        page = selectors.most_deployed(PAGE)
    else:
        page = selectors.search(words, category=shelf.id if shelf else "", cursor=cursor, size=PAGE)
    etag = page_etag(request, *(f"{item.etag} {item.deployments}" for item in page.items), repr(shelves))
    if answer := unchanged(request, etag):
        return answer
    plain = not (words or cursor or shelf or popular)
    context = {
        "nav": "store",
        "words": words,
        "shelves": shelves,
        "shelf": shelf,
        "popular": popular,
        "total": sum(row.listed for row in shelves),
        "page": page,
        "features": page.items[:FEATURES] if plain and len(page.items) > FEATURES else [],
    }
    return keep(render(request, "store/home.html", context), etag)


def _shelf(shelves: list[selectors.ShelfRow], category: str) -> selectors.ShelfRow | None:
    """Return the shelf that was asked for; one that isn't there is missing."""
    if not category:
        return None
    chosen = next((row for row in shelves if row.id == category), None)
    if chosen is None:
        raise Missing
    return chosen


@require_safe
def store_app(request: HttpRequest, app_id: str) -> HttpResponse:
    """Show one app as it was released."""
    document = selectors.document_of(app_id)
    shelf = selectors.shelf(document.category)
    etag = page_etag(request, document.etag, str(document.deployments), shelf.word if shelf else "")
    if answer := unchanged(request, etag):
        return answer
    page = document.as_page
    chosen = _chosen(page, request.GET.get("version", ""), request.GET.get("type", ""))
    context = shown(request, page, chosen) | {"shelf": shelf, "deployments": document.deployments}
    return keep(render(request, "store/offer.html", context), etag)


def shown(request: HttpRequest, page: Page, chosen: Version) -> dict[str, Any]:
    """Return what the page of an app is made of: its document, the tab that is open, the version that is chosen."""
    tab = request.GET.get("tab", "")
    instructions, headings = with_contents(page.instructions_html) if tab == "instructions" else ("", [])
    return {
        "nav": "store",
        "app": page,
        "instructions": instructions,
        "headings": headings,
        "tab": tab if tab in TABS else TABS[0],
        "chosen": chosen,
        "offered": [version for version in page.versions if version.type == chosen.type],
    }


def _chosen(page: Page, version_id: str, kind: str) -> Version:
    """Return the version that was asked for, the newest of a delivery type, or the newest of the first."""
    by_id = [version for version in page.versions if version.id == version_id]
    by_kind = [version for version in page.versions if version.type == kind]
    return (by_id or by_kind or page.versions)[0]


@require_safe
def store_deploy(request: HttpRequest, app_id: str) -> HttpResponse:
    """Go from the store's card to the deploy form of the chosen version; strangers sign in on the way."""
    page = selectors.document_of(app_id).as_page
    address = reverse("deploy", args=[_chosen(page, request.GET.get("version", ""), "").id])
    if request.user.is_authenticated:
        return redirect(address)
    return redirect(f"{reverse('account_login')}?{urlencode({'next': address})}")


@require_safe
def icon(request: HttpRequest, digest: str) -> HttpResponse:
    """Hand out an app's picture. A digest names the bytes for ever, so that a browser never asks twice."""
    if not selectors.is_icon(digest):
        raise Missing
    etag = etag_of((digest,))
    if known := unchanged(request, etag):
        return known
    answer = HttpResponse(blobs.read(digest), content_type="image/png")
    answer["Cache-Control"] = "public, max-age=31536000, immutable"
    answer["Content-Disposition"] = 'inline; filename="icon.png"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["ETag"] = etag
    return answer
