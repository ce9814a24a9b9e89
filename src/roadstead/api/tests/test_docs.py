"""The page that describes the API, and what the document promises to tools."""

import re
from typing import Any

import pytest
from django.test import Client

from roadstead.api.assembly import the_api

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(client: Client) -> Any:
    """The OpenAPI document as served."""
    return client.get("/api/v1/openapi.json").json()


@pytest.mark.parametrize(("language", "word"), [("en", "Open to everybody"), ("zh-hans", "对所有人开放")])
def test_the_page_names_every_operation_in_both_languages(document: Any, language: str, word: str) -> None:
    page = Client(headers={"accept-language": language}).get("/api/v1/docs")
    text = page.content.decode()
    assert page.status_code == 200
    assert word in text
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert f"{method.upper()} {path}" in text
            assert f'id="{operation["operationId"]}"' in text


def test_the_page_takes_everything_from_this_server() -> None:
    text = Client().get("/api/v1/docs").content.decode()
    loaded = re.findall(r'<(?:script|link|img)[^>]*?(?:src|href)="([^"]*)"', text)
    assert loaded
    assert [address for address in loaded if not address.startswith("/static/")] == []
    assert "style=" not in re.sub(r'value="[^"]*"', "", text)


def test_names_of_operations_and_shapes_are_unique(document: Any) -> None:
    ids = [operation["operationId"] for methods in document["paths"].values() for operation in methods.values()]
    assert len(ids) == len(set(ids))
    owners: dict[str, set[str]] = {}
    for router in the_api()._get_bound_routers():
        for view in router.path_operations.values():
            for operation in view.operations:
                for model in (*operation.models, *filter(None, operation.response_models.values())):
                    for field in getattr(model, "model_fields", {}).values():
                        shape = field.annotation
                        if isinstance(shape, type) and shape.__module__.startswith("roadstead"):
                            owners.setdefault(shape.__name__, set()).add(shape.__module__)
    assert {name: places for name, places in owners.items() if len(places) > 1} == {}


def test_every_operation_is_described(document: Any) -> None:
    for methods in document["paths"].values():
        for operation in methods.values():
            assert operation["description"].endswith("."), operation["operationId"]
