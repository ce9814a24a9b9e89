"""Signing in and out, and the way to everybody's own first page."""

from functools import partial
from typing import Any

from allauth.account.views import AccountInactiveView, LoginView, LogoutView
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from roadstead.accounts import personas, sign_in
from roadstead.accounts.forms import ConfirmForm
from roadstead.accounts.models import Portal
from roadstead.accounts.sign_in import start_session
from roadstead.core.errors import Missing
from roadstead.core.forms import carried_out
from roadstead.core.pages import actor_of, safe_next, signed_in

_HOMES = {Portal.ADMIN: "/workbench/reviews", Portal.PROVIDER: "/workbench/apps", Portal.USER: "/"}


class SignInView(LoginView):
    """The sign-in page; under `--demo` it also offers the sample people."""

    template_name = "accounts/sign_in.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add where to go afterwards and who can be tried."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"next": safe_next(self.request), "personas": personas.offered(self.request)}

    def form_invalid(self, form: Form) -> HttpResponse:
        """Show the form again, with a status that says so."""
        response: HttpResponse = super().form_invalid(form)
        response.status_code = 422
        return response


class SignOutView(LogoutView):
    """Asks on GET, signs out on POST."""

    template_name = "accounts/sign_out.html"


class SuspendedView(AccountInactiveView):
    """What a suspended person sees after the right password."""

    template_name = "accounts/suspended.html"


@sensitive_post_parameters()
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Ask who is signed in for the password once more, before a dangerous act; then lead back to where it is done."""
    user = actor_of(request)
    form = ConfirmForm(request.POST or None)
    back = safe_next(request, "/home")
    if carried_out(request, form, partial(sign_in.confirm, request), user=user):
        return HttpResponseRedirect(back)
    own = [(persona, one) for persona, one in personas.offered(request) if one == user]
    return render(request, "accounts/confirm.html", {"form": form, "next": back, "personas": own}, status=form.status)


@require_POST
def persona(request: HttpRequest, persona_id: str) -> HttpResponse:
    """Sign in as a sample person; where that isn't allowed there is no such page."""
    chosen = [user for offered, user in personas.offered(request) if offered.id == persona_id]
    if not chosen:
        raise Missing
    start_session(request, chosen[0], "persona")
    return HttpResponseRedirect(safe_next(request, "/home"))


def home(request: HttpRequest) -> HttpResponse:
    """Lead to the first page of the person's portal."""
    address = _HOMES[Portal(actor_of(request).role.portal)]
    try:
        resolve(address)
    except Resolver404:
        address = "/"
    return HttpResponseRedirect(address)
