"""The engine of this machine, for administrators: what it is, who may use it, what lives there, and what nobody owns."""

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from roadstead.accounts.access import require
from roadstead.accounts.permissions import Action
from roadstead.core.forms import Refusable, carried_out
from roadstead.core.pages import actor_of, signed_in
from roadstead.runtimes import granting, selectors, sweeping, this_machine
from roadstead.runtimes.residents import numbers_in, residents_of

if TYPE_CHECKING:
    from roadstead.core.web_types import Context


class GrantForm(Refusable):
    """Whom to let use this machine."""

    email = forms.EmailField(label=gettext_lazy("E-mail address"), help_text=gettext_lazy("Of somebody who is active here"))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def machine(request: HttpRequest) -> HttpResponse:
    """Show the engine and who may use it, and let somebody use it."""
    actor = actor_of(request)
    require(actor, Action.CHANGE_SETTINGS)
    form = GrantForm(request.POST or None)
    if carried_out(request, form, granting.grant_machine, actor=actor):
        messages.success(request, _("They may use this machine now, and find it among their environments."))
        return redirect("this_machine")
    rows = list(selectors.machine_environments())
    # Only where somebody lives is asked who.
    numbers = numbers_in([row.pk for row in rows])
    places = [(row, residents_of(actor, row.pk)) for row in rows if numbers.get(row.pk)]
    context: Context = {
        "nav": "this-machine",
        "form": form,
        "found": this_machine.look() if this_machine.offered() else None,
        "grants": selectors.grants_visible_to(actor),
        "places": places,
        "number": sum(len(living) for _row, living in places),
        "asked": request.GET.get("ask", ""),
    }
    return render(request, "runtimes/machine.html", context, status=form.status)


@signed_in
@require_POST
def machine_withdraw(request: HttpRequest, grant_id: str) -> HttpResponse:
    """Take the use of this machine back."""
    grant = granting.withdraw_machine(actor=actor_of(request), grant_id=grant_id)
    messages.success(request, _("%(name)s can't use this machine any more.") % {"name": grant.person.name})
    return redirect("this_machine")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def machine_sweep(request: HttpRequest) -> HttpResponse:
    """Show what no instance owns, and take it away."""
    actor = actor_of(request)
    require(actor, Action.CHANGE_SETTINGS)
    if request.method != "POST":
        context: Context = {"nav": "this-machine", "swept": sweeping.leftovers(), "asked": request.GET.get("ask", "")}
        return render(request, "runtimes/sweep.html", context)
    swept = sweeping.sweep(actor=actor)
    number = len(swept.gone)
    messages.success(request, ngettext("%(number)d thing is gone.", "%(number)d things are gone.", number) % {"number": number})
    return redirect("this_machine_sweep")
