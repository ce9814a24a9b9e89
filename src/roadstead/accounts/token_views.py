"""The page of one's tokens."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from roadstead.accounts import tokens
from roadstead.accounts.access import require
from roadstead.accounts.permissions import Action
from roadstead.accounts.token_forms import TokenForm
from roadstead.core.forms import carried_out
from roadstead.core.pages import actor_of, require_proof, signed_in

if TYPE_CHECKING:
    from roadstead.accounts.models import Token

SHOWN = 100


@never_cache
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def token_list(request: HttpRequest) -> HttpResponse:
    """List one's tokens; POST makes one and shows its value, this once."""
    actor = actor_of(request)
    require(actor, Action.MANAGE_CLIENTS)
    if request.method == "POST":
        require_proof(request)
    form = TokenForm(request.POST or None)
    made: list[tuple[Token, str]] = []
    if carried_out(request, form, lambda **fields: made.append(tokens.create_token(actor=actor, **fields))):
        token, value = made[0]
        return render(request, "accounts/token_shown.html", {"nav": "account", "token": token, "value": value})
    context = {"nav": "account", "tokens": tokens.tokens_of(actor)[:SHOWN], "form": form}
    return render(request, "accounts/tokens.html", context, status=form.status)


@signed_in
@require_POST
def token_revoke(request: HttpRequest, token_id: str) -> HttpResponse:
    """End a token."""
    token = tokens.revoke_token(actor=actor_of(request), token_id=token_id)
    messages.success(request, _("The token “%(name)s” doesn't work any more.") % {"name": token.name})
    return redirect("tokens")
