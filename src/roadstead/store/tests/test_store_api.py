"""The store's API: stored bytes, one query, cursors, ETags."""

import json

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from roadstead.store import factories
from roadstead.store.schemas import Cards, Page

pytestmark = pytest.mark.django_db


def test_the_list_is_paged_by_cursor(client: Client) -> None:
    made = [factories.listing(name=f"App number {number}").app_id for number in range(5)]
    seen: list[str] = []
    cursor = ""
    for _ in range(3):
        page = Cards.model_validate_json(client.get("/api/v1/store/apps", {"limit": "2", "cursor": cursor}).content)
        seen += [item.id for item in page.items]
        cursor = page.next_cursor
    assert seen == made[::-1]
    assert cursor == ""


def test_the_documents_fit_their_schemas(client: Client) -> None:
    listing = factories.listing()
    answer = client.get(f"/api/v1/store/apps/{listing.app_id}")
    assert answer["Content-Type"] == "application/json"
    assert Page.model_validate_json(answer.content).id == listing.app_id
    assert client.get("/api/v1/store/apps").json()["items"][0]["id"] == listing.app_id


@pytest.mark.parametrize("path", ["/api/v1/store/apps", "/api/v1/store/apps/{}"])
def test_what_is_known_is_not_sent_again(client: Client, path: str) -> None:
    app_id = factories.listing().app_id
    etag = client.get(path.format(app_id))["ETag"]
    again = client.get(path.format(app_id), headers={"If-None-Match": f'W/{etag}, "other"'})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(path.format(app_id), headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize(
    ("query", "status"), [("limit=0", 422), ("limit=101", 422), ("limit=x", 422), ("cursor=!", 422), ("q=" + "a" * 201, 422), ("q=a", 200)]
)
def test_bad_parameters_are_refused(client: Client, query: str, status: int) -> None:
    answer = client.get(f"/api/v1/store/apps?{query}")
    assert answer.status_code == status
    if status == 422:
        assert json.loads(answer.content)["code"]


def test_what_is_not_listed_is_missing(client: Client) -> None:
    assert client.get("/api/v1/store/apps/app-aaaaaaaaaaaaaaaa").status_code == 404


@pytest.mark.parametrize("path", ["/api/v1/store/apps", "/api/v1/store/apps?q=app", "/api/v1/store/apps/{}"])
def test_one_query_a_call(client: Client, path: str, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    factories.listing()
    app_id = factories.listing().app_id
    with django_assert_num_queries(1):
        assert client.get(path.format(app_id)).status_code == 200
