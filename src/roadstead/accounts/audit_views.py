"""The page of the record: who did what to which thing, and when."""

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from roadstead.accounts.access import require
from roadstead.accounts.deeds import DEEDS
from roadstead.accounts.particulars import particulars_of
from roadstead.accounts.permissions import Action
from roadstead.audit.selectors import events_like
from roadstead.core.pages import actor_of, signed_in
from roadstead.core.paging import page_of

if TYPE_CHECKING:
    from roadstead.audit.models import Event

# The names of the pages that show a thing; one that isn't installed has none.
_PAGES = {
    "catalog.app": "app",
    "catalog.version": "version",
    "reviews.submission": "review",
    "clusters.cluster": "instance",
    "runtimes.environment": "environment",
    "runtimes.credential": "credential",
    "accounts.user": "person",
    "accounts.role": "role",
}


@signed_in
@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """Show the record, newest first, by verb, person and thing."""
    require(actor_of(request), Action.CHANGE_SETTINGS)
    asked = {name: request.GET.get(name, "").strip() for name in ("verb", "person", "thing")}
    page = page_of(events_like(**asked), cursor=request.GET.get("cursor", ""), order=("-id",), size=50)
    rows = [(event, DEEDS.get(event.verb, ""), _address(event), list(particulars_of(event))) for event in page]
    return render(request, "accounts/audit.html", {"nav": "audit", "page": page, "rows": rows, **asked})


def _address(event: "Event") -> str:
    try:
        return reverse(_PAGES[event.subject_type], args=[event.subject_id])
    except (KeyError, NoReverseMatch):
        return ""
