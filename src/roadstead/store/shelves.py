"""The verbs of those who keep the store's shelves: what they change stands in the store at once, without a new release."""

from typing import TYPE_CHECKING

from django.db import transaction

from roadstead.catalog import services as catalog
from roadstead.core.turns import take_turn
from roadstead.store.models import UNCATEGORIZED, Listing
from roadstead.store.services import TURN, compose

if TYPE_CHECKING:
    from collections.abc import Iterable

    from roadstead.accounts.models import User


@transaction.atomic
def adjust_category(*, actor: "User", app_ids: list[str], category_id: str) -> int:
    """Put apps into a category, in the store too; return how many working copies changed."""
    take_turn(TURN)
    changed = catalog.set_category(actor=actor, app_ids=app_ids, category_id=category_id)
    _shelve(Listing.objects.select_for_update().filter(app__in=app_ids).exclude(category=category_id), category_id)
    return changed


@transaction.atomic
def delete_category(*, actor: "User", category_id: str, force: bool = False) -> None:
    """Delete a category; by `force` also one with apps, which become uncategorised."""
    take_turn(TURN)
    catalog.delete_category(actor=actor, category_id=category_id, force=force)
    _shelve(Listing.objects.select_for_update().filter(category=category_id), UNCATEGORIZED)


def _shelve(listings: "Iterable[Listing]", category_id: str) -> None:
    for listing in listings:
        listing.info["category"] = category_id
        compose(listing)
