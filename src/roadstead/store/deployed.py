"""What somebody has deployed, app by app."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from roadstead.clusters import selectors as clusters
from roadstead.core.pages import actor_of, signed_in
from roadstead.core.paging import page_of
from roadstead.store import selectors


@signed_in
@require_safe
def deployed_apps(request: HttpRequest) -> HttpResponse:
    """List the apps of which a person has instances, the last deployed first."""
    rows = clusters.last_deployments(actor_of(request))
    page = page_of(rows, cursor=request.GET.get("cursor", ""), order=("-created_at", "id"))
    listed = selectors.listed_among([row.app_id for row in page])
    context = {"nav": "deployed", "page": page, "rows": [(row, row.app_id in listed) for row in page]}
    return render(request, "store/deployed.html", context)
