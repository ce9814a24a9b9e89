"""The page on which the makers of an app see who runs it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from roadstead.catalog import selectors as catalog
from roadstead.clusters import selectors as clusters
from roadstead.core.errors import NotPermitted
from roadstead.core.pages import actor_of, signed_in
from roadstead.core.paging import page_of
from roadstead.store.workbench import head_of


@signed_in
@require_safe
def app_instances(request: HttpRequest, app_id: str) -> HttpResponse:
    """List the instances that customers run of an app, newest first, by state and by what somebody remembers of one."""
    actor = actor_of(request)
    app = catalog.app_for(actor, app_id)
    if not clusters.may_see_customers(actor, app):
        raise NotPermitted
    status, words = (request.GET.get(name, "").strip() for name in ("status", "q"))
    rows = clusters.instances_of_customers(actor, app, status=status, search=words)
    page = page_of(rows, cursor=request.GET.get("cursor", ""), order=("-created_at", "id"))
    context = {
        **head_of(actor, app),
        "tab": "instances",
        "page": page,
        "rows": clusters.as_customers(actor, page),
        "words": words,
        "status": status,
        "states": clusters.STATUS_STATES.values(),
    }
    return render(request, "store/app_instances.html", context)
