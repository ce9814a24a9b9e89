"""Reads: which provider somebody or something belongs to."""

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from roadstead.accounts.access import Actor, may
from roadstead.accounts.permissions import Action
from roadstead.vendors.models import Provider

if TYPE_CHECKING:
    from roadstead.accounts.models import User


def provider_of(user: "User") -> Provider | None:
    """Return the provider whose people this person is one of."""
    return provider_of_path(user.group.path)


def provider_of_path(owner_path: str) -> Provider | None:
    """Return the provider to whose tree an owner path belongs."""
    root = owner_path.partition(":")[0].partition(".")[0]
    return Provider.objects.filter(group_id=root).first()


def providers_certifiable_by(actor: Actor) -> QuerySet[Provider]:
    """Return the providers whose certification this person may decide."""
    return Provider.objects.all() if may(actor, Action.CERTIFY_PROVIDER) else Provider.objects.none()
