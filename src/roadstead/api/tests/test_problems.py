"""One shape for every refusal, and no word of what happened inside."""

import json
from typing import Any

import pytest
from django.http import Http404, HttpRequest
from django.test import Client
from ninja import NinjaAPI
from ninja.errors import HttpError
from ninja.testing import TestClient

from roadstead.api import problems
from roadstead.core.errors import DomainError, Invalid, Missing, NotPermitted, WrongState
from roadstead.core.problems import Problem

RAISED: dict[str, Exception] = {
    "missing": Missing(),
    "foreign": Http404("no row"),
    "permitted": NotPermitted(),
    "state": WrongState(),
    "invalid": Invalid(field="name", problems=[Problem("chart_missing", file="Chart.yaml", where="1")]),
    "http": HttpError(429, "Slow down."),
    "accident": RuntimeError("password=hunter2"),
}


@pytest.fixture(scope="module")
def api() -> TestClient:
    """An API that does nothing but refuse."""
    refusing = NinjaAPI(urls_namespace="refusing", docs_url=None)
    problems.install(refusing)

    @refusing.get("/raise/{kind}")
    def refuse(request: HttpRequest, kind: str) -> None:
        raise RAISED[kind]

    @refusing.get("/count/{number}")
    def count(request: HttpRequest, number: int, size: int, factor: int = 1) -> int:
        return number * size * factor

    return TestClient(refusing)


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("missing", 404, "resource_not_found"),
        ("foreign", 404, "resource_not_found"),
        ("permitted", 403, "permission_denied"),
        ("state", 409, "wrong_state"),
        ("invalid", 422, "invalid"),
        ("http", 429, "too_many_requests"),
        ("accident", 500, "internal_error"),
    ],
)
def test_every_refusal_has_the_shape(api: TestClient, kind: str, status: int, code: str) -> None:
    answer = api.get(f"/raise/{kind}")
    body = answer.json()
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert (body["status"], body["code"]) == (status, code)
    assert set(body) == {"type", "title", "status", "detail", "code", "errors", "problems"}
    assert body["detail"]


def test_missing_and_foreign_look_the_same(api: TestClient) -> None:
    assert api.get("/raise/missing").content == api.get("/raise/foreign").content


def test_particulars_are_all_there(api: TestClient) -> None:
    body = api.get("/raise/invalid").json()
    assert body["errors"][0]["field"] == "name"
    assert body["problems"] == [{"file": "Chart.yaml", "where": "1", "code": "chart_missing", "message": "chart_missing"}]


def test_every_wrong_parameter_is_named(api: TestClient) -> None:
    body = api.get("/count/2?factor=x").json()
    assert {error["field"] for error in body["errors"]} == {"query.factor", "query.size"}


def test_an_id_that_cannot_be_one_is_missing(api: TestClient) -> None:
    assert api.get("/count/many").json()["code"] == "resource_not_found"


def test_an_accident_tells_nothing(api: TestClient) -> None:
    assert "hunter2" not in api.get("/raise/accident").content.decode()


def test_words_follow_the_language(api: TestClient) -> None:
    error: DomainError = Missing()
    assert json.loads(api.get("/raise/missing").content)["detail"] == error.message


@pytest.fixture
def document(client: Client) -> Any:
    """The OpenAPI document as served."""
    return client.get("/api/v1/openapi.json").json()


def test_the_document_is_served(document: Any) -> None:
    assert document["openapi"].startswith("3.1")
    assert {"/api/v1/store/apps", "/api/v1/store/apps/{app_id}"} <= set(document["paths"])


def test_every_operation_says_how_it_refuses(document: Any) -> None:
    paths = document["paths"]
    assert set(paths["/api/v1/store/apps/{app_id}"]["get"]["responses"]) >= {"200", "304", "404", "422"}
    assert set(paths["/api/v1/me"]["get"]["responses"]) == {"200", "401", "403"}
    assert {"ProblemDetails", "FieldError", "ProblemAt"} <= set(document["components"]["schemas"])


@pytest.mark.django_db
def test_an_unknown_address_is_a_problem_too(client: Client) -> None:
    answer = client.get("/api/v1/nothing/here")
    assert (answer.status_code, answer["Content-Type"], answer.json()["code"]) == (404, "application/problem+json", "resource_not_found")
