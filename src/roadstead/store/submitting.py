"""The way into review: check the app's information, check the version, see what the store would show, submit."""

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from roadstead.accounts.access import may, require
from roadstead.accounts.permissions import Action
from roadstead.catalog import selectors as catalog
from roadstead.catalog import services as apps
from roadstead.catalog.errors import VersionInWrongState
from roadstead.catalog.track import Verb, next_status
from roadstead.core.errors import DomainError
from roadstead.core.pages import actor_of, signed_in
from roadstead.reviews import selectors as reviews
from roadstead.reviews import services as review
from roadstead.store import services
from roadstead.store.forms import InformationForm, LogForm, information_of
from roadstead.store.uploads import takes_upload
from roadstead.store.views import shown

if TYPE_CHECKING:
    from roadstead.accounts.models import User
    from roadstead.catalog.models import Version

STEPS = ("information", "version", "preview")


@signed_in
@takes_upload
@require_http_methods(["GET", "HEAD", "POST"])
def version_prepare(request: HttpRequest, version_id: str) -> HttpResponse:
    """Show one of the three steps before submitting; the first two save what is changed there."""
    actor = actor_of(request)
    version = catalog.version_for(actor, version_id)
    require(actor, Action.SUBMIT, version)
    if next_status(version.status, Verb.SUBMIT) is None:
        raise VersionInWrongState(state=version.state.word)
    step = request.GET.get("step", "")
    if step == "preview":
        return _preview_step(request, version)
    return _version_step(request, actor, version) if step == "version" else _information_step(request, actor, version)


def _information_step(request: HttpRequest, actor: "User", version: "Version") -> HttpResponse:
    app = version.app
    editable = may(actor, Action.EDIT_APP, app) and not catalog.is_locked(app)
    form = InformationForm.of(request, **information_of(app))
    if form.is_valid():
        try:
            apps.edit_app(actor=actor, app_id=app.pk, icon=form.icon_bytes(), remove_icon=form.removes_icon, **form.fields_of_app())
            return _to(version, "version")
        except DomainError as error:
            form.refuse(error)
    context = {"nav": "apps", "app": app, "version": version, "form": form, "editable": editable, "step": 1}
    return render(request, "store/prepare_information.html", context, status=form.status)


def _version_step(request: HttpRequest, actor: "User", version: "Version") -> HttpResponse:
    form = LogForm.of(request, description=version.description)
    if form.is_valid():
        try:
            apps.edit_version(actor=actor, version_id=version.pk, description=form.cleaned_data["description"])
            return _to(version, "preview")
        except DomainError as error:
            form.refuse(error)
    editable = may(actor, Action.EDIT_APP, version)
    context = {"nav": "apps", "app": version.app, "version": version, "form": form, "editable": editable, "step": 2}
    return render(request, "store/prepare_version.html", context, status=form.status)


def _preview_step(request: HttpRequest, version: "Version") -> HttpResponse:
    page = services.preview_of(version)
    chosen = next(row for row in page.versions if row.id == version.pk)
    return render(request, "store/prepare_preview.html", shown(request, page, chosen) | {"version": version, "step": 3})


def _to(version: "Version", step: str) -> HttpResponse:
    answer = redirect("version_prepare", version.pk)
    answer["Location"] += f"?step={step}"
    return answer


@signed_in
@require_POST
def version_submit(request: HttpRequest, version_id: str) -> HttpResponse:
    """Send a version into review."""
    review.submit(actor=actor_of(request), version_id=version_id)
    return redirect("version_submitted", version_id)


@signed_in
@require_safe
def version_submitted(request: HttpRequest, version_id: str) -> HttpResponse:
    """Say that the version is on its way, and who looks at it next."""
    version = catalog.version_for(actor_of(request), version_id)
    context = {"nav": "apps", "app": version.app, "version": version, "buoys": reviews.track_of(version), "step": 4}
    return render(request, "store/submitted.html", context)
