"""The verbs of the catalog: packages become apps and versions, and `move` is the only way a version changes its state."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction

from roadstead.accounts.access import owned_by, require
from roadstead.accounts.permissions import Action
from roadstead.accounts.selectors import platform_rules
from roadstead.audit.record import record
from roadstead.blobs import services as blobs
from roadstead.catalog.categories import create_category, delete_category, edit_category, set_category
from roadstead.catalog.errors import (
    AppLocked,
    AppNameTaken,
    NoProvider,
    PackageOfAnotherApp,
    PackageOfAnotherType,
    PackageRefused,
    VersionExists,
    VersionInWrongState,
    VersionsLeft,
)
from roadstead.catalog.models import App, Version
from roadstead.catalog.pictures import MAX_BYTES, icon_png
from roadstead.catalog.screenshots import MOST_SCREENSHOTS, add_screenshots, clear_screenshots, delete_screenshot, move_screenshot
from roadstead.catalog.selectors import apps_visible_to, is_frozen, is_locked, versions_visible_to
from roadstead.catalog.sequence import sequence_of
from roadstead.catalog.track import ACTION_OF, Status, Verb, next_status, status_of_app
from roadstead.core.clock import now
from roadstead.core.errors import Missing
from roadstead.core.finding import found
from roadstead.core.turns import take_turn
from roadstead.packaging import services as packaging
from roadstead.vendors.selectors import provider_of

if TYPE_CHECKING:
    from roadstead.accounts.models import User
    from roadstead.packaging.services import Report
    from roadstead.vendors.models import Provider

__all__ = [
    "MOST_SCREENSHOTS",
    "add_screenshots",
    "add_version",
    "attach_submission",
    "check_upload",
    "clear_screenshots",
    "create_app",
    "create_category",
    "delete_app",
    "delete_category",
    "delete_screenshot",
    "edit_app",
    "edit_category",
    "edit_version",
    "move",
    "move_screenshot",
    "set_category",
]

PICTURE_BYTES = MAX_BYTES
_KIND = re.compile(r"^kind: *([A-Za-z0-9]+)", re.MULTILINE)


@dataclass(frozen=True)
class Upload:
    """An uploaded package: its bytes, the file's name, and what its check found."""

    data: bytes
    filename: str
    report: "Report" = field(repr=False)


def check_upload(*, data: bytes, filename: str, delivery: str = "helm") -> Upload:
    """Check a package before anything is written; raise `PackageRefused` with every problem."""
    report = packaging.check(data, filename=filename, limits=platform_rules().limits)
    if not report.ok:
        raise PackageRefused(field="package", problems=report.problems)
    if report.delivery != delivery:
        raise PackageOfAnotherType(field="package", found=report.delivery, wanted=delivery)
    return Upload(data, filename, report)


def create_app(*, actor: "User", upload: Upload, icon: bytes = b"") -> Version:
    """Create an app from its first package, with that package as a draft version."""
    require(actor, Action.CREATE_APP)
    picture = icon_png(icon) if icon else b""
    name = upload.report.name[:50]
    # What would be refused leaves no file; what is refused all the same, because another was quicker, is forgotten one day.
    _home_of(actor, name)
    kept, shown = _keep(upload), blobs.put(picture) if picture else ""
    with transaction.atomic():
        app = App.objects.create(
            name=name,
            chart_name=upload.report.name,
            introduction=upload.report.description[:200],
            description=upload.report.description,
            readme=upload.report.readme,
            home=upload.report.home[:200],
            keywords=list(upload.report.keywords),
            sources=list(upload.report.sources),
            maintainers=list(upload.report.maintainers),
            icon=shown,
            provider=_home_of(actor, name),
            **owned_by(actor),
        )
        record(actor, "app.created", app, name=name)
        return _create_version(actor, app, upload, kept)


def _home_of(actor: "User", name: str) -> "Provider":
    """Return the provider that an app of this name would belong to, or refuse."""
    provider = provider_of(actor)
    if provider is None:
        raise NoProvider
    _refuse_taken_name(provider, name, field="package")
    return provider


def add_version(*, actor: "User", app_id: str, upload: Upload, description: str = "") -> Version:
    """Add a draft version to an app."""
    require(actor, Action.CREATE_APP)
    _refuse_misfit(actor, found(apps_visible_to(actor), app_id), upload)
    kept = _keep(upload)
    with transaction.atomic():
        app = _lock_app(actor, app_id)
        _refuse_misfit(actor, app, upload)
        return _create_version(actor, app, upload, kept, description)


def _refuse_misfit(actor: "User", app: App, upload: Upload) -> None:
    require(actor, Action.EDIT_APP, app)
    if upload.report.name != app.chart_name:
        raise PackageOfAnotherApp(field="package", found=upload.report.name, wanted=app.chart_name)
    _refuse_used_name(app, str(upload.report.delivery), upload.report.version)


def _create_version(actor: "User", app: App, upload: Upload, kept: Mapping[str, Any], description: str = "") -> Version:
    version = Version.objects.create(
        app=app, type=str(upload.report.delivery), description=description, owner=app.owner, owner_path=app.owner_path, **kept
    )
    _recount(app)
    record(actor, "version.created", version, app=app.pk, name=version.name, digest=version.package)
    return version


def _refuse_taken_name(provider: "Provider | None", name: str, *, field: str, besides: str = "") -> None:
    take_turn(f"apps of {provider.pk if provider else 'nobody'}")
    if App.objects.filter(provider=provider, name__iexact=name).exclude(pk=besides).exclude(status=Status.DELETED).exists():
        raise AppNameTaken(field=field, name=name)


def _refuse_used_name(app: App, delivery: str, name: str, *, besides: str = "") -> None:
    take_turn(f"versions of {app.pk}")
    taken = app.versions.filter(type=delivery, name=name).exclude(status=Status.DELETED).exclude(pk=besides)
    if taken.exists():
        raise VersionExists(field="package", name=name)


def _keep(upload: Upload) -> dict[str, Any]:
    """Store a package and return the columns that name it. Never inside a transaction: the store may be far away."""
    report = upload.report
    return {
        "name": report.version,
        "sequence": sequence_of(report.version),
        "package": blobs.put(upload.data),
        "package_name": upload.filename[-255:],
        "package_size": len(upload.data),
        "facts": {
            "app_version": report.app_version,
            "files": [{"path": file.path, "size": file.size} for file in report.files],
            "images": list(report.images),
            "kinds": dict(Counter(_KIND.findall(report.manifests))),
            "manifests": blobs.put(report.manifests.encode()),
            "roles": list(report.roles),
            "warnings": [problem.to_store() for problem in report.warnings],
        },
    }


def edit_app(*, actor: "User", app_id: str, icon: bytes = b"", remove_icon: bool = False, **fields: str) -> App:
    """Change the app's information in the working copy; the store shows it from the next release on.

    `fields` are any of name, introduction, description, readme, tos and home. An app without an icon shows its flag.
    """
    _refuse_locked(actor, found(apps_visible_to(actor), app_id))
    shown = blobs.put(icon_png(icon)) if icon else ""
    with transaction.atomic():
        app = _lock_app(actor, app_id)
        _refuse_locked(actor, app)
        name = fields.get("name", app.name)
        _refuse_taken_name(app.provider, name, field="name", besides=app.pk)
        for field_name, value in fields.items():
            setattr(app, field_name, value)
        if icon or remove_icon:
            app.icon = shown
        app.updated_at = now()
        app.save(update_fields=[*fields, "icon", "updated_at"])
        record(actor, "app.edited", app, fields=sorted([*fields, *(["icon"] if icon or remove_icon else [])]))
        return app


def _refuse_locked(actor: "User", app: App) -> None:
    require(actor, Action.EDIT_APP, app)
    if is_locked(app):
        raise AppLocked


def edit_version(*, actor: "User", version_id: str, description: str | None = None, upload: Upload | None = None) -> Version:
    """Change a draft's update log or package; a rejected version becomes a draft again."""
    changed: dict[str, Any] = {} if description is None else {"description": description}
    if upload:
        _refuse_edit(actor, found(versions_visible_to(actor).select_related("app"), version_id), upload)
        changed |= _keep(upload)
    with transaction.atomic():
        version = _lock_version(actor, version_id)
        _refuse_edit(actor, version, upload)
        for name, value in changed.items():
            setattr(version, name, value)
        version.save(update_fields=list(changed))
        return _moved(actor, version, Verb.EDIT, fields=sorted(changed))


def _refuse_edit(actor: "User", version: Version, upload: Upload | None) -> None:
    require(actor, Action.EDIT_APP, version)
    if is_frozen(version):
        raise VersionInWrongState(state=version.state.word)
    if upload is None:
        return
    if upload.report.delivery != version.type:
        raise PackageOfAnotherType(field="package", found=upload.report.delivery, wanted=version.type)
    if upload.report.name != version.app.chart_name:
        raise PackageOfAnotherApp(field="package", found=upload.report.name, wanted=version.app.chart_name)
    _refuse_used_name(version.app, version.type, upload.report.version, besides=version.pk)


@transaction.atomic
def move(*, version_id: str, actor: "User", verb: Verb, submission_id: str | None = None, **data: Any) -> Version:
    """Move a version along the track, or refuse.

    A verb of `ACTION_OF` needs its action on this version; the other verbs are outcomes of a review, whose service has decided.
    """
    if verb in ACTION_OF:
        version = _lock_version(actor, version_id)
        require(actor, ACTION_OF[verb], version)
    else:
        version = Version.objects.select_for_update(of=("self",)).select_related("app").get(pk=version_id)
    if submission_id is not None:
        version.submission_id = submission_id
    return _moved(actor, version, verb, **data)


def attach_submission(*, version: Version, submission_id: str) -> None:
    """Name the submission by which a version, just moved in this transaction, is on its way."""
    version.submission_id = submission_id
    version.save(update_fields=["submission_id"])


def _moved(actor: "User", version: Version, verb: Verb, **data: Any) -> Version:
    status = next_status(version.status, verb)
    if status is None:
        raise VersionInWrongState(state=version.state.word)
    before, version.status = version.status, status
    if before != status:
        version.status_at = now()
    version.save(update_fields=["status", "status_at", "submission_id"])
    _recount(version.app)
    record(actor, f"version.{verb.value}", version, app=version.app_id, before=before, status=status.value, **data)
    return version


def _recount(app: App) -> None:
    status = status_of_app(list(app.versions.exclude(status=Status.DELETED).values_list("status", flat=True)))
    app.updated_at = now()
    if status != app.status:
        app.status, app.status_at = status, app.updated_at
    app.save(update_fields=["status", "status_at", "updated_at"])


@transaction.atomic
def delete_app(*, actor: "User", app_id: str) -> App:
    """Delete an app that has no version left."""
    app = _lock_app(actor, app_id)
    require(actor, Action.DELETE_APP, app)
    if app.versions.exclude(status=Status.DELETED).exists():
        raise VersionsLeft
    app.status, app.status_at = Status.DELETED, now()
    app.save(update_fields=["status", "status_at"])
    record(actor, "app.deleted", app, name=app.name)
    return app


def _lock_app(actor: "User", app_id: str) -> App:
    app = apps_visible_to(actor).select_for_update(of=("self",)).filter(pk=app_id).first()
    if app is None:
        raise Missing
    return app


def _lock_version(actor: "User", version_id: str) -> Version:
    # Lock before looking: two people may press their buttons in the same second.
    version = versions_visible_to(actor).select_for_update(of=("self",)).select_related("app").filter(pk=version_id).first()
    if version is None:
        raise Missing
    return version
