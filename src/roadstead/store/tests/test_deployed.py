"""The page of what somebody has deployed."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from roadstead.accounts.factories import person
from roadstead.clusters.factories import cluster
from roadstead.store import factories, services

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    client = Client()
    client.cookies["roadstead_language"] = "en"
    return client


def test_an_app_is_one_row_whatever_the_number_of_its_instances(client: Client) -> None:
    me = person("user")
    often, once, left, foreign = (factories.listing(name=name) for name in ("Often", "Once", "Left", "Foreign"))
    versions = {listing: listing.versions.get().version for listing in (often, once, left, foreign)}
    for listing, status, debug in (
        (left, "active", False),
        (often, "active", False),
        (often, "deleted", False),
        (often, "ceased", False),
        (often, "active", True),
        (once, "active", False),
    ):
        cluster(status, owner=me, version=versions[listing], debug=debug)
    cluster(version=versions[foreign])
    services.suspend_app(actor=person("global_admin"), app_id=left.app_id)
    client.force_login(me)
    page = client.get("/workbench/deployed")
    assert [(row.app.name, row.instances, listed) for row, listed in page.context["rows"]] == [
        ("Once", 1, True),
        ("Often", 2, True),
        ("Left", 1, False),
    ]
    text = page.content.decode()
    assert (text.count("Deploy again"), text.count("Not in the store any more")) == (2, 1)


def test_nothing_deployed_leads_to_the_store(client: Client) -> None:
    client.force_login(person("user"))
    assert "Nothing deployed yet" in client.get("/workbench/deployed").content.decode()
    assert "/workbench/deployed" in client.get("/").content.decode()


def test_few_queries(client: Client, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    me = person("user")
    for _ in range(4):
        cluster(owner=me, version=factories.listing().versions.get().version)
    client.force_login(me)
    with django_assert_max_num_queries(10):
        assert client.get("/workbench/deployed").status_code == 200
