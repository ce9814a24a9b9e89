"""The page on which categories are kept."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from roadstead.accounts.factories import person
from roadstead.catalog import factories as catalog
from roadstead.catalog.models import UNCATEGORIZED, App, Category
from roadstead.store import factories, selectors

pytestmark = pytest.mark.django_db
PAGE = "/workbench/categories"
DATABASES = "ctg-databases"


@pytest.fixture
def keeper() -> Client:
    client = Client()
    client.cookies["roadstead_language"] = "en"
    client.force_login(person("global_admin"))
    return client


def test_a_category_is_made_changed_and_deleted(keeper: Client) -> None:
    keeper.post(f"{PAGE}/new", {"name": "Charts", "name_zh": "海图", "icon": "school"})
    made = Category.objects.get(name="Charts")
    assert (made.names, made.icon) == ({"en": "Charts", "zh-hans": "海图"}, "school")
    keeper.post(f"{PAGE}/{made.pk}", {"name": "Sea charts", "name_zh": "", "icon": "photo"})
    made.refresh_from_db()
    assert (made.name, made.names, made.icon) == ("Sea charts", {"en": "Sea charts"}, "photo")
    assert "Sea charts is deleted" in keeper.post(f"{PAGE}/{made.pk}/delete", follow=True).content.decode()
    assert not Category.objects.filter(pk=made.pk).exists()


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"name": "", "name_zh": " ", "icon": "school"}, "Enter a name."),
        ({"name": "databases", "icon": "school"}, "There is a category named"),
        ({"name": "Charts", "icon": "skull"}, "Choose one of the pictures on offer."),
        ({"name": "x" * 51, "icon": "school"}, "at most 50 characters"),
    ],
)
def test_what_is_refused_is_said_at_the_field(keeper: Client, sent: dict[str, str], words: str) -> None:
    before = Category.objects.count()
    answer = keeper.post(f"{PAGE}/new", sent)
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert Category.objects.count() == before


def test_apps_are_moved(keeper: Client) -> None:
    first, second, third = (factories.listing(name=name) for name in ("First", "Second", "Third"))
    assert "Third" in keeper.get(f"{PAGE}?category={UNCATEGORIZED}").content.decode()
    chosen = [first.app_id, second.app_id]
    page = keeper.post(f"{PAGE}/adjust", {"app": chosen, "category": DATABASES}, follow=True).content.decode()
    assert "2 apps moved to Databases." in page
    assert ("First" in page, "Third" in page) == (True, False)
    assert {row.id: row.listed for row in selectors.shelves() if row.listed} == {DATABASES: 2, UNCATEGORIZED: 1}
    assert keeper.post(f"{PAGE}/adjust", {"category": DATABASES}).status_code == 422
    assert keeper.post(f"{PAGE}/adjust", {"app": [third.app_id], "category": "ctg-nothing"}).status_code == 404


def test_the_table_says_how_an_app_is_delivered_and_when_it_was_released(keeper: Client) -> None:
    listed = factories.listing(name="Listed", category_id=DATABASES)
    App.objects.filter(pk=catalog.version().app_id).update(category_id=DATABASES)
    answer = keeper.get(f"{PAGE}?category={DATABASES}")
    told = [(app.pk == listed.app_id, list(types), standing and standing.listed_at) for app, types, standing in answer.context["rows"]]
    assert sorted(told, key=str) == [(False, ["helm"], None), (True, ["helm"], listed.listed_at)]
    words = answer.content.decode()
    assert "Last released" in words
    assert f'<time datetime="{listed.listed_at.isoformat()}"' in words


@pytest.mark.parametrize(("sent", "status", "left"), [({}, 409, DATABASES), ({"force": "1"}, 302, UNCATEGORIZED)])
def test_a_category_with_apps_is_deleted_by_force_only(keeper: Client, sent: dict[str, str], status: int, left: str) -> None:
    listing = factories.listing(category_id=DATABASES)
    assert "Delete it although it has apps" in keeper.get(f"{PAGE}?category={DATABASES}").content.decode()
    assert keeper.post(f"{PAGE}/{DATABASES}/delete", sent).status_code == status
    assert App.objects.get(pk=listing.app_id).category_id == left


def test_the_shelf_of_the_uncategorised_stays(keeper: Client) -> None:
    assert "delete-category" not in keeper.get(f"{PAGE}?category={UNCATEGORIZED}").content.decode()
    assert keeper.post(f"{PAGE}/{UNCATEGORIZED}/delete", {"force": "1"}).status_code == 409
    assert Category.objects.filter(pk=UNCATEGORIZED).exists()


@pytest.mark.parametrize("role", ["developer", "isv", "user", "business_reviewer", "technical_reviewer"])
def test_nobody_else_keeps_categories(role: str) -> None:
    client = Client()
    client.force_login(person(role))
    assert client.get(PAGE).status_code == 403
    for path in ("new", "adjust", DATABASES, f"{DATABASES}/delete"):
        assert client.post(f"{PAGE}/{path}", {"name": "Mine", "force": "1", "app": "x", "icon": "school"}).status_code == 403
    assert Category.objects.filter(pk=DATABASES, name="Databases").exists()


def test_few_queries(keeper: Client, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(4):
        factories.listing()
    with django_assert_max_num_queries(11):
        assert keeper.get(f"{PAGE}?category={UNCATEGORIZED}").status_code == 200


def test_uncategorised_apps_are_added_from_the_category(keeper: Client) -> None:
    app = catalog.app()
    page = keeper.get(f"{PAGE}?category={DATABASES}").content.decode()
    link = f"{PAGE}?category={UNCATEGORIZED}&amp;to={DATABASES}"
    assert link in page
    chooser = keeper.get(link.replace("&amp;", "&")).content.decode()
    assert f'value="{app.pk}"' in chooser
    assert f'<option value="{DATABASES}" selected>' in chooser
    assert "Add apps" not in chooser
