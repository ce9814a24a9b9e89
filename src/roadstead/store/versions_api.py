"""Versions for programs: from draft to the store and out of it."""

from typing import TYPE_CHECKING

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from ninja import File, Query, Router
from ninja.files import UploadedFile

from roadstead.accounts.bearer import Bearer, Scope
from roadstead.blobs import services as blobs
from roadstead.catalog import selectors as catalog
from roadstead.catalog import services as apps
from roadstead.core.api import FILE, Id, PageOf, listed
from roadstead.core.pages import actor_of
from roadstead.reviews import services as reviews
from roadstead.store import services
from roadstead.store.receiving import checked, receives
from roadstead.store.working import AppVersion, VersionEdit, VersionsAsked, Why

if TYPE_CHECKING:
    from roadstead.accounts.models import User

READ, WRITE = Bearer(Scope.APPS_READ), Bearer(Scope.APPS_WRITE)
version_router = Router(tags=["versions"])


@version_router.get("", response=PageOf[AppVersion], auth=READ, operation_id="list_versions")
def list_versions(request: HttpRequest, asked: Query[VersionsAsked]) -> PageOf[AppVersion]:
    """List the versions in reach, of one app or of all."""
    actor = actor_of(request)
    rows = catalog.versions_visible_to(actor)
    wanted = {"app": asked.app, "status": asked.status, "type": asked.type}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    if asked.q:
        rows = rows.filter(Q(name__icontains=asked.q) | Q(pk=asked.q) | Q(app__name__icontains=asked.q))
    return listed(rows, asked, lambda version: AppVersion.of(version, actor), sort=asked.sort)


@version_router.get("/{version_id}", response=AppVersion, auth=READ, operation_id="get_version")
def get_version(request: HttpRequest, version_id: Id) -> AppVersion:
    """Return one version."""
    return _told(actor_of(request), version_id)


def _told(actor: "User", version_id: str) -> AppVersion:
    return AppVersion.of(catalog.version_alone(actor, version_id), actor)


@version_router.patch("/{version_id}", response=AppVersion, auth=WRITE, operation_id="edit_version")
def edit_version(request: HttpRequest, version_id: Id, sent: VersionEdit) -> AppVersion:
    """Change a draft's update log."""
    apps.edit_version(actor=actor_of(request), version_id=version_id, description=sent.description)
    return _told(actor_of(request), version_id)


@version_router.delete("/{version_id}", response={204: None}, auth=WRITE, operation_id="delete_version")
def delete_version(request: HttpRequest, version_id: Id) -> HttpResponse:
    """Delete a version; one that is in the store is suspended first, by those who may."""
    services.delete_version(actor=actor_of(request), version_id=version_id)
    return HttpResponse(status=204)


@version_router.get("/{version_id}/package", response={200: None}, auth=READ, operation_id="download_package", openapi_extra=FILE)
def download_package(request: HttpRequest, version_id: Id) -> HttpResponse:
    """Hand out a version's package, byte for byte."""
    version = catalog.version_for(actor_of(request), version_id)
    answer = HttpResponse(blobs.read(version.package), content_type="application/octet-stream")
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=version.package_name)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@version_router.post("/{version_id}/package", response=AppVersion, auth=WRITE, operation_id="replace_package")
@receives
def replace_package(request: HttpRequest, version_id: Id, package: File[UploadedFile]) -> AppVersion:
    """Replace a draft's package."""
    actor = actor_of(request)
    version = catalog.version_for(actor, version_id)
    apps.edit_version(actor=actor, version_id=version_id, upload=checked(package, version.type))
    return _told(actor, version_id)


@version_router.post("/{version_id}/submit", response=AppVersion, auth=WRITE, operation_id="submit_version")
def submit_version(request: HttpRequest, version_id: Id) -> AppVersion:
    """Send a draft or rejected version into review."""
    reviews.submit(actor=actor_of(request), version_id=version_id)
    return _told(actor_of(request), version_id)


@version_router.post("/{version_id}/withdraw", response=AppVersion, auth=WRITE, operation_id="withdraw_version")
def withdraw_version(request: HttpRequest, version_id: Id) -> AppVersion:
    """Take a version back from review, until its technical review has begun."""
    reviews.withdraw(actor=actor_of(request), version_id=version_id)
    return _told(actor_of(request), version_id)


@version_router.post("/{version_id}/release", response=AppVersion, auth=WRITE, operation_id="release_version")
def release_version(request: HttpRequest, version_id: Id) -> AppVersion:
    """Put a passed version into the store."""
    services.release(actor=actor_of(request), version_id=version_id)
    return _told(actor_of(request), version_id)


@version_router.post("/{version_id}/suspend", response=AppVersion, auth=WRITE, operation_id="suspend_version")
def suspend_version(request: HttpRequest, version_id: Id, sent: Why) -> AppVersion:
    """Take a version out of the store; what runs goes on running."""
    services.suspend(actor=actor_of(request), version_id=version_id, reason=sent.reason)
    return _told(actor_of(request), version_id)


@version_router.post("/{version_id}/recover", response=AppVersion, auth=WRITE, operation_id="recover_version")
def recover_version(request: HttpRequest, version_id: Id) -> AppVersion:
    """Put a suspended version back into the store."""
    services.recover(actor=actor_of(request), version_id=version_id)
    return _told(actor_of(request), version_id)
