"""The overview: each role sees what waits for it, and numbers of what it reaches only."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from roadstead.accounts.factories import person
from roadstead.accounts.models import User
from roadstead.catalog import factories as catalog
from roadstead.catalog.models import Category
from roadstead.catalog.track import Status
from roadstead.clusters.factories import cluster
from roadstead.clusters.states import Status as InstanceStatus
from roadstead.core.clock import now
from roadstead.reviews import factories as reviews
from roadstead.reviews import services as review
from roadstead.reviews.track import Stage, Verdict
from roadstead.store import factories
from roadstead.store.chores import count_deployments
from roadstead.store.figures import Figure

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    client = Client()
    client.cookies["roadstead_language"] = "en"
    return client


def figures(client: Client) -> dict[str, int]:
    return {str(one.name): one.number for one in client.get("/workbench/overview").context["figures"]}


def test_a_developer_sees_their_own_numbers_and_an_administrator_all(client: Client) -> None:
    mine, foreign = factories.listing(name="Mine"), factories.listing(name="Foreign")
    owner = mine.app.owner
    waiting = catalog.version(Status.PASSED, of=mine.app, name="2.0.0")
    catalog.version(Status.REJECTED)
    for listing, age, debug in ((mine, 0, False), (mine, 29, False), (mine, 31, False), (mine, 0, True), (foreign, 0, False)):
        cluster(version=listing.versions.get().version, created_at=now() - timedelta(days=age), debug=debug)
    count_deployments()

    client.force_login(owner)
    assert figures(client) == {"Apps in the store": 1, "Deployments": 2, "Reviews decided": 0}
    page = client.get("/workbench/overview")
    assert [version.pk for version in page.context["versions"]] == [waiting.pk]
    assert ("Mine" in page.content.decode(), "Foreign" in page.content.decode()) == (True, False)

    client.force_login(person("global_admin"))
    assert figures(client) == {"Deployments": 3, "Reviews decided": 0}
    page = client.get("/workbench/overview")
    assert [row.name for row in page.context["popular"]] == ["Mine", "Foreign"]
    assert page.context["versions"] == []


def test_an_administrator_sees_how_much_there_is_and_where(client: Client) -> None:
    listing = factories.listing()
    version = listing.versions.get().version
    for status in InstanceStatus:
        cluster(status, version=version)
    cluster(version=version, debug=True)
    client.force_login(person("global_admin"))
    totals = {str(one.name): (one.number, one.address) for one in client.get("/workbench/overview").context["totals"]}
    # What was deleted or ceased is no more, and a test is no instance of anybody's.
    assert totals == {
        "Apps in the store": (1, "/workbench/all-apps"),
        "Instances": (4, "/workbench/all-instances"),
        "Categories": (Category.objects.count(), "/workbench/categories"),
        "People": (User.objects.count(), "/workbench/people"),
    }
    client.force_login(version.owner)
    assert client.get("/workbench/overview").context["totals"] == []


def test_a_forced_decision_waits_for_the_second_administrator(client: Client) -> None:
    first, second = person("global_admin"), person("global_admin")
    submission = reviews.submission(reviews.cast(), stage=Stage.BUSINESS)
    review.ask_force(actor=first, submission_id=submission.pk, stage=Stage.BUSINESS, verdict=Verdict.PASS, reason="The deadline is today")
    for reader, waits in ((first, False), (second, True), (person("business_reviewer"), False), (person("isv"), False)):
        client.force_login(reader)
        page = client.get("/workbench/overview").content.decode()
        assert ("asks for a decision by force" in page) is waits, reader.role_id
    client.force_login(second)
    assert f'href="/workbench/reviews/{submission.pk}"' in client.get("/workbench/overview").content.decode()


def test_reviewers_see_what_waits_for_them_and_no_deployments(client: Client) -> None:
    cast = reviews.cast()
    reviews.submission(cast, stage=Stage.BUSINESS)
    cluster()
    client.force_login(person("business_reviewer"))
    page = client.get("/workbench/overview")
    assert "1 submission to review" in page.content.decode()
    assert page.context["latest"] == []


def test_regular_users_have_none(client: Client) -> None:
    client.force_login(person("user"))
    assert client.get("/workbench/overview").status_code == 403
    assert "/workbench/overview" not in client.get("/workbench/instances").content.decode()


def test_the_line_has_its_peak_at_the_top_and_nothing_at_the_bottom() -> None:
    assert Figure("", 3, days=[0, 4, 2]).points == "2.0,26.0 42.0,2.0 82.0,14.0"
    assert Figure("", 0, days=[0, 0]).points == "2.0,26.0 82.0,26.0"
    assert Figure("", 1).points == ""


@pytest.mark.parametrize("role", ["global_admin", "isv", "developer", "technical_reviewer"])
def test_few_queries(client: Client, role: str, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(4):
        cluster(version=factories.listing().versions.get().version)
    client.force_login(person(role))
    with django_assert_max_num_queries(12):
        assert client.get("/workbench/overview").status_code == 200
