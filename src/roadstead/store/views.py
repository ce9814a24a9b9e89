"""The store's face: home, search, the page of an app, pictures."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from roadstead.blobs import services as blobs
from roadstead.core.errors import Missing
from roadstead.store import selectors
from roadstead.store.conditional import etag_of, keep, page_etag, unchanged
from roadstead.store.schemas import Page, Version

FEATURES = 2
PAGE = 24
TABS = ("introduction", "instructions", "versions", "terms")


@require_GET
def store_home(request: HttpRequest) -> HttpResponse:
    """Show what is in the store, newest first, or what a search finds."""
    words = request.GET.get("q", "").strip()[:200]
    cursor = request.GET.get("cursor", "")
    page = selectors.search(words, cursor=cursor, size=PAGE)
    etag = page_etag(request, *(item.etag for item in page.items))
    if answer := unchanged(request, etag):
        return answer
    cards = [item.as_card for item in page.items]
    first_page = not words and not cursor
    context = {
        "nav": "store",
        "words": words,
        "page": page,
        "cards": cards,
        "features": cards[:FEATURES] if first_page and len(cards) > FEATURES else [],
    }
    return keep(render(request, "store/home.html", context), etag)


@require_GET
def store_app(request: HttpRequest, app_id: str) -> HttpResponse:
    """Show one app as it was released."""
    document = selectors.document_of(app_id)
    etag = page_etag(request, document.etag)
    if answer := unchanged(request, etag):
        return answer
    page = document.as_page
    chosen = _chosen(page, request.GET.get("version", ""), request.GET.get("type", ""))
    tab = request.GET.get("tab", "")
    context = {
        "nav": "store",
        "app": page,
        "tab": tab if tab in TABS else TABS[0],
        "chosen": chosen,
        "offered": [version for version in page.versions if version.type == chosen.type],
    }
    return keep(render(request, "store/offer.html", context), etag)


def _chosen(page: Page, version_id: str, kind: str) -> Version:
    """Return the version that was asked for, the newest of a delivery type, or the newest of the first."""
    by_id = [version for version in page.versions if version.id == version_id]
    by_kind = [version for version in page.versions if version.type == kind]
    return (by_id or by_kind or page.versions)[0]


@require_GET
def store_deploy(request: HttpRequest, app_id: str) -> HttpResponse:
    """Go from the store's card to the deploy form of the chosen version; strangers sign in on the way."""
    page = selectors.document_of(app_id).as_page
    address = reverse("deploy", args=[_chosen(page, request.GET.get("version", ""), "").id])
    if request.user.is_authenticated:
        return redirect(address)
    return redirect(f"{reverse('account_login')}?{urlencode({'next': address})}")


@require_GET
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
