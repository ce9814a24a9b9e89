"""The pages of those who keep the store: the list of all apps, one app, and what is done there."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from roadstead.accounts.factories import person, sign_in
from roadstead.catalog import factories as catalog
from roadstead.catalog.models import Version
from roadstead.catalog.track import Status
from roadstead.clusters.factories import cluster
from roadstead.store import factories, selectors

pytestmark = pytest.mark.django_db
ALL = "/workbench/all-apps"


@pytest.fixture
def keeper() -> Client:
    client = Client()
    client.cookies["roadstead_language"] = "en"
    sign_in(client, person("global_admin"))
    return client


def test_all_apps_are_narrowed_by_words_state_and_provider(keeper: Client) -> None:
    listed, draft = factories.listing(name="Lighthouse").app, catalog.version(of=catalog.app(name="Beacon")).app

    def named(query: str) -> list[str]:
        return [app.name for app, _, _ in keeper.get(ALL + query).context["rows"]]

    assert named("") == ["Beacon", "Lighthouse"]
    assert named("?status=active") == ["Lighthouse"]
    assert named("?status=draft&q=light") == []
    assert named(f"?provider={draft.provider_id}") == ["Beacon"]
    assert "Only apps of" in keeper.get(f"{ALL}?provider={listed.provider_id}").content.decode()
    assert "No app fits" in keeper.get(f"{ALL}?q=nothing").content.decode()


def test_a_whole_app_goes_and_comes_back(keeper: Client) -> None:
    app = factories.listing(name="Lighthouse").app
    factories.listing(app, version="2.0.0")
    answer = keeper.post(f"{ALL}/{app.pk}/suspend", {"reason": "It leaks."}, follow=True)
    page = answer.content.decode()
    assert ("Lighthouse is out of the store." in page, "It leaks." in page, "Put the app back" in page) == (True, True, True)
    assert not selectors.is_listed(app.pk)
    assert keeper.post(f"{ALL}/{app.pk}/suspend").status_code == 409
    assert "is in the store again" in keeper.post(f"{ALL}/{app.pk}/recover", follow=True).content.decode()
    assert len(selectors.document_of(app.pk).as_page.versions) == 2
    assert keeper.post(f"{ALL}/{app.pk}/recover").status_code == 409


@pytest.mark.parametrize(("verb", "before", "after"), [("suspend", "active", "suspended"), ("recover", "suspended", "active")])
def test_one_version_is_moved(keeper: Client, verb: str, before: str, after: str) -> None:
    listing = factories.listing()
    version = listing.versions.get().version
    address = f"{ALL}/{listing.app_id}/versions/{version.pk}"
    if before == "suspended":
        keeper.post(address, {"verb": "suspend"})
    assert keeper.post(address, {"verb": verb})["Location"] == f"{ALL}/{listing.app_id}"
    assert Version.objects.get(pk=version.pk).status == after


@pytest.mark.parametrize(("typed", "status", "left"), [("1.0.0", 302, Status.DELETED), ("1.0", 422, Status.ACTIVE)])
def test_a_listed_version_is_deleted_in_one_confirmed_act(keeper: Client, typed: str, status: int, left: str) -> None:
    listing = factories.listing()
    version = listing.versions.get().version
    answer = keeper.post(f"{ALL}/{listing.app_id}/versions/{version.pk}", {"verb": "delete", "name": typed})
    assert (answer.status_code, Version.objects.get(pk=version.pk).status) == (status, left)
    assert selectors.is_listed(listing.app_id) == (left == Status.ACTIVE)
    record = keeper.get(f"{ALL}/{listing.app_id}").context["record"]
    assert (record[0].state.value == "version.delete") == (left == Status.DELETED)


def test_the_page_of_an_app_shows_its_numbers_and_who_runs_it(keeper: Client) -> None:
    listing = factories.listing()
    made = cluster(version=listing.versions.get().version)
    page = keeper.get(f"{ALL}/{listing.app_id}")
    assert [figure.number for figure in page.context["figures"]] == [1, 1, 1, 1]
    assert made.name in page.content.decode()
    assert made.owner.name in page.content.decode()


@pytest.mark.parametrize("path", ["", "/suspend", "/recover", "/versions/{version}"])
@pytest.mark.parametrize(("role", "status"), [("developer", 404), ("business_reviewer", 403)])
def test_nobody_else_does_anything_there(path: str, role: str, status: int) -> None:
    listing = factories.listing()
    version = listing.versions.get().version
    client = Client()
    client.force_login(person(role))
    address = f"{ALL}/{listing.app_id}{path.format(version=version.pk)}"
    answer = client.post(address, {"verb": "delete", "name": version.name}) if path else client.get(address)
    assert answer.status_code == status
    assert Version.objects.get(pk=version.pk).status == Status.ACTIVE


@pytest.mark.parametrize("path", ["", "/{app}"])
def test_few_queries(keeper: Client, path: str, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    app = factories.listing().app
    for number in range(4):
        cluster(version=factories.listing(app, version=f"2.{number}.0").versions.order_by("pk")[0].version)
        factories.listing()
    with django_assert_max_num_queries(12 if path else 9):
        assert keeper.get(ALL + path.format(app=app.pk)).status_code == 200


def test_deleting_what_is_in_the_store_asks_for_a_proof_first() -> None:
    listing = factories.listing()
    version = listing.versions.get().version
    client = Client()
    client.force_login(person("global_admin"))
    answer = client.post(f"{ALL}/{listing.app_id}/versions/{version.pk}", {"verb": "delete", "name": version.name})
    assert answer["Location"].startswith("/accounts/confirm")
    assert Version.objects.get(pk=version.pk).status == Status.ACTIVE
