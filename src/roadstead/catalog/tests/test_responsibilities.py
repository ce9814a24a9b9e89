"""The head of a provider with apps in the store isn't deleted."""

import pytest

from roadstead.accounts import services
from roadstead.accounts.errors import StillResponsible
from roadstead.accounts.factories import person
from roadstead.accounts.models import User
from roadstead.catalog.factories import app
from roadstead.catalog.track import Status
from roadstead.vendors.factories import provider

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("status", "stays"), [(Status.ACTIVE, True), (Status.SUSPENDED, True), (Status.DRAFT, False)])
def test_what_is_in_the_store_keeps_its_head(status: Status, stays: bool) -> None:
    admin, company = person("global_admin"), provider()
    made = app(person("developer", company.group))
    made.provider, made.status = company, status
    made.save(update_fields=["provider", "status"])
    if stays:
        with pytest.raises(StillResponsible):
            services.delete_user(actor=admin, user_id=company.head_id)
    else:
        services.delete_user(actor=admin, user_id=company.head_id)
    assert (User.objects.get(pk=company.head_id).status == "active") is stays
