"""The frame's own switches."""

from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.views.decorators.http import require_POST

from roadstead.core.errors import DomainError, TooMuch
from roadstead.core.pages import refusal, safe_next
from roadstead.web.schemes import COOKIE, SCHEMES, SYSTEM

_YEAR = 365 * 24 * 3_600


@require_POST
def scheme(request: HttpRequest) -> HttpResponse:
    """Keep the chosen colour scheme in a cookie and go back."""
    wanted = request.POST.get("scheme", SYSTEM)
    answer = HttpResponseRedirect(safe_next(request, "/"))
    answer.set_cookie(
        COOKIE, wanted if wanted in SCHEMES else SYSTEM, max_age=_YEAR, samesite="Lax", httponly=True, secure=request.is_secure()
    )
    return answer


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say in the reader's language that a request was refused before any view saw it."""
    if isinstance(exception, DisallowedHost):
        # Pages name this host in their addresses; for a host that isn't ours there is none.
        return HttpResponseBadRequest(DomainError().message, content_type="text/plain; charset=utf-8")
    return refusal(request, TooMuch() if isinstance(exception, RequestDataTooBig) else DomainError())
