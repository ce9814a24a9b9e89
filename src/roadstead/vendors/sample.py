"""The sample provider, for `roadstead up --demo` and for tests of whole stories."""

from django.db import transaction

from roadstead.accounts.services import ensure_sample_people
from roadstead.vendors import services
from roadstead.vendors.models import Provider

COMPANY = "深圳云帆科技"


@transaction.atomic
def ensure_sample() -> Provider:
    """Make the sample people and their certified provider where they are missing, and return the provider."""
    people = ensure_sample_people()
    known = Provider.objects.filter(company_name=COMPANY).first()
    if known:
        return known
    made = services.create_provider(
        actor=None,
        head=people["isv"],
        company_name=COMPANY,
        website="https://example.com",
        profile="云帆把常用的开源应用打包成经过验证的版本，并长期维护。",
    )
    return services.certify(actor=people["global_admin"], provider_id=made.pk)
