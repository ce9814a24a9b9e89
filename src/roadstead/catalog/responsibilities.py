"""What keeps the head of a provider: the provider's apps in the store."""

from typing import TYPE_CHECKING

from roadstead.catalog.models import App
from roadstead.catalog.track import Status

if TYPE_CHECKING:
    from roadstead.accounts.models import User


def apps_in_store(user: "User") -> list[str]:
    """Return the names of the apps in the store whose provider this person speaks for."""
    rows = App.objects.filter(provider__head=user, status__in=(Status.ACTIVE, Status.SUSPENDED))
    return list(rows.order_by("name").values_list("name", flat=True))
