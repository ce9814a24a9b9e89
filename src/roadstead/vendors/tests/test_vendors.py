"""Providers: whose people they are, and who gives the certified mark."""

import pytest

from roadstead.accounts.factories import group, person
from roadstead.audit.selectors import events_of
from roadstead.core.errors import DomainError, Missing, NotPermitted
from roadstead.vendors import services
from roadstead.vendors.errors import AlreadyCertified, CompanyNameTaken
from roadstead.vendors.factories import provider
from roadstead.vendors.models import Provider
from roadstead.vendors.sample import COMPANY, ensure_sample
from roadstead.vendors.selectors import provider_of, provider_of_path

pytestmark = pytest.mark.django_db


def test_everybody_below_the_root_group_belongs_to_it() -> None:
    company = provider()
    deep = person("developer", group("team", group("department", company.group)))
    assert provider_of(company.head) == provider_of(deep) == provider_of_path(deep.path) == company
    assert provider_of(person("user")) is None


def test_a_name_is_one_company() -> None:
    provider(name="Cloud Sail")
    with pytest.raises(CompanyNameTaken) as refusal:
        provider(name=" Cloud Sail ")
    assert (refusal.value.field, Provider.objects.count()) == ("company_name", 1)


@pytest.mark.parametrize("role", ["global_admin", "business_reviewer"])
def test_the_mark_is_given_once_by_who_may(role: str) -> None:
    company = provider(certified=False)
    actor = person(role)
    assert not company.certified
    assert services.certify(actor=actor, provider_id=company.pk).certified
    with pytest.raises(AlreadyCertified):
        services.certify(actor=actor, provider_id=company.pk)
    assert [event.verb for event in events_of("vendors.provider", company.pk)] == ["provider.certified", "provider.created"]


@pytest.mark.parametrize(
    ("role", "refusal"), [("isv", NotPermitted), ("developer", NotPermitted), ("technical_reviewer", NotPermitted), ("user", NotPermitted)]
)
def test_others_dont(role: str, refusal: type[DomainError]) -> None:
    company = provider(certified=False)
    with pytest.raises(refusal):
        services.certify(actor=person(role), provider_id=company.pk)
    assert not Provider.objects.get(pk=company.pk).certified


def test_a_missing_provider_is_missing() -> None:
    with pytest.raises(Missing):
        services.certify(actor=person("global_admin"), provider_id="vdr-none")


def test_only_administrators_register_companies() -> None:
    head = person("isv")
    with pytest.raises(NotPermitted):
        services.create_provider(actor=head, head=head, company_name="Self Made")
    assert services.create_provider(actor=person("global_admin"), head=head, company_name="Self Made").group == head.group


def test_the_sample_is_made_once() -> None:
    company = ensure_sample()
    assert (company.company_name, company.certified, company.head.name) == (COMPANY, True, "苏禾")
    assert ensure_sample() == company
    assert Provider.objects.count() == 1
