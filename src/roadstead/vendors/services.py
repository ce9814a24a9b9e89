"""Writes: registering and certifying providers."""

from typing import TYPE_CHECKING

from django.db import transaction

from roadstead.accounts.access import require
from roadstead.accounts.permissions import Action
from roadstead.audit.record import record
from roadstead.core.clock import now
from roadstead.core.finding import found
from roadstead.core.turns import take_turn
from roadstead.vendors.errors import AlreadyCertified, CompanyNameTaken
from roadstead.vendors.models import Provider
from roadstead.vendors.selectors import providers_certifiable_by

if TYPE_CHECKING:
    from roadstead.accounts.models import User


@transaction.atomic
def create_provider(*, actor: "User | None", head: "User", company_name: str, website: str = "", profile: str = "") -> Provider:
    """Register the company whose people are the tree that `head` sits in; it starts uncertified. `actor` None: the platform."""
    if actor:
        require(actor, Action.CREATE_USER)
    company_name = company_name.strip()
    take_turn(f"company {company_name}")
    if Provider.objects.filter(company_name=company_name).exists():
        raise CompanyNameTaken(field="company_name", company=company_name)
    provider = Provider.objects.create(group_id=head.group.root_id, head=head, company_name=company_name, website=website, profile=profile)
    record(actor, "provider.created", provider, company_name=company_name)
    return provider


@transaction.atomic
def certify(*, actor: "User", provider_id: str) -> Provider:
    """Give the certified mark, after its holder has checked the company."""
    require(actor, Action.CERTIFY_PROVIDER)
    provider = found(providers_certifiable_by(actor).select_for_update(), provider_id)
    if provider.certified:
        raise AlreadyCertified(company=provider.company_name)
    provider.certified_at = now()
    provider.save(update_fields=["certified_at"])
    record(actor, "provider.certified", provider)
    return provider
