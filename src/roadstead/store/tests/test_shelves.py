"""The shelves of the store: categories with true numbers, what is deployed most, and what the keeper of the store rearranges."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from roadstead.accounts.factories import person
from roadstead.catalog import services as categories
from roadstead.catalog.errors import CategoryInUse, FixedCategory
from roadstead.catalog.models import UNCATEGORIZED, App
from roadstead.clusters.factories import cluster
from roadstead.core.errors import NotPermitted
from roadstead.store import factories, selectors, services
from roadstead.store.chores import count_deployments
from roadstead.store.models import Listing
from roadstead.store.shelves import adjust_category, delete_category

pytestmark = pytest.mark.django_db
DATABASES = "ctg-databases"


@pytest.fixture
def visitor() -> Client:
    client = Client()
    client.cookies["roadstead_language"] = "en"
    return client


def counts() -> dict[str, int]:
    return {row.id: row.listed for row in selectors.shelves() if row.listed}


def test_every_verb_keeps_the_numbers_true() -> None:
    admin = person("global_admin")
    one, two = factories.listing(category_id=DATABASES), factories.listing()
    assert counts() == {DATABASES: 1, UNCATEGORIZED: 1}
    services.suspend_app(actor=admin, app_id=one.app_id)
    assert counts() == {UNCATEGORIZED: 1}
    services.recover_app(actor=admin, app_id=one.app_id)
    adjust_category(actor=admin, app_ids=[two.app_id], category_id=DATABASES)
    assert counts() == {DATABASES: 2}
    delete_category(actor=admin, category_id=DATABASES, force=True)
    assert counts() == {UNCATEGORIZED: 2}
    assert set(App.objects.values_list("category", flat=True)) == {UNCATEGORIZED}


def test_a_developers_choice_waits_for_the_next_release_and_the_keepers_doesnt() -> None:
    listing = factories.listing()
    App.objects.filter(pk=listing.app_id).update(category=DATABASES)
    assert counts() == {UNCATEGORIZED: 1}
    adjust_category(actor=person("global_admin"), app_ids=[listing.app_id], category_id="ctg-security")
    assert counts() == {"ctg-security": 1}
    assert selectors.document_of(listing.app_id).as_page.category == "ctg-security"


@pytest.mark.parametrize(("category", "refusal"), [(DATABASES, CategoryInUse), (UNCATEGORIZED, FixedCategory)])
def test_what_is_refused_changes_nothing(category: str, refusal: type[Exception]) -> None:
    listing = factories.listing(category_id=category)
    with pytest.raises(refusal):
        delete_category(actor=person("global_admin"), category_id=category)
    assert Listing.objects.get(pk=listing.pk).category == category


@pytest.mark.parametrize("role", ["developer", "isv", "user", "business_reviewer", "technical_reviewer"])
def test_nobody_else_rearranges(role: str) -> None:
    listing = factories.listing(category_id=DATABASES)
    with pytest.raises(NotPermitted):
        adjust_category(actor=person(role), app_ids=[listing.app_id], category_id="ctg-security")
    with pytest.raises(NotPermitted):
        delete_category(actor=person(role), category_id=DATABASES, force=True)
    assert counts() == {DATABASES: 1}


def test_a_category_and_a_search_within_it(visitor: Client) -> None:
    factories.listing(name="Harbour log", category_id=DATABASES)
    factories.listing(name="Harbour master")
    assert "1 app</span>" in (page := visitor.get(f"/?category={DATABASES}").content.decode())
    assert ("Harbour log" in page, "Harbour master" in page) == (True, False)
    assert len(visitor.get("/?q=harbour").context["page"].items) == 2
    within = visitor.get(f"/?q=harbour&category={DATABASES}").content.decode()
    assert ("Search results" in within, "Harbour log" in within, "Harbour master" in within) == (True, True, False)
    assert "No app in Security yet" in visitor.get("/?category=ctg-security").content.decode()
    assert visitor.get("/?category=ctg-nothing").status_code == 404
    api = visitor.get(f"/api/v1/store/apps?category={DATABASES}").json()["items"]
    assert [(app["name"], app["category"]) for app in api] == [("Harbour log", DATABASES)]


def test_a_new_category_has_its_name_in_both_languages(visitor: Client) -> None:
    made = categories.create_category(actor=person("global_admin"), names={"en": "Charts", "zh-hans": "海图"}, icon="school")
    assert "Charts" in visitor.get(f"/?category={made.pk}").content.decode()
    visitor.cookies["roadstead_language"] = "zh-hans"
    assert "海图" in visitor.get(f"/?category={made.pk}").content.decode()


def test_the_most_deployed_come_first_and_tests_dont_count(visitor: Client) -> None:
    quiet, busy = factories.listing(name="Quiet"), factories.listing(name="Busy")
    factories.listing(name="Unused")
    assert "Nothing has been deployed yet" in visitor.get("/?order=deployed").content.decode()
    for listing, number, debug in ((quiet, 1, False), (busy, 2, False), (quiet, 3, True)):
        for _ in range(number):
            cluster(version=listing.versions.get().version, debug=debug)
    count_deployments()
    assert [(item.as_card.name, item.deployments) for item in selectors.most_deployed().items] == [("Busy", 2), ("Quiet", 1)]
    assert "Unused" not in visitor.get("/?order=deployed").content.decode()
    assert "2 deployments" in visitor.get(f"/apps/{busy.app_id}").content.decode()


def test_counting_again_writes_nothing(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    cluster(version=factories.listing().versions.get().version)
    count_deployments()
    with django_assert_num_queries(2):
        count_deployments()


def test_an_app_that_left_says_so(visitor: Client) -> None:
    listing = factories.listing(name="Lighthouse")
    services.suspend_app(actor=person("global_admin"), app_id=listing.app_id)
    answer = visitor.get(f"/apps/{listing.app_id}")
    assert (answer.status_code, "Lighthouse isn&#x27;t in the store any more" in answer.content.decode()) == (404, True)
    assert visitor.get(f"/api/v1/store/apps/{listing.app_id}").status_code == 404


def test_screenshots_open_one_by_one(visitor: Client) -> None:
    shots = [{"full": str(n) * 64, "small": str(n + 5) * 64} for n in range(3)]
    listing = factories.listing(screenshots=shots)
    page = visitor.get(f"/apps/{listing.app_id}").content.decode()
    assert page.count('<dialog class="rs-shot"') == 3
    assert (page.count('rel="next"'), page.count('rel="previous"')) == (2, 2)
    App.objects.filter(pk=listing.app_id).update(screenshots=[])
    assert "1" * 64 in visitor.get(f"/apps/{listing.app_id}").content.decode()


def test_instructions_have_contents(visitor: Client) -> None:
    listing = factories.listing(readme="# Install\n\n## First `step`\n\nGo.\n\n## Then <b>that</b>\n\nDone.")
    page = visitor.get(f"/apps/{listing.app_id}?tab=instructions").content.decode()
    assert '<a href="#part-2">First step</a>' in page
    assert 'id="part-3"' in page
    assert "rs-contents" not in visitor.get(f"/apps/{factories.listing(readme='# One').app_id}?tab=instructions").content.decode()
