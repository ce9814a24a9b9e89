"""Apps and versions: what creating, adding, editing and deleting accept, and what a refusal leaves untouched."""

from collections.abc import Callable
from typing import Any

import pytest

from roadstead.accounts.factories import person
from roadstead.audit.models import Event
from roadstead.blobs import services as blobs
from roadstead.catalog import factories, services
from roadstead.catalog.errors import (
    AppLocked,
    AppNameTaken,
    NoProvider,
    PackageOfAnotherApp,
    PackageOfAnotherType,
    VersionExists,
    VersionInWrongState,
    VersionsLeft,
)
from roadstead.catalog.models import App, Version
from roadstead.catalog.services import Upload
from roadstead.catalog.track import FROZEN, Status
from roadstead.core.errors import DomainError, Missing, NotPermitted
from roadstead.packaging.services import PackageFile, Report

pytestmark = pytest.mark.django_db


def upload(name: str = "wordpress", version: str = "1.0.0", **fields: Any) -> Upload:
    data = f"{name} {version}".encode()
    facts: dict[str, Any] = {
        "digest": "",
        "delivery": "helm",
        "name": name,
        "version": version,
        "description": "A blog.",
        "files": (PackageFile("Chart.yaml", 40),),
        "manifests": "kind: Service\n---\nkind: Service\n---\nkind: Deployment\n",
    }
    return Upload(data, f"{name}.tgz", Report(**{**facts, **fields}))


def refused(error: type[DomainError], act: Callable[[], object]) -> DomainError:
    """Assert that an act is refused and that nothing was written."""
    before = everything()
    with pytest.raises(error) as info:
        act()
    assert before == everything()
    return info.value


def everything() -> tuple[list[Any], ...]:
    return tuple(list(model.objects.values()) for model in (App, Version, Event))


def test_an_app_is_made_of_its_first_package() -> None:
    developer = factories.developer()
    version = services.create_app(actor=developer, upload=upload(readme="# Hi", home="https://example.com", keywords=("blog",)))
    app = version.app
    assert (app.name, app.introduction, app.readme, app.home, app.keywords) == (
        "wordpress",
        "A blog.",
        "# Hi",
        "https://example.com",
        ["blog"],
    )
    assert (app.owner, app.owner_path) == (developer, developer.path)
    assert app.provider
    assert app.provider.group == developer.group
    assert (version.name, version.status, version.type) == ("1.0.0", Status.DRAFT, "helm")
    assert blobs.read(version.package) == b"wordpress 1.0.0"
    assert version.facts["kinds"] == {"Service": 2, "Deployment": 1}
    assert list(Event.objects.filter(actor=developer).values_list("verb", flat=True)) == ["app.created", "version.created"]


def test_who_belongs_to_no_provider_creates_nothing() -> None:
    alone = person("developer")
    refused(NoProvider, lambda: services.create_app(actor=alone, upload=upload()))


def test_who_may_not_create_creates_nothing() -> None:
    user = person("user")
    refused(NotPermitted, lambda: services.create_app(actor=user, upload=upload()))


def test_two_apps_of_a_provider_never_share_a_name() -> None:
    developer = factories.developer()
    services.create_app(actor=developer, upload=upload())
    colleague = person("developer", developer.group)
    refused(AppNameTaken, lambda: services.create_app(actor=colleague, upload=upload("WordPress")))
    assert services.create_app(actor=factories.developer(), upload=upload()).pk


def test_a_deleted_app_frees_its_name() -> None:
    app = factories.app(name="wordpress")
    services.delete_app(actor=app.owner, app_id=app.pk)
    assert services.create_app(actor=app.owner, upload=upload()).app != app


@pytest.mark.parametrize(
    ("package", "error"),
    [
        (upload("wordpress", "1.0.0"), VersionExists),
        (upload("mariadb", "2.0.0"), PackageOfAnotherApp),
    ],
)
def test_a_version_is_refused(package: Upload, error: type[DomainError]) -> None:
    first = services.create_app(actor=factories.developer(), upload=upload())
    found = refused(error, lambda: services.add_version(actor=first.owner, app_id=first.app_id, upload=package))
    assert found.field == "package"


def test_a_deleted_version_frees_its_number() -> None:
    first = services.create_app(actor=factories.developer(), upload=upload())
    Version.objects.update(status=Status.DELETED)
    assert services.add_version(actor=first.owner, app_id=first.app_id, upload=upload()).pk != first.pk


def test_a_foreign_app_takes_no_version() -> None:
    first = services.create_app(actor=factories.developer(), upload=upload())
    stranger = factories.developer()
    refused(Missing, lambda: services.add_version(actor=stranger, app_id=first.app_id, upload=upload("wordpress", "2.0.0")))


@pytest.mark.parametrize("status", sorted(FROZEN - {Status.DELETED}))
def test_a_frozen_version_never_changes(status: Status) -> None:
    version = factories.version(status)
    refused(VersionInWrongState, lambda: services.edit_version(actor=version.owner, version_id=version.pk, description="New"))
    package = upload(version.app.chart_name, "9.9.9")
    refused(VersionInWrongState, lambda: services.edit_version(actor=version.owner, version_id=version.pk, upload=package))


def test_editing_a_rejected_version_makes_it_a_draft() -> None:
    version = factories.version(Status.REJECTED)
    edited = services.edit_version(actor=version.owner, version_id=version.pk, description="Mended.")
    assert (edited.status, edited.description) == (Status.DRAFT, "Mended.")


def test_replacing_the_package_changes_the_digest() -> None:
    version = factories.version()
    before = version.package
    services.edit_version(actor=version.owner, version_id=version.pk, upload=upload(version.app.chart_name, "3.0.0"))
    version.refresh_from_db()
    assert (version.name, version.package != before) == ("3.0.0", True)


@pytest.mark.parametrize(("fields", "error"), [({"name": "other"}, PackageOfAnotherApp), ({"delivery": "vm"}, PackageOfAnotherType)])
def test_a_package_of_something_else_replaces_nothing(fields: dict[str, str], error: type[DomainError]) -> None:
    version = factories.version()
    package = upload(fields.get("name", version.app.chart_name), "3.0.0", delivery=fields.get("delivery", "helm"))
    refused(error, lambda: services.edit_version(actor=version.owner, version_id=version.pk, upload=package))


def test_information_is_locked_while_a_version_is_reviewed() -> None:
    version = factories.version(Status.IN_REVIEW)
    refused(AppLocked, lambda: services.edit_app(actor=version.owner, app_id=version.app_id, introduction="New"))


def test_information_is_edited_and_recorded() -> None:
    app = factories.app()
    edited = services.edit_app(actor=app.owner, app_id=app.pk, introduction="New", name="Renamed")
    assert (edited.introduction, edited.name) == ("New", "Renamed")
    assert Event.objects.get(verb="app.edited").data["fields"] == ["introduction", "name"]


def test_a_colleagues_app_is_foreign_to_a_developer_and_near_to_the_head() -> None:
    app = factories.app()
    colleague = person("developer", app.owner.group)
    refused(Missing, lambda: services.edit_app(actor=colleague, app_id=app.pk, introduction="Mine"))
    services.edit_app(actor=person("isv", app.owner.group), app_id=app.pk, introduction="Ours")


def test_an_app_with_versions_is_not_deleted() -> None:
    version = factories.version()
    refused(VersionsLeft, lambda: services.delete_app(actor=version.owner, app_id=version.app_id))
