"""Environments: the list, the page of one, and the form that makes one."""

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from roadstead.accounts.access import may
from roadstead.accounts.permissions import Action
from roadstead.core.errors import DomainError, Invalid, NotPermitted, WrongState
from roadstead.core.pages import actor_of, safe_next, signed_in
from roadstead.core.paging import page_of
from roadstead.runtimes import registry, selectors, services
from roadstead.runtimes.forms import EnvironmentForm
from roadstead.runtimes.models import Environment
from roadstead.runtimes.residents import numbers_in, residents_of

if TYPE_CHECKING:
    from roadstead.accounts.models import User
    from roadstead.core.web_types import Context


@signed_in
@require_safe
def environments(request: HttpRequest) -> HttpResponse:
    """List the environments that a person reaches; `?test=1` or `0` shows one kind."""
    actor, test = actor_of(request), request.GET.get("test", "")
    rows = selectors.listed(actor, debug={"1": True, "0": False}.get(test))
    page = page_of(rows, cursor=request.GET.get("cursor", ""), order=("-created_at",))
    purposes = selectors.purposes_open_to(actor)
    kinds = [("", _("All")), ("0", _("For running")), ("1", _("For testing"))]
    tabs = kinds if True in purposes else [("", _("Environments"))]
    numbers = numbers_in([row.pk for row in page])
    context = {"nav": "environments", "page": page, "test": test, "tabs": tabs, "may_create": bool(purposes)}
    context["rows"] = [_card(actor, row, numbers.get(row.pk, 0)) for row in page]
    return render(request, "runtimes/environments.html", context)


def _card(actor: "User", row: Environment, number: int) -> "Context":
    """Return what the card of an environment shows; while something lives there, nothing offers to delete it."""
    return {
        "environment": row,
        "number": number,
        "kind": selectors.provider_title(row.provider),
        "own": row.owner_id == actor.pk,
        "may_edit": may(actor, Action.EDIT_ENVIRONMENT, row),
        "may_delete": not number and not row.granted and may(actor, Action.DELETE_ENVIRONMENT, row),
        "zoned": selectors.names_zone(row.provider),
    }


@signed_in
@require_safe
def environment(request: HttpRequest, environment_id: str) -> HttpResponse:
    """Show one environment."""
    actor = actor_of(request)
    found = selectors.environment_for(actor, environment_id)
    residents = residents_of(actor, found.pk)
    context = {
        "nav": "environments",
        "environment": found,
        "provider": selectors.provider_title(found.provider),
        "residents": residents,
        "may_edit": may(actor, Action.EDIT_ENVIRONMENT, found),
        "may_delete": not found.granted and may(actor, Action.DELETE_ENVIRONMENT, found),
        "zoned": selectors.names_zone(found.provider),
        "asked": request.GET.get("ask", ""),
    }
    return render(request, "runtimes/environment.html", context)


@never_cache
@sensitive_post_parameters("content")
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def environment_new(request: HttpRequest) -> HttpResponse:
    """Make an environment; with `next`, go back there with the new one chosen."""
    actor = actor_of(request)
    purposes = selectors.purposes_open_to(actor)
    if not purposes:
        raise NotPermitted
    saved = selectors.own_credentials(actor).filter(debug__in=purposes)
    if request.method != "POST":
        initial = {"debug": request.GET.get("test") == "1", "provider": request.GET.get("provider", "")}
        return _form_page(request, EnvironmentForm(initial=initial, purposes=purposes, saved=saved))
    form = EnvironmentForm(request.POST, purposes=purposes, saved=saved)
    if not form.is_valid():
        return _form_page(request, form, status=422)
    try:
        made = services.create_environment(actor=actor, **form.wish())
    except (Invalid, WrongState) as error:
        if error.field not in form.fields:
            raise
        form.add_error(error.field, error.message)
        return _form_page(request, form, error=error, status=error.status)
    return _created(request, made)


def _created(request: HttpRequest, made: Environment) -> HttpResponse:
    messages.success(request, _("The environment “%(name)s” is ready: apps can be deployed to it now.") % {"name": made.name})
    back = safe_next(request)
    if not back:
        return redirect("environment", made.pk, permanent=False)
    parts = urlsplit(back)
    query = [(name, value) for name, value in parse_qsl(parts.query) if name != "environment"]
    return redirect(urlunsplit(parts._replace(query=urlencode([*query, ("environment", made.pk)]))))


def _choice(request: HttpRequest, name: str) -> "Context":
    """Return a platform that can be chosen, and where: what brought the reader here goes along."""
    query = {name: value for name, value in request.GET.items() if name in {"test", "next"}}
    runs = {"helm": _("runs Helm charts"), "vm": _("runs machines")}[selectors.delivery_of(name)]
    return {"id": name, "title": selectors.provider_title(name), "runs": runs, "address": "?" + urlencode({**query, "provider": name})}


def _form_page(request: HttpRequest, form: EnvironmentForm, *, error: DomainError | None = None, status: int = 200) -> HttpResponse:
    at_content = error.problems if error and error.field == "content" else ()
    context = {"nav": "environments", "form": form, "asks": form.asked_provider.asks, "problems": at_content, "next": safe_next(request)}
    context["providers"] = [_choice(request, name) for name in registry.names()]
    return render(request, "runtimes/new.html", context, status=status)
