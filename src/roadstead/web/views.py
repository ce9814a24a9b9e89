"""The frame's own switches."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from roadstead.core.pages import safe_next
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
