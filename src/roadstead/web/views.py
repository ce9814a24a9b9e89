"""What the frame itself offers: the colour scheme, and the search of the workbench."""

from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST, require_safe

from roadstead.core.errors import DomainError, TooMuch
from roadstead.core.pages import actor_of, is_fragment, refusal, safe_next, signed_in
from roadstead.web.context import Frame
from roadstead.web.finding import found_for
from roadstead.web.schemes import COOKIE, SCHEMES, SYSTEM

WORDS = 100
_YEAR = 365 * 24 * 3_600


@signed_in
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Find what this person can open; HTMX gets the list alone, while somebody types."""
    words = request.GET.get("q", "").strip()[:WORDS]
    context = {"words": words, "sections": found_for(actor_of(request), words)}
    return render(request, "frame/_found.html" if is_fragment(request) else "frame/search.html", context)


@require_POST
def scheme(request: HttpRequest) -> HttpResponse:
    """Keep the chosen colour scheme in a cookie and go back."""
    wanted = request.POST.get("scheme", SYSTEM)
    answer = HttpResponseRedirect(safe_next(request, "/"))
    answer.set_cookie(
        COOKIE, wanted if wanted in SCHEMES else SYSTEM, max_age=_YEAR, samesite="Lax", httponly=True, secure=request.is_secure()
    )
    return answer


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that the fault is ours, in the reader's language and colours; nothing is asked of the database, which may be the fault."""
    return HttpResponse(render_to_string("500.html", {"frame": Frame(request)}), status=500)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say in the reader's language that a request was refused before any view saw it."""
    if isinstance(exception, DisallowedHost):
        # Pages name this host in their addresses; for a host that isn't ours there is none.
        return HttpResponseBadRequest(DomainError().message, content_type="text/plain; charset=utf-8")
    return refusal(request, TooMuch() if isinstance(exception, RequestDataTooBig) else DomainError())
