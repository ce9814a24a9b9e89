"""The verbs of categories: made, changed and deleted by those who keep the store."""

from typing import TYPE_CHECKING

from django.db import transaction

from roadstead.accounts.access import require
from roadstead.accounts.permissions import Action
from roadstead.audit.record import record
from roadstead.catalog.errors import CategoryInUse, CategoryNameless, CategoryNameTaken, FixedCategory, UnknownCategoryIcon
from roadstead.catalog.models import UNCATEGORIZED, App, Category
from roadstead.catalog.states import CATEGORY_ICONS
from roadstead.core.finding import found
from roadstead.core.turns import take_turn

if TYPE_CHECKING:
    from roadstead.accounts.models import User

Names = dict[str, str]  # by language: "zh-hans", "en"
_LANGUAGES = ("en", "zh-hans")


@transaction.atomic
def create_category(*, actor: "User", names: Names, icon: str = "category") -> Category:
    """Add a category with its name in one or both languages."""
    require(actor, Action.CREATE_CATEGORY)
    category = Category()
    _write(category, names, icon)
    record(actor, "category.created", category, name=category.name)
    return category


@transaction.atomic
def edit_category(*, actor: "User", category_id: str, names: Names, icon: str) -> Category:
    """Change a category's names and picture."""
    require(actor, Action.EDIT_CATEGORY)
    category = found(Category.objects.select_for_update(), category_id)
    _write(category, names, icon)
    record(actor, "category.edited", category, name=category.name)
    return category


@transaction.atomic
def delete_category(*, actor: "User", category_id: str, force: bool = False) -> None:
    """Delete a category; one that has apps only by `force`, which makes them uncategorised."""
    require(actor, Action.DELETE_CATEGORY)
    category = found(Category.objects.select_for_update(), category_id)
    if category.is_fixed:
        raise FixedCategory
    if not force and category.apps.exists():
        raise CategoryInUse
    moved = category.apps.update(category=UNCATEGORIZED)
    record(actor, "category.deleted", category, name=category.name, apps=moved)
    category.delete()


@transaction.atomic
def set_category(*, actor: "User", app_ids: list[str], category_id: str) -> int:
    """Put apps into a category; return how many changed. Those who keep the store may do it to any app, at any time."""
    require(actor, Action.EDIT_CATEGORY)
    category = found(Category.objects.select_for_update(), category_id)
    apps = list(App.objects.select_for_update(of=("self",)).filter(pk__in=app_ids).exclude(category=category))
    for app in apps:
        app.category = category
        app.save(update_fields=["category"])
        record(actor, "app.categorised", app, category=category.pk)
    return len(apps)


def _write(category: Category, names: Names, icon: str) -> None:
    kept = {language: names[language].strip() for language in _LANGUAGES if names.get(language, "").strip()}
    if not kept:
        raise CategoryNameless(field="name")
    if icon not in CATEGORY_ICONS:
        raise UnknownCategoryIcon(field="icon")
    name = kept[next(iter(kept))]
    take_turn("categories")
    if Category.objects.filter(name__iexact=name).exclude(pk=category.pk).exists():
        raise CategoryNameTaken(field="name", name=name)
    category.name, category.names, category.icon = name, kept, icon
    category.save()
