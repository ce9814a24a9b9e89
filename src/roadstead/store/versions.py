"""The developer's page of a version, and what can be done there."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from roadstead.accounts.access import require
from roadstead.accounts.permissions import Action
from roadstead.blobs import services as blobs
from roadstead.catalog import selectors as catalog
from roadstead.catalog import services as apps
from roadstead.catalog.errors import VersionInWrongState
from roadstead.core.errors import DomainError, Missing
from roadstead.core.pages import actor_of, confirm_name, signed_in
from roadstead.core.problems import Problem
from roadstead.core.source import highlight
from roadstead.reviews import selectors as reviews
from roadstead.reviews import services as review
from roadstead.store import selectors, services
from roadstead.store.deliveries import ADDABLE, loss_of, trials_of
from roadstead.store.forms import LogForm, NewVersionForm, PackageForm
from roadstead.store.history import history_of, last_rejection
from roadstead.store.offers import offers_to
from roadstead.store.uploads import takes_upload
from roadstead.store.workbench import nav_of

if TYPE_CHECKING:
    from roadstead.catalog.models import Version

ENOUGH_SCREENSHOTS = 3


@signed_in
@takes_upload
@require_http_methods(["GET", "HEAD", "POST"])
def version_new(request: HttpRequest, app_id: str) -> HttpResponse:
    """Add a version to an app: of a delivery type that it has, or as the first one of another."""
    actor = actor_of(request)
    app = catalog.app_for(actor, app_id)
    require(actor, Action.CREATE_APP)
    require(actor, Action.EDIT_APP, app)
    delivery = request.GET.get("type", "") or next(iter(ADDABLE))
    if delivery not in ADDABLE:
        raise Missing
    form = NewVersionForm.of(request)
    if form.is_valid():
        file = form.cleaned_data["package"]
        try:
            upload = apps.check_upload(data=file.read(), filename=file.name, delivery=delivery)
            made = apps.add_version(actor=actor, app_id=app_id, upload=upload, description=form.cleaned_data["description"])
            messages.success(
                request, _("Version %(name)s is here as a draft.\nSubmit it for review when it is ready.") % {"name": made.name}
            )
            return redirect("version", made.pk)
        except DomainError as error:
            form.refuse(error)
    context = {"nav": "apps", "app": app, "form": form, "delivery": delivery, "what": ADDABLE[delivery]}
    return render(request, "store/version_new.html", context, status=form.status)


@signed_in
@require_safe
def version_page(request: HttpRequest, version_id: str) -> HttpResponse:
    """Show a version's way to the store and what it is made of."""
    return _page(request, catalog.version_for(actor_of(request), version_id))


def _page(request: HttpRequest, version: "Version", *, log_form: LogForm | None = None) -> HttpResponse:
    actor = actor_of(request)
    submissions = list(reviews.history_of(version))
    buoys = reviews.track_of(version, submissions)
    offers = offers_to(actor, version, buoys)
    history = history_of(version, submissions)
    tests = trials_of(actor, version=version)
    context = {
        "nav": nav_of(actor, version.app),
        "app": version.app,
        "version": version,
        "buoys": buoys,
        "offers": offers,
        "listed": offers.primary == "view" or selectors.is_listed(version.app_id),
        "history": history,
        "tests": tests,
        "loss": loss_of(version, tests),
        "rejection": last_rejection(history),
        "forced": reviews.forced_decision_of(version, submissions),
        "log_form": log_form or LogForm.of(request, description=version.description),
        "unready": _unready(version) if offers.primary == "submit" else [],
        **_of_machines(version),
    }
    return render(request, "store/version.html", context, status=log_form.status if log_form else 200)


def _of_machines(version: "Version") -> dict[str, Any]:
    """What a package for machines makes with its own answers, and what was odd about it."""
    if version.type != "vm":
        return {}
    warnings = [Problem.from_store(one) for one in version.facts.get("warnings", [])]
    rendered = version.facts.get("manifests", "")
    return {"warnings": warnings, "cluster": highlight(blobs.read(rendered).decode(), path="cluster.json") if rendered else []}


def _unready(version: "Version") -> list[str]:
    """Say what reviewers will miss in the app's information."""
    app = version.app
    there = [
        (app.introduction.strip(), _("the introduction")),
        (app.description.strip(), _("the description")),
        (app.readme.strip(), _("the instructions")),
        (version.description.strip(), _("the update log")),
        (len(app.screenshots) >= ENOUGH_SCREENSHOTS, _("at least three screenshots")),
    ]
    return [word for is_there, word in there if not is_there]


@signed_in
@takes_upload
@require_http_methods(["GET", "HEAD", "POST"])
def version_package(request: HttpRequest, version_id: str) -> HttpResponse:
    """Replace a draft's package."""
    actor = actor_of(request)
    version = catalog.version_for(actor, version_id)
    require(actor, Action.EDIT_APP, version)
    if catalog.is_frozen(version):
        raise VersionInWrongState(state=version.state.word)
    form = PackageForm.of(request)
    if form.is_valid():
        file = form.cleaned_data["package"]
        try:
            upload = apps.check_upload(data=file.read(), filename=file.name, delivery=version.type)
            apps.edit_version(actor=actor, version_id=version_id, upload=upload)
            messages.success(request, _("The package is replaced. The version is a draft with a new digest."))
            return redirect("version", version_id)
        except DomainError as error:
            form.refuse(error)
    context = {"nav": "apps", "app": version.app, "version": version, "form": form, "delivery": version.type}
    return render(request, "store/version_package.html", context, status=form.status)


@signed_in
@require_safe
def version_download(request: HttpRequest, version_id: str) -> HttpResponse:
    """Hand out a version's package, byte for byte."""
    version = catalog.version_for(actor_of(request), version_id)
    answer = HttpResponse(blobs.read(version.package), content_type="application/octet-stream")
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=version.package_name)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@signed_in
@require_POST
def version_log(request: HttpRequest, version_id: str) -> HttpResponse:
    """Change a draft's update log."""
    actor = actor_of(request)
    version = catalog.version_for(actor, version_id)
    form = LogForm.of(request)
    if not form.is_valid():
        return _page(request, version, log_form=form)
    apps.edit_version(actor=actor, version_id=version_id, description=form.cleaned_data["description"])
    return _done(request, version_id, _("The update log is saved."))


@signed_in
@require_POST
def version_withdraw(request: HttpRequest, version_id: str) -> HttpResponse:
    """Take a version back from review."""
    review.withdraw(actor=actor_of(request), version_id=version_id)
    return _done(request, version_id, _("The review is withdrawn.\nThe version is a draft again, and you can change it."))


@signed_in
@require_POST
def version_release(request: HttpRequest, version_id: str) -> HttpResponse:
    """Put a passed version into the store."""
    listing = services.release(actor=actor_of(request), version_id=version_id)
    return _done(request, version_id, _("%(name)s is in the store.\nEverybody can deploy this version now.") % {"name": listing.name})


@signed_in
@require_POST
def version_suspend(request: HttpRequest, version_id: str) -> HttpResponse:
    """Take a version out of the store."""
    services.suspend(actor=actor_of(request), version_id=version_id, reason=request.POST.get("reason", "").strip()[:500])
    return _done(request, version_id, _("The version is out of the store.\nInstances that run go on running."))


@signed_in
@require_POST
def version_recover(request: HttpRequest, version_id: str) -> HttpResponse:
    """Put a suspended version back into the store."""
    services.recover(actor=actor_of(request), version_id=version_id)
    return _done(request, version_id, _("The version is in the store again."))


@signed_in
@require_POST
def version_delete(request: HttpRequest, version_id: str) -> HttpResponse:
    """Delete a version whose name was typed."""
    actor = actor_of(request)
    version = catalog.version_for(actor, version_id)
    confirm_name(request, version.name)
    services.delete_version(actor=actor, version_id=version_id)
    messages.success(request, _("Version %(name)s is deleted. Its record stays.") % {"name": version.name})
    return redirect("app", version.app_id)


def _done(request: HttpRequest, version_id: str, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("version", version_id)
