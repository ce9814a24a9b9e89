"""The search of the workbench finds what a person can open, and nothing else."""

import pytest
from django.test import Client
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from roadstead.accounts.factories import person
from roadstead.accounts.models import User
from roadstead.catalog import factories as catalog
from roadstead.clusters import factories as clusters
from roadstead.reviews import factories as reviews
from roadstead.store.factories import listing
from roadstead.web.finding import found_for

pytestmark = pytest.mark.django_db


def found(actor: User, words: str) -> dict[str, list[str]]:
    with translation.override("en"):
        return {str(section.word): [hit.name for hit in section.hits] for section in found_for(actor, words)}


def client_of(actor: User) -> Client:
    client = Client()
    client.force_login(actor)
    return client


def test_everybody_finds_their_own_and_nobody_a_strangers() -> None:
    cluster = clusters.cluster(name="ledger")
    clusters.environment(cluster.owner, name="Ledger place")
    assert found(cluster.owner, "ledger") == {"Instances": ["ledger"], "Environments": ["Ledger place"]}
    assert found(person("user"), "ledger") == {}
    assert found(person("user"), cluster.pk) == {}
    assert found(person("technical_reviewer"), cluster.pk) == {"Instances": ["ledger"]}


def test_a_review_is_found_by_its_number_and_a_version_by_name_and_number() -> None:
    cast = reviews.cast()
    made = reviews.submission(cast)
    name = f"{made.app.name} {made.version.name}"
    assert found(cast.head, made.pk)["Reviews"] == [name]
    assert found(cast.developer, name)["Versions"] == [name]
    assert found(cast.developer, made.version_id)["Versions"] == [name]
    assert "Reviews" not in found(cast.developer, made.pk)
    assert found(cast.stranger, made.pk) == {}


def test_the_store_is_everybodys_and_people_are_the_administrators() -> None:
    listing(catalog.app(name="博客系统"))
    administrator = person("global_admin", name="Ruth Amundsen")
    assert found(person("user"), "博客") == {"App store": ["博客系统"]}
    assert found(administrator, "amundsen") == {"People": ["Ruth Amundsen"]}
    assert found(person("user"), "amundsen") == {}
    assert found(administrator, "  ") == {}


def test_the_page_and_the_list_while_typing_say_the_same() -> None:
    cluster = clusters.cluster(name="ledger")
    client = client_of(cluster.owner)
    whole = client.get("/workbench/search", {"q": "ledger"}).content.decode()
    part = client.get("/workbench/search", {"q": "ledger"}, headers={"hx-request": "true"}).content.decode()
    assert "<html" in whole
    assert "<html" not in part
    assert part.strip() in whole
    assert f"/workbench/instances/{cluster.pk}" in part


def test_a_hit_names_who_offers_it() -> None:
    shown = listing(catalog.app(name="anchor"))
    assert shown.app.provider
    assert [(hit.detail, hit.address) for section in found_for(person("user"), "anchor") for hit in section.hits] == [
        (shown.app.provider.company_name, f"/apps/{shown.app_id}")
    ]


def test_what_is_not_there_is_said() -> None:
    client = client_of(person("user"))
    client.cookies["roadstead_language"] = "en"
    page = client.get("/workbench/search", {"q": "<zebra>"}).content.decode()
    assert "Nothing you can open is called “&lt;zebra&gt;”" in page
    client.cookies["roadstead_language"] = "zh-hans"
    assert "没有名称或编号是“&lt;zebra&gt;”" in client.get("/workbench/search", {"q": "<zebra>"}).content.decode()


@pytest.mark.parametrize("number", [1, 12])
def test_its_queries_do_not_grow(django_assert_max_num_queries: DjangoAssertNumQueries, number: int) -> None:
    administrator = person("global_admin")
    cast = reviews.cast()
    for _ in range(number):
        clusters.cluster(name=f"app-{_}")
        reviews.submission(cast)
    with django_assert_max_num_queries(12):
        found_for(User.objects.get(pk=administrator.pk), "app")
