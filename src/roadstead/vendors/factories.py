"""Providers for tests."""

from itertools import count

from roadstead.accounts.factories import person
from roadstead.accounts.models import User
from roadstead.core.clock import now
from roadstead.vendors import services
from roadstead.vendors.models import Provider

_numbers = count(1)


def provider(head: User | None = None, *, name: str = "", certified: bool = True) -> Provider:
    """Make a provider; `provider.group` is where its people go."""
    made = services.create_provider(actor=None, head=head or person("isv"), company_name=name or f"Company {next(_numbers)}")
    if certified:
        made.certified_at = now()
        made.save(update_fields=["certified_at"])
    return made
