"""The pages of those who keep the store: the apps of all providers, and what can be done to each."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from roadstead.accounts.access import may, require
from roadstead.accounts.permissions import Action
from roadstead.catalog import selectors as catalog
from roadstead.catalog.track import Status
from roadstead.clusters import selectors as clusters
from roadstead.core.pages import actor_of, confirm_name, require_proof, signed_in
from roadstead.core.paging import page_of
from roadstead.store import selectors, services
from roadstead.store.figures import figures_of
from roadstead.store.record import record_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from roadstead.accounts.models import User
    from roadstead.catalog.models import App, Version
    from roadstead.clusters.models import Cluster

NAV = "all-apps"
# What the list can be narrowed to: the states that apps have.
STATES = (Status.ACTIVE, Status.SUSPENDED, Status.DRAFT)
REASON = 500
_INSTANCES = 10


@signed_in
@require_safe
def all_apps(request: HttpRequest) -> HttpResponse:
    """List the apps of all providers, the last changed first."""
    actor = actor_of(request)
    require(actor, Action.SUSPEND)
    words, status, provider = (request.GET.get(name, "").strip() for name in ("q", "status", "provider"))
    rows = catalog.with_versions(catalog.apps_named(catalog.apps_visible_to(actor), words).select_related("provider", "category"))
    if status in STATES:
        rows = rows.filter(status=status)
    if provider:
        rows = rows.filter(provider=provider)
    page = page_of(rows, cursor=request.GET.get("cursor", ""), order=("-updated_at", "id"))
    standing = selectors.standing_among([app.pk for app in page])
    context = {
        "nav": NAV,
        "page": page,
        "rows": [(app, catalog.versions_by_type(app), standing.get(app.pk)) for app in page],
        "words": words,
        "status": status,
        "states": [catalog.state_of(one) for one in STATES],
        "provider": next((app.provider for app in page), None) if provider else None,
        "filtered": bool(words or status or provider),
    }
    return render(request, "store/all_apps.html", context)


@signed_in
@require_safe
def keeper_app(request: HttpRequest, app_id: str) -> HttpResponse:
    """Show an app to those who keep the store: numbers, versions, instances, and the record."""
    actor, app = _app(request, app_id)
    versions = list(catalog.versions_of(app))
    listing = selectors.listing_of(app_id)
    context = {
        "nav": NAV,
        "app": app,
        "listing": listing,
        "versions": [(version, _acts(actor, version)) for version in versions],
        "suspends": any(version.status == Status.ACTIVE for version in versions),
        "recovers": any(version.status == Status.SUSPENDED for version in versions),
        "figures": figures_of(app, versions, listing),
        "instances": _instances(actor, app),
        "record": record_of(app),
    }
    return render(request, "store/keeper_app.html", context)


def _app(request: HttpRequest, app_id: str) -> "tuple[User, App]":
    actor = actor_of(request)
    app = catalog.app_for(actor, app_id)
    require(actor, Action.SUSPEND, app)
    return actor, app


def _acts(actor: "User", version: "Version") -> set[str]:
    """Return what can be done to a version here: the verbs that the services accept, deletion of a listed one among them."""
    verbs = {verb.value for verb in catalog.verbs_open_to(actor, version)} & {"suspend", "recover", "delete"}
    return verbs | ({"delete"} if "suspend" in verbs and may(actor, Action.DELETE_APP, version) else set())


def _instances(actor: "User", app: "App") -> "QuerySet[Cluster]":
    return clusters.deployments_of_app(app.pk, actor).select_related("version", "environment", "owner")[:_INSTANCES]


@signed_in
@require_POST
def app_suspend(request: HttpRequest, app_id: str) -> HttpResponse:
    """Take an app out of the store, with all of its versions."""
    app = services.suspend_app(actor=actor_of(request), app_id=app_id, reason=request.POST.get("reason", "").strip()[:REASON])
    return _done(request, app_id, _("%(name)s is out of the store.\nInstances that run go on running.") % {"name": app.name})


@signed_in
@require_POST
def app_recover(request: HttpRequest, app_id: str) -> HttpResponse:
    """Put an app back into the store, with all of its suspended versions."""
    app = services.recover_app(actor=actor_of(request), app_id=app_id)
    return _done(request, app_id, _("%(name)s is in the store again.") % {"name": app.name})


@signed_in
@require_POST
def keeper_version(request: HttpRequest, app_id: str, version_id: str) -> HttpResponse:
    """Suspend, recover or delete one version, and come back to the app."""
    actor = actor_of(request)
    version = catalog.version_for(actor, version_id)
    _app(request, app_id)
    match request.POST.get("verb"):
        case "suspend":
            services.suspend(actor=actor, version_id=version_id, reason=request.POST.get("reason", "").strip()[:REASON])
            words = _("The version is out of the store.\nInstances that run go on running.")
        case "delete":
            require_proof(request)
            confirm_name(request, version.name)
            services.delete_version(actor=actor, version_id=version_id)
            words = _("Version %(name)s is deleted. Its record stays.") % {"name": version.name}
        case _:
            services.recover(actor=actor, version_id=version_id)
            words = _("The version is in the store again.")
    return _done(request, app_id, words)


def _done(request: HttpRequest, app_id: str, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("keeper_app", app_id)
