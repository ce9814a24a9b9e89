"""What every view needs: who is there, where to go back to, and how a refusal becomes a page."""

import time
from functools import wraps
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from roadstead.core.errors import DomainError, Invalid, Missing
from roadstead.core.web_types import GetResponse, View

if TYPE_CHECKING:
    from roadstead.accounts.models import User


class SignInFirst(DomainError):
    """Nobody is signed in, and this needs somebody; on a page it leads to the sign-in."""

    status = 401
    code = "auth_failure"
    words = _("Sign in to go on.")


class ProveFirst(DomainError):
    """A dangerous act in a session whose person hasn't shown for a while that it is them; on a page it leads to where they can."""

    status = 403
    code = "confirm_first"
    words = _("Confirm that it is you to go on.")


# When somebody last signed in or confirmed in this session, in seconds since 1970; and for how long that holds.
PROVEN_AT = "proven_at"
PROOF_HOLDS = 15 * 60


class NameDiffers(Invalid):
    """Deleting asks for the name, and another one came."""

    code = "name_differs"
    words = _("“%(typed)s” isn't its name, so nothing was deleted. Type “%(wanted)s”.")


def actor_of(request: HttpRequest) -> "User":
    """Return who is signed in, or raise `SignInFirst`."""
    if not request.user.is_authenticated:
        raise SignInFirst
    return request.user


def signed_in(view: View) -> View:
    """Lead anonymous people to the sign-in and then back here."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        actor_of(request)
        return view(request, *args, **kwargs)

    return guarded


def note_proof(request: HttpRequest) -> None:
    """Note that the person of this session has just proven who they are; the session lasts its full time from now."""
    request.session[PROVEN_AT] = time.time()


def require_proof(request: HttpRequest) -> None:
    """Raise `ProveFirst` unless the person has proven lately who they are: an unlocked screen isn't enough for this."""
    actor_of(request)
    if time.time() - request.session.get(PROVEN_AT, 0) > PROOF_HOLDS:
        raise ProveFirst


def safe_next(request: HttpRequest, default: str = "") -> str:
    """Return the address that `next` names if it is one of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return wanted if ours else default


def is_fragment(request: HttpRequest) -> bool:
    """Whether HTMX asks for a part of a page; a boosted link wants the whole one."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"


def confirm_name(request: HttpRequest, wanted: str) -> None:
    """Refuse to delete a thing whose name wasn't typed."""
    typed = request.POST.get("name", "").strip()
    if typed != wanted:
        raise NameDiffers(field="name", typed=typed, wanted=wanted)


class RefusalMiddleware:
    """Turns a refusal that a view let pass into its page. The API has an answer of its own."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let the request through; refusals come by `process_exception`."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a `DomainError`; "no such page" of a view looks like any other missing thing."""
        if request.path.startswith("/api/"):
            return None
        if isinstance(exception, SignInFirst):
            return _away(request, "account_login", request.get_full_path() if request.method == "GET" else "")
        if isinstance(exception, ProveFirst):
            return _away(request, "account_confirm", _page_of_form(request))
        if isinstance(exception, Http404):
            return refusal(request, Missing())
        return refusal(request, exception) if isinstance(exception, DomainError) else None


def refusal(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Say a refusal as a page, or as a fragment where HTMX asked for one."""
    template = "frame/_refusal.html" if is_fragment(request) else "frame/refusal.html"
    return render(request, template, {"refusal": error}, status=error.status)


def _away(request: HttpRequest, name: str, back: str) -> HttpResponse:
    """Send the browser to another page first; what was posted isn't repeated, so a form's own page is where to come back."""
    address = reverse(name) + ("?" + urlencode({"next": back}) if back else "")
    if is_fragment(request):
        return HttpResponse(headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def _page_of_form(request: HttpRequest) -> str:
    """Return the address of our page that a form was sent from."""
    sent_from = urlsplit(request.headers.get("Referer", ""))
    if sent_from.netloc != request.get_host():
        return ""
    return sent_from.path + (f"?{sent_from.query}" if sent_from.query else "")
