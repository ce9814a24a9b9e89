"""The store for programs: public, one query a call, made of bytes that were written at release."""

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from roadstead.core.paging import page_of
from roadstead.store import selectors
from roadstead.store.conditional import etag_of, keep, unchanged
from roadstead.store.schemas import Cards, Page

router = Router(tags=["store"])


@router.get("/apps", response={200: Cards}, auth=None, operation_id="list_store_apps")
def list_apps(
    request: HttpRequest, cursor: str = "", limit: int = Query(20, ge=1, le=100), q: str = Query("", max_length=200)
) -> HttpResponse:
    """List the apps of the store, the last released first; `q` finds words of name, introduction, provider and keywords."""
    page = page_of(selectors.search(q), cursor=cursor, order=selectors.NEWEST_FIRST, size=limit)
    etag = etag_of((page.next_cursor, *(listing.etag for listing in page)))
    if answer := unchanged(request, etag):
        return answer
    body = b'{"items":[%b],"next_cursor":"%b"}' % (b",".join(bytes(listing.card) for listing in page), page.next_cursor.encode())
    return keep(HttpResponse(body, content_type="application/json"), etag)


@router.get("/apps/{app_id}", response={200: Page}, auth=None, operation_id="get_store_app")
def get_app(request: HttpRequest, app_id: str) -> HttpResponse:
    """Return one app of the store with its versions."""
    listing = selectors.listing_of(app_id)
    etag = etag_of((listing.etag,))
    return unchanged(request, etag) or keep(HttpResponse(bytes(listing.page), content_type="application/json"), etag)
