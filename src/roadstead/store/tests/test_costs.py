"""No page of the store's side asks the database more than twelve times, however many rows there are."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from roadstead.accounts.factories import person
from roadstead.accounts.models import User
from roadstead.catalog import factories as catalog
from roadstead.catalog.models import App
from roadstead.catalog.track import Status
from roadstead.clusters import factories as clusters
from roadstead.reviews import services as reviews
from roadstead.reviews.factories import Cast, cast, packaged, pass_stage
from roadstead.reviews.track import OPEN_STAGES, Stage, Verdict
from roadstead.store import services
from roadstead.vendors.selectors import provider_of

pytestmark = pytest.mark.django_db
QUERIES = 12


def history(people: Cast, app: App, number: int) -> None:
    """Give an app so many versions of every kind of past, and instances of users and tests."""
    for each in range(number):
        version = packaged(app, Status.DRAFT, name=f"{each}.0.0")
        made = reviews.submit(actor=people.developer, version_id=version.pk)
        reviews.claim(actor=people.head, submission_id=made.pk, stage=Stage.PROVIDER)
        reviews.decide(actor=people.head, submission_id=made.pk, stage=Stage.PROVIDER, verdict=Verdict.REJECT, reason="No.")
        again = reviews.submit(actor=people.developer, version_id=version.pk)
        for stage in OPEN_STAGES:
            pass_stage(people, again, stage)
        services.release(actor=people.developer, version_id=version.pk)
        clusters.cluster(version=version, owner=people.developer)
        clusters.cluster(version=version, owner=people.developer, debug=True)
    for each in range(number):
        packaged(app, Status.DRAFT, name=f"{each}.1.0")
        packaged(app, Status.DELETED, name=f"{each}.2.0")


PAGES: dict[str, tuple[str, Callable[[Cast], User]]] = {
    "/": ("store", lambda people: people.developer),
    "/?order=deployed": ("most deployed", lambda people: people.developer),
    "/apps/{app}": ("offer", lambda people: people.developer),
    "/apps/{app}?tab=versions": ("offer's versions", lambda people: people.developer),
    "/workbench/overview": ("overview", lambda people: people.developer),
    "/workbench/deployed": ("deployed", lambda people: people.developer),
    "/workbench/apps": ("my apps", lambda people: people.developer),
    "/workbench/apps/{app}": ("app", lambda people: people.developer),
    "/workbench/apps/{app}/information": ("information", lambda people: people.developer),
    "/workbench/apps/{app}/information?tab=instructions": ("instructions", lambda people: people.developer),
    "/workbench/apps/{app}/record": ("record", lambda people: people.developer),
    "/workbench/versions/{version}": ("version", lambda people: people.developer),
    "/workbench/versions/{draft}": ("draft", lambda people: people.developer),
    "/workbench/versions/{draft}/prepare": ("prepare 1", lambda people: people.developer),
    "/workbench/versions/{draft}/prepare?step=version": ("prepare 2", lambda people: people.developer),
    "/workbench/versions/{draft}/prepare?step=preview": ("prepare 3", lambda people: people.developer),
    "/workbench/overview?": ("an administrator's overview", lambda _people: person("global_admin")),
    "/workbench/all-apps": ("all apps", lambda _people: person("global_admin")),
    "/workbench/all-apps/{app}": ("an administrator's app", lambda _people: person("global_admin")),
    "/workbench/categories": ("categories", lambda _people: person("global_admin")),
    "/workbench/versions/{version}?": ("an administrator's version", lambda _people: person("global_admin")),
    "/workbench/reviews?tab=all": ("all reviews", lambda people: people.business),
    "/workbench/reviews?tab=processed": ("processed reviews", lambda people: people.business),
    "/workbench/reviews/{review}?tab=information": ("review", lambda people: people.business),
    "/workbench/reviews/{review}?tab=files": ("review's files", lambda people: people.business),
    "/workbench/reviews/{review}?tab=difference": ("review's difference", lambda people: people.business),
}


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("rows", [1, 4])
def test_pages_ask_at_most_twelve_times(address: str, rows: int, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    people = cast()
    apps = [catalog.app(people.developer, provider=provider_of(people.developer)) for _ in range(rows)]
    for app in apps:
        history(people, app, rows if app == apps[0] else 1)
    version = apps[0].versions.filter(status=Status.ACTIVE).latest("created_at")
    draft = apps[0].versions.filter(status=Status.DRAFT).latest("created_at")
    names = {"app": apps[0].pk, "version": version.pk, "draft": draft.pk, "review": version.submission_id}
    client = Client()
    client.force_login(PAGES[address][1](people))
    client.get("/workbench/deployed")
    cache.clear()
    with django_assert_max_num_queries(QUERIES):
        assert client.get(address.format(**names)).status_code == 200
