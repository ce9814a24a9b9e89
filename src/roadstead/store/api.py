"""The store for programs: public, one query a call, made of bytes that were written at release; and the routers of what leads there."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from roadstead.core.api import Id
from roadstead.store.apps_api import app_router as apps
from roadstead.store.categories_api import category_router as categories
from roadstead.store.conditional import etag_of, keep, unchanged
from roadstead.store.overview_api import overview_router as overview
from roadstead.store.overview_api import record_router
from roadstead.store.schemas import Cards, Page
from roadstead.store.selectors import document_of, search
from roadstead.store.versions_api import version_router as versions

__all__ = ["apps", "categories", "overview", "router", "versions"]
Limit = Annotated[int, Field(ge=1, le=100)]
Words = Annotated[str, Field(max_length=200)]
Category = Annotated[str, Field(max_length=32)]

router = Router(tags=["store"])
versions.add_router("", record_router)


@router.get("/apps", response={200: Cards, 304: None}, auth=None, operation_id="list_store_apps")
def list_apps(request: HttpRequest, cursor: str = "", limit: Limit = 20, q: Words = "", category: Category = "") -> HttpResponse:
    """List the apps of the store, the last released first; `q` finds words of name, introduction, provider and keywords."""
    page = search(q, category=category, cursor=cursor, size=limit)
    etag = etag_of((page.next_cursor, *(item.etag for item in page.items)))
    if answer := unchanged(request, etag):
        return answer
    body = b'{"items":[%b],"next_cursor":"%b"}' % (b",".join(item.card for item in page.items), page.next_cursor.encode())
    return keep(HttpResponse(body, content_type="application/json"), etag)


@router.get("/apps/{app_id}", response={200: Page, 304: None}, auth=None, operation_id="get_store_app")
def get_app(request: HttpRequest, app_id: Id) -> HttpResponse:
    """Return one app of the store with its versions."""
    document = document_of(app_id)
    etag = etag_of((document.etag,))
    return unchanged(request, etag) or keep(HttpResponse(document.page, content_type="application/json"), etag)
