"""What the store shows is what was released, and nothing that happened since."""

import json

import pytest
from django.test import Client

from roadstead.accounts.factories import person
from roadstead.audit.selectors import events_of
from roadstead.catalog import factories as catalog
from roadstead.catalog import services as apps
from roadstead.catalog.errors import VersionInWrongState
from roadstead.catalog.track import Status
from roadstead.core.errors import Missing, NotPermitted
from roadstead.store import factories, selectors, services
from roadstead.store.models import Listing

pytestmark = pytest.mark.django_db


def test_release_lists_the_app() -> None:
    app = catalog.app(name="WordPress", readme="# Install\n\nRun it.", keywords=["blog"])
    version = catalog.version(Status.PASSED, of=app, name="6.8.3", description="Mends things.")

    services.release(actor=app.owner, version_id=version.pk)

    page = selectors.document_of(app.pk).as_page
    assert (page.name, page.provider.certified, page.types) == ("WordPress", True, ["helm"])
    assert "<h2>Install</h2>" in page.instructions_html
    assert [(row.id, row.name, row.update_log, row.digest) for row in page.versions] == [
        (version.pk, "6.8.3", "Mends things.", version.package)
    ]
    assert [item.as_card.latest_version for item in selectors.search().items] == ["6.8.3"]
    version.refresh_from_db()
    assert version.status == Status.ACTIVE
    assert [event.verb for event in events_of("catalog.version", version.pk)] == ["version.release"]


def test_edits_stay_out_of_the_store_until_the_next_release(client: Client) -> None:
    app = catalog.app(name="WordPress", introduction="Old words.")
    factories.listing(app)
    before = client.get(f"/api/v1/store/apps/{app.pk}").content

    apps.edit_app(actor=app.owner, app_id=app.pk, name="Renamed", introduction="New words.")
    assert client.get(f"/api/v1/store/apps/{app.pk}").content == before
    assert "Old words." in client.get(f"/apps/{app.pk}").content.decode()

    factories.listing(app, version="1.1.0")
    assert json.loads(client.get(f"/api/v1/store/apps/{app.pk}").content)["introduction"] == "New words."


@pytest.mark.parametrize("status", [status for status in Status if status != Status.PASSED])
def test_only_a_passed_version_is_released(status: Status) -> None:
    version = catalog.version(status)
    with pytest.raises((VersionInWrongState, Missing)):
        services.release(actor=version.owner, version_id=version.pk)
    version.refresh_from_db()
    assert version.status == status
    assert not Listing.objects.exists()


def test_a_stranger_releases_nothing() -> None:
    version = catalog.version(Status.PASSED)
    with pytest.raises(Missing):
        services.release(actor=catalog.developer(), version_id=version.pk)
    assert not Listing.objects.exists()


def test_a_developer_suspends_nothing() -> None:
    listing = factories.listing()
    version = listing.versions.get().version
    with pytest.raises(NotPermitted):
        services.suspend(actor=version.owner, version_id=version.pk)
    assert selectors.is_listed(listing.app_id)


def test_suspending_the_last_version_takes_the_app_away_and_recovering_brings_it_back() -> None:
    admin, listing = person("global_admin"), factories.listing(name="Lighthouse")
    version_id = listing.versions.get().version_id

    services.suspend(actor=admin, version_id=version_id, reason="It leaks.")
    with pytest.raises(Missing):
        selectors.document_of(listing.app_id)
    assert not selectors.search("lighthouse").items
    assert events_of("catalog.version", version_id)[0].data["reason"] == "It leaks."

    services.recover(actor=admin, version_id=version_id)
    assert selectors.document_of(listing.app_id).etag == listing.etag
    assert [item.etag for item in selectors.search("lighthouse").items] == [listing.etag]


def test_suspending_one_of_two_leaves_the_other() -> None:
    app = catalog.app()
    factories.listing(app, version="1.0.0")
    factories.listing(app, version="1.10.0")
    assert [version.name for version in selectors.document_of(app.pk).as_page.versions] == ["1.10.0", "1.0.0"]

    newest = app.versions.get(name="1.10.0")
    services.suspend(actor=person("global_admin"), version_id=newest.pk)
    assert [version.name for version in selectors.document_of(app.pk).as_page.versions] == ["1.0.0"]


def test_a_whole_app_is_suspended_and_recovered() -> None:
    admin, app = person("global_admin"), catalog.app()
    factories.listing(app, version="1.0.0")
    factories.listing(app, version="2.0.0")

    services.suspend_app(actor=admin, app_id=app.pk)
    assert not selectors.is_listed(app.pk)
    services.recover_app(actor=admin, app_id=app.pk)
    assert len(selectors.document_of(app.pk).as_page.versions) == 2


def test_an_administrator_deletes_a_listed_version_in_one_act() -> None:
    listing = factories.listing()
    version = listing.versions.get().version
    services.delete_version(actor=person("global_admin"), version_id=version.pk)
    version.refresh_from_db()
    assert version.status == Status.DELETED
    assert not selectors.is_listed(listing.app_id)
    assert [event.verb for event in events_of("catalog.version", version.pk)][:2] == ["version.delete", "version.suspend"]


def test_a_developer_deletes_nothing_that_is_listed() -> None:
    listing = factories.listing()
    version = listing.versions.get().version
    with pytest.raises(NotPermitted):
        services.delete_version(actor=version.owner, version_id=version.pk)
    assert selectors.is_listed(listing.app_id)
