"""Apps for programs: the working copies that developers edit, and what the keepers of the store do with them."""

from typing import TYPE_CHECKING, Annotated

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Query, Router
from ninja.files import UploadedFile

from roadstead.accounts.bearer import Bearer, Scope
from roadstead.accounts.repeating import once
from roadstead.catalog import selectors as catalog
from roadstead.catalog import services as apps
from roadstead.core.api import Id, PageOf, listed
from roadstead.core.pages import actor_of
from roadstead.store import services
from roadstead.store.receiving import checked, receives
from roadstead.store.working import AppEdit, AppsAsked, AppVersion, NewApp, Step, WholeApp, Why, WorkingApp

if TYPE_CHECKING:
    from roadstead.accounts.models import User

READ, WRITE = Bearer(Scope.APPS_READ), Bearer(Scope.APPS_WRITE)
Log = Annotated[str, Form(max_length=2_000)]
app_router = Router(tags=["apps"])


@app_router.get("", response=PageOf[WorkingApp], auth=READ, operation_id="list_apps")
def list_working_apps(request: HttpRequest, asked: Query[AppsAsked]) -> PageOf[WorkingApp]:
    """List the apps in reach: one's own, one's company's, or everybody's."""
    rows = catalog.apps_named(catalog.apps_visible_to(actor_of(request)), asked.q)
    wanted = {"status": asked.status, "provider": asked.provider, "category": asked.category}
    return listed(rows.filter(**{name: value for name, value in wanted.items() if value}), asked, WorkingApp.of, sort=asked.sort)


@app_router.post("", response={201: NewApp}, auth=WRITE, operation_id="create_app")
@receives
@once
def create_app(request: HttpRequest, package: File[UploadedFile]) -> NewApp:
    """Create an app from its first package, which becomes a draft version."""
    actor = actor_of(request)
    version = apps.create_app(actor=actor, upload=checked(package))
    return NewApp(app=WorkingApp.of(version.app), version=AppVersion.of(version, actor))


@app_router.get("/{app_id}", response=WholeApp, auth=READ, operation_id="get_app")
def get_working_app(request: HttpRequest, app_id: Id) -> WholeApp:
    """Return one app with its versions."""
    return _whole(actor_of(request), app_id)


def _whole(actor: "User", app_id: str) -> WholeApp:
    app = catalog.app_for(actor, app_id)
    return WholeApp.whole(app, list(catalog.versions_of(app)), actor)


@app_router.patch("/{app_id}", response=WholeApp, auth=WRITE, operation_id="edit_app")
def edit_app(request: HttpRequest, app_id: Id, sent: AppEdit) -> WholeApp:
    """Change an app's information; the store shows it from the next release on."""
    columns = sent.columns()
    apps.edit_app(actor=actor_of(request), app_id=app_id, icon=b"", remove_icon=False, **columns)
    return _whole(actor_of(request), app_id)


@app_router.delete("/{app_id}", response={204: None}, auth=WRITE, operation_id="delete_app")
def delete_app(request: HttpRequest, app_id: Id) -> HttpResponse:
    """Delete an app without versions."""
    apps.delete_app(actor=actor_of(request), app_id=app_id)
    return HttpResponse(status=204)


@app_router.post("/{app_id}/icon", response=WholeApp, auth=WRITE, operation_id="set_icon")
@receives
def set_icon(request: HttpRequest, app_id: Id, picture: File[UploadedFile]) -> WholeApp:
    """Give an app another icon: a PNG, JPEG or WebP, which is written anew."""
    app = catalog.app_for(actor_of(request), app_id)
    apps.edit_app(actor=actor_of(request), app_id=app.pk, icon=picture.read(apps.PICTURE_BYTES + 1))
    return _whole(actor_of(request), app_id)


@app_router.post("/{app_id}/screenshots", response=WholeApp, auth=WRITE, operation_id="add_screenshot")
@receives
def add_screenshot(request: HttpRequest, app_id: Id, picture: File[UploadedFile]) -> WholeApp:
    """Add a screenshot after the others."""
    app = catalog.app_for(actor_of(request), app_id)
    apps.add_screenshots(actor=actor_of(request), app_id=app.pk, pictures=[picture.read(apps.PICTURE_BYTES + 1)])
    return _whole(actor_of(request), app_id)


@app_router.delete("/{app_id}/screenshots/{digest}", response={204: None}, auth=WRITE, operation_id="delete_screenshot")
def delete_screenshot(request: HttpRequest, app_id: Id, digest: Id) -> HttpResponse:
    """Take a screenshot away; the store shows it until the next release."""
    apps.delete_screenshot(actor=actor_of(request), app_id=app_id, digest=digest)
    return HttpResponse(status=204)


@app_router.post("/{app_id}/screenshots/{digest}/move", response=WholeApp, auth=WRITE, operation_id="move_screenshot")
def move_screenshot(request: HttpRequest, app_id: Id, digest: Id, sent: Step) -> WholeApp:
    """Move a screenshot one place towards the beginning or the end."""
    apps.move_screenshot(actor=actor_of(request), app_id=app_id, digest=digest, step=sent.step)
    return _whole(actor_of(request), app_id)


@app_router.post("/{app_id}/versions", response={201: AppVersion}, auth=WRITE, operation_id="add_version")
@receives
@once
def add_version(request: HttpRequest, app_id: Id, package: File[UploadedFile], description: Log = "") -> AppVersion:
    """Add a draft version to an app."""
    actor = actor_of(request)
    app = catalog.app_for(actor, app_id)
    made = apps.add_version(actor=actor, app_id=app.pk, upload=checked(package), description=description)
    return AppVersion.of(made, actor)


@app_router.post("/{app_id}/suspend", response=WholeApp, auth=WRITE, operation_id="suspend_app")
def suspend_app(request: HttpRequest, app_id: Id, sent: Why) -> WholeApp:
    """Take every version of an app out of the store; what runs goes on running."""
    services.suspend_app(actor=actor_of(request), app_id=app_id, reason=sent.reason)
    return _whole(actor_of(request), app_id)


@app_router.post("/{app_id}/recover", response=WholeApp, auth=WRITE, operation_id="recover_app")
def recover_app(request: HttpRequest, app_id: Id) -> WholeApp:
    """Put every suspended version of an app back into the store."""
    services.recover_app(actor=actor_of(request), app_id=app_id)
    return _whole(actor_of(request), app_id)
