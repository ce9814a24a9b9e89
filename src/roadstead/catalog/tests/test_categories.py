"""Categories: the shipped set, and what becomes of the apps of a deleted one."""

import pytest
from django.utils import translation

from roadstead.accounts.factories import person
from roadstead.audit.models import Event
from roadstead.catalog import errors, factories, selectors, services
from roadstead.catalog.models import UNCATEGORIZED, Category
from roadstead.core.errors import DomainError, Missing, NotPermitted

pytestmark = pytest.mark.django_db


def test_the_shipped_set_is_named_in_both_languages_and_ends_with_the_uncategorised() -> None:
    shelves = list(selectors.categories())
    assert shelves[-1].pk == UNCATEGORIZED
    with translation.override("zh-hans"):
        assert {"数据库", "开发工具", "建站与内容", "数据与智能", "安全", "协作办公", "监控运维", "存储与备份"} < {
            row.word for row in shelves
        }
    with translation.override("en"):
        assert shelves[-1].word == "Uncategorised"


def test_a_category_in_one_language_is_shown_by_that_name_in_both() -> None:
    made = services.create_category(actor=person("global_admin"), names={"zh-hans": " 地图 ", "en": ""}, icon="cloud")
    with translation.override("en"):
        assert made.word == "地图"
    assert Event.objects.filter(verb="category.created", subject_id=made.pk).exists()


def test_editing_changes_names_and_picture() -> None:
    made = services.edit_category(actor=person("global_admin"), category_id="ctg-security", names={"en": "Safety"}, icon="cloud")
    assert (made.name, made.names, made.icon) == ("Safety", {"en": "Safety"}, "cloud")


@pytest.mark.parametrize(
    ("names", "icon", "refusal"),
    [
        ({"en": " "}, "cloud", errors.CategoryNameless),
        ({"en": "security"}, "cloud", errors.CategoryNameTaken),
        ({"en": "Maps"}, "no-such-picture", errors.UnknownCategoryIcon),
    ],
)
def test_what_is_refused_leaves_nothing_behind(names: dict[str, str], icon: str, refusal: type[DomainError]) -> None:
    before = Category.objects.count()
    with pytest.raises(refusal):
        services.create_category(actor=person("global_admin"), names=names, icon=icon)
    assert Category.objects.count() == before


@pytest.mark.parametrize("role", ["isv", "developer", "user", "business_reviewer", "technical_reviewer"])
def test_only_those_who_keep_the_store_change_categories(role: str) -> None:
    app, someone = factories.app(), person(role)
    before = list(Category.objects.order_by("pk").values())
    with pytest.raises(NotPermitted):
        services.create_category(actor=someone, names={"en": "Maps"})
    with pytest.raises(NotPermitted):
        services.edit_category(actor=someone, category_id="ctg-security", names={"en": "Maps"}, icon="cloud")
    with pytest.raises(NotPermitted):
        services.delete_category(actor=someone, category_id="ctg-security")
    with pytest.raises(NotPermitted):
        services.set_category(actor=someone, app_ids=[app.pk], category_id="ctg-security")
    app.refresh_from_db()
    assert (list(Category.objects.order_by("pk").values()), app.category_id) == (before, UNCATEGORIZED)


def test_a_category_with_apps_is_deleted_only_by_force_and_its_apps_become_uncategorised() -> None:
    admin, app = person("global_admin"), factories.app(category_id="ctg-security")
    with pytest.raises(errors.CategoryInUse):
        services.delete_category(actor=admin, category_id="ctg-security")
    services.delete_category(actor=admin, category_id="ctg-security", force=True)
    app.refresh_from_db()
    assert app.category_id == UNCATEGORIZED
    assert not Category.objects.filter(pk="ctg-security").exists()


def test_the_uncategorised_stay_and_a_missing_one_is_missing() -> None:
    admin = person("global_admin")
    with pytest.raises(errors.FixedCategory):
        services.delete_category(actor=admin, category_id=UNCATEGORIZED, force=True)
    with pytest.raises(Missing):
        services.delete_category(actor=admin, category_id="ctg-none")
    assert Category.objects.filter(pk=UNCATEGORIZED).exists()


def test_the_keeper_of_the_store_sorts_apps_into_categories() -> None:
    app = factories.app()
    admin = person("global_admin")
    assert services.set_category(actor=admin, app_ids=[app.pk, "app-none"], category_id="ctg-security") == 1
    assert services.set_category(actor=admin, app_ids=[app.pk], category_id="ctg-security") == 0
    app.refresh_from_db()
    assert app.category_id == "ctg-security"
