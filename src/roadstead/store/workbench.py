"""The developer's pages of an app: the list, the way of creating one, its versions."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from roadstead.accounts.access import may, require
from roadstead.accounts.permissions import Action
from roadstead.catalog import selectors as catalog
from roadstead.catalog import services as apps
from roadstead.catalog.errors import NoProvider
from roadstead.clusters import selectors as clusters
from roadstead.core.errors import DomainError
from roadstead.core.pages import actor_of, confirm_name, signed_in
from roadstead.core.paging import page_of
from roadstead.reviews import selectors as reviews
from roadstead.store import selectors
from roadstead.store.deliveries import ADDABLE, deliveries_of, missing_types, trials_of
from roadstead.store.figures import figures_of
from roadstead.store.forms import IconForm, PackageForm
from roadstead.store.history import history_of
from roadstead.store.sample import FILENAME, NAME, sample_chart, sample_folder, sample_icon, sample_machines
from roadstead.store.uploads import takes_upload
from roadstead.vendors.selectors import provider_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from roadstead.accounts.models import User
    from roadstead.catalog.models import App
    from roadstead.core.problems import Words
_SAMPLE_SAYS: "dict[str, Words]" = {
    "helm": gettext_lazy("The sample application is here.\nSubmit its version for review, or deploy it for a test first."),
    "vm": gettext_lazy(
        "The sample for machines is here.\nBuild its two images where the machines will run: the file README.md has the commands."
    ),
}


@signed_in
@require_safe
def my_apps(request: HttpRequest) -> HttpResponse:
    """List a person's apps and those of their department, the last changed first; an administrator's own only."""
    actor = actor_of(request)
    reached = catalog.apps_visible_to(actor)
    return _list(request, reached.filter(owner=actor) if may(actor, Action.SUSPEND) else reached, nav="apps")


def _list(request: HttpRequest, apps_shown: "QuerySet[App]", *, nav: str) -> HttpResponse:
    actor = actor_of(request)
    words = request.GET.get("q", "").strip()
    rows = catalog.with_versions(catalog.apps_named(apps_shown, words).select_related("provider", "owner"))
    page = page_of(rows, cursor=request.GET.get("cursor", ""), order=("-updated_at", "id"))
    deployments = selectors.deployments_among([app.pk for app in page])
    context = {
        "nav": nav,
        "page": page,
        "rows": [(app, catalog.versions_by_type(app), deployments.get(app.pk, 0)) for app in page],
        "words": words,
        "may_create": may(actor, Action.CREATE_APP) and provider_of(actor) is not None,
        "has_sample": sample_folder() is not None,
    }
    return render(request, "store/my_apps.html", context)


@signed_in
@takes_upload
@require_http_methods(["GET", "HEAD", "POST"])
def app_new(request: HttpRequest) -> HttpResponse:
    """Steps one and two of creating an app: choose how it is delivered, then upload its first package."""
    actor = actor_of(request)
    _require_maker(actor)
    delivery = request.GET.get("delivery", "")
    if delivery not in ADDABLE:
        return render(request, "store/app_new.html", {"nav": "apps", "choices": ADDABLE})
    form = PackageForm.of(request)
    if form.is_valid():
        file = form.cleaned_data["package"]
        try:
            upload = apps.check_upload(data=file.read(), filename=file.name, delivery=delivery)
            return redirect("app_confirm", apps.create_app(actor=actor, upload=upload).app_id)
        except DomainError as error:
            form.refuse(error)
    return render(request, "store/app_upload.html", {"nav": "apps", "form": form, "delivery": delivery}, status=form.status)


def _require_maker(actor: "User") -> None:
    require(actor, Action.CREATE_APP)
    if provider_of(actor) is None:
        raise NoProvider


@signed_in
@require_POST
def app_sample(request: HttpRequest) -> HttpResponse:
    """Create the sample application from its chart or its package for machines, or add that to the `app` that has the other."""
    actor, delivery, beside = actor_of(request), request.POST.get("delivery", "helm"), request.POST.get("app", "")
    data = sample_machines() if delivery == "vm" else sample_chart()
    upload = apps.check_upload(data=data, filename=FILENAME, delivery=delivery)
    if beside:
        version = apps.add_version(actor=actor, app_id=beside, upload=upload)
    else:
        version = apps.create_app(actor=actor, upload=upload, icon=sample_icon())
    messages.success(request, str(_SAMPLE_SAYS.get(delivery, _SAMPLE_SAYS["helm"])))
    return redirect("version", version.pk)


@signed_in
@takes_upload
@require_http_methods(["GET", "HEAD", "POST"])
def app_confirm(request: HttpRequest, app_id: str) -> HttpResponse:
    """Step three: what the check found, and the app's picture."""
    actor = actor_of(request)
    app = catalog.app_for(actor, app_id)
    form = IconForm.of(request)
    if form.is_valid():
        try:
            if picture := form.icon_bytes():
                apps.edit_app(actor=actor, app_id=app_id, icon=picture)
            return redirect("app_created", app_id)
        except DomainError as error:
            form.refuse(error)
    context = {"nav": "apps", "app": app, "version": catalog.versions_of(app).first(), "form": form}
    return render(request, "store/app_confirm.html", context, status=form.status)


@signed_in
@require_safe
def app_created(request: HttpRequest, app_id: str) -> HttpResponse:
    """Say that the app is there, and what comes next."""
    app = catalog.app_for(actor_of(request), app_id)
    return render(request, "store/app_created.html", {"nav": "apps", "app": app, "version": catalog.versions_of(app).first()})


@signed_in
@require_safe
def app_page(request: HttpRequest, app_id: str) -> HttpResponse:
    """Show an app's versions by delivery type, and the test instances of it."""
    actor = actor_of(request)
    app = catalog.app_for(actor, app_id)
    versions = list(catalog.every_version_of(app))
    deliveries = deliveries_of(versions)
    listing = selectors.listing_of(app_id)
    context = {
        **head_of(actor, app),
        "tab": "versions",
        "deliveries": deliveries,
        "figures": figures_of(app, versions, listing),
        "addable": ADDABLE,
        "missing": missing_types(deliveries),
        "is_sample": app.chart_name == NAME and sample_folder() is not None,
        "tests": trials_of(actor, app=app),
        "listed": listing is not None and not listing.suspended,
        "may_edit": may(actor, Action.EDIT_APP, app),
        "may_delete": may(actor, Action.DELETE_APP, app) and not any(delivery.count for delivery in deliveries),
    }
    return render(request, "store/app.html", context)


@signed_in
@require_safe
def app_record(request: HttpRequest, app_id: str) -> HttpResponse:
    """Show what happened to each version of an app, deleted ones too: one version is open, the newest unless it is named."""
    actor = actor_of(request)
    app = catalog.app_for(actor, app_id)
    page = page_of(catalog.every_version_of(app).order_by(), cursor=request.GET.get("cursor", ""), order=("-created_at", "id"))
    versions = list(page)
    opened = request.GET.get("version") or (versions[0].pk if versions else "")
    version = next((row for row in versions if row.pk == opened), None)
    context = {
        **head_of(actor, app),
        "tab": "record",
        "page": page,
        "versions": versions,
        "opened": version,
        "history": history_of(version, reviews.history_of(version)) if version else [],
    }
    return render(request, "store/record.html", context)


@signed_in
@require_POST
def app_delete(request: HttpRequest, app_id: str) -> HttpResponse:
    """Delete an app without versions, whose name was typed."""
    actor = actor_of(request)
    app = catalog.app_for(actor, app_id)
    confirm_name(request, app.name)
    apps.delete_app(actor=actor, app_id=app_id)
    messages.success(request, _("%(name)s is deleted. Its record stays.") % {"name": app.name})
    return redirect("my_apps")


def head_of(actor: "User", app: "App") -> dict[str, object]:
    """Return what the head of an app's pages needs."""
    return {"nav": nav_of(actor, app), "app": app, "sees_customers": clusters.may_see_customers(actor, app)}


def nav_of(actor: "User", app: "App") -> str:
    """Return the list that an app is reached from: one's own, or everybody's for those who keep the store."""
    return "all-apps" if app.owner_id != actor.pk and may(actor, Action.SUSPEND) else "apps"
