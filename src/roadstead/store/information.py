"""The pages of an app's information: what the store will say about it, its pictures and its long texts."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from roadstead.accounts.access import require
from roadstead.accounts.permissions import Action
from roadstead.catalog import selectors as catalog
from roadstead.catalog import services as apps
from roadstead.core.errors import DomainError
from roadstead.core.pages import actor_of, signed_in
from roadstead.store.examples import EXAMPLES
from roadstead.store.forms import InformationForm, ScreenshotsForm, TextForm, information_of
from roadstead.store.uploads import takes_upload
from roadstead.store.workbench import head_of

if TYPE_CHECKING:
    from roadstead.catalog.models import App

TEXTS = {"instructions": "readme", "terms": "tos"}
_STEPS = {"up": -1, "down": 1}


@signed_in
@takes_upload
@require_http_methods(["GET", "HEAD", "POST"])
def app_information(request: HttpRequest, app_id: str) -> HttpResponse:
    """Edit the app's information, or one of its long texts with a preview."""
    actor = actor_of(request)
    app = catalog.app_for(actor, app_id)
    require(actor, Action.EDIT_APP, app)
    tab = request.GET.get("tab", "information")
    if tab in TEXTS:
        return _text_tab(request, app, tab)
    form = InformationForm.of(request, **information_of(app))
    if form.is_valid():
        try:
            apps.edit_app(actor=actor, app_id=app_id, icon=form.icon_bytes(), remove_icon=form.removes_icon, **form.fields_of_app())
            return _saved(request, app, "information")
        except DomainError as error:
            form.refuse(error)
    return _information_page(request, app, "information", form=form)


def _text_tab(request: HttpRequest, app: "App", tab: str) -> HttpResponse:
    column = TEXTS[tab]
    form = TextForm.of(request, text=getattr(app, column))
    preview = ""
    if form.is_valid():
        if "preview" in request.POST:
            preview = form.cleaned_data["text"]
        else:
            try:
                apps.edit_app(actor=actor_of(request), app_id=app.pk, **{column: form.cleaned_data["text"]})
                return _saved(request, app, tab)
            except DomainError as error:
                form.refuse(error)
    return _information_page(request, app, tab, form=form, preview=preview)


def _saved(request: HttpRequest, app: "App", tab: str) -> HttpResponse:
    messages.success(request, _("Saved.\nThe store shows it from the next release on."))
    answer = redirect("app_information", app.pk)
    answer["Location"] += f"?tab={tab}"
    return answer


def _information_page(request: HttpRequest, app: "App", tab: str, **more: Any) -> HttpResponse:
    locked = catalog.is_locked(app)
    context = {
        **head_of(actor_of(request), app),
        "tab": tab,
        "locked": locked,
        "example": str(EXAMPLES.get(tab, "")),
        **more,
    }
    if tab == "information":
        context.setdefault("pictures", ScreenshotsForm())
        context["room"] = not locked and len(app.screenshots) < apps.MOST_SCREENSHOTS
    status = max(form.status for form in (more["form"], more.get("pictures")) if form)
    return render(request, "store/information.html", context, status=status)


@signed_in
@takes_upload
@require_POST
def app_screenshots(request: HttpRequest, app_id: str) -> HttpResponse:
    """Add screenshots, move or delete the one whose digest is sent with the verb, or delete all."""
    actor = actor_of(request)
    app = catalog.app_for(actor, app_id)
    require(actor, Action.EDIT_APP, app)
    verb, _colon, digest = request.POST.get("do", "").partition(":")
    if verb in _STEPS:
        apps.move_screenshot(actor=actor, app_id=app_id, digest=digest, step=_STEPS[verb])
    elif verb == "delete":
        apps.delete_screenshot(actor=actor, app_id=app_id, digest=digest)
    elif verb == "clear":
        apps.clear_screenshots(actor=actor, app_id=app_id)
    else:
        return _add_screenshots(request, app)
    return _to_screenshots(app)


def _add_screenshots(request: HttpRequest, app: "App") -> HttpResponse:
    pictures = ScreenshotsForm.of(request)
    if pictures.is_valid():
        try:
            apps.add_screenshots(actor=actor_of(request), app_id=app.pk, pictures=pictures.pictures())
            return _to_screenshots(app)
        except DomainError as error:
            pictures.refuse(error)
    return _information_page(request, app, "information", form=InformationForm(initial=information_of(app)), pictures=pictures)


def _to_screenshots(app: "App") -> HttpResponse:
    answer = redirect("app_information", app.pk)
    answer["Location"] += "#screenshots"
    return answer
