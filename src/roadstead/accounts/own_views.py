"""One's own account, and the platform's rules."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from roadstead.accounts import people, rules, sign_in
from roadstead.accounts.access import require
from roadstead.accounts.people_forms import OwnForm, PasswordForm, RulesForm
from roadstead.accounts.permissions import Action
from roadstead.core.forms import carried_out
from roadstead.core.pages import actor_of, signed_in

if TYPE_CHECKING:
    from roadstead.accounts.models import User


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Show one's own account; POST changes name and language."""
    actor = actor_of(request)
    form = OwnForm(request.POST or None, initial={"name": actor.name, "language": actor.language or settings.LANGUAGE_CODE})
    if carried_out(request, form, people.edit_own_data, actor=actor):
        messages.success(request, _("Saved."))
        answer = redirect("account")
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, form.cleaned_data["language"], samesite="Lax")
        return answer
    return render(request, "accounts/account.html", {"nav": "account", "form": form, "password": PasswordForm()}, status=form.status)


@sensitive_post_parameters()
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def account_password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; this session goes on, others end."""
    actor = actor_of(request)
    form = PasswordForm(request.POST or None)
    changed: list[User] = []

    def change(**fields: Any) -> None:
        with sign_in.counted(request, actor, field="current"):
            changed.append(people.change_own_password(actor=actor, **fields))

    if carried_out(request, form, change):
        update_session_auth_hash(request, changed[0])
        messages.success(request, _("The password was changed. Other devices have to sign in again."))
        return redirect("account")
    own = OwnForm(initial={"name": actor.name, "language": actor.language or settings.LANGUAGE_CODE})
    return render(request, "accounts/account.html", {"nav": "account", "form": own, "password": form}, status=form.status)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def platform_settings(request: HttpRequest) -> HttpResponse:
    """Show and change the platform's limits and times."""
    actor = actor_of(request)
    require(actor, Action.CHANGE_SETTINGS)
    form = RulesForm(request.POST or None, initial=rules.shown_values())
    if carried_out(request, form, lambda **values: rules.set_rules(actor=actor, values=values)):
        messages.success(request, _("Saved. The new values hold from now on."))
        return redirect("platform_settings")
    context = {
        "nav": "settings",
        "title": _("Platform settings"),
        "intro": _("Limits and times that hold for everybody. Who changed what is on the audit page."),
        "form": form,
        "verb": _("Save"),
    }
    return render(request, "frame/form.html", context, status=form.status)
