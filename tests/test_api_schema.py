"""Promise I12: the API never answers 5xx to a request, and answers nothing that its document doesn't say."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from roadstead.accounts.factories import bearer
from roadstead.accounts.models import User
from roadstead.clusters import live
from roadstead.config.wsgi import application
from roadstead.runtimes.sdk import TimedOut
from tests.isolation.world import World, stranger, world

pytestmark = pytest.mark.django_db
ALWAYS = 20260101
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
# What the names in addresses and bodies stand for in the world of the isolation matrix.
THINGS = {
    "app_id": "app",
    "version_id": "version",
    "submission_id": "submission",
    "cluster_id": "cluster",
    "job_id": "only_job",
    "environment_id": "environment",
    "credential_id": "credential",
    "user_id": "person",
    "role_id": "role",
    "group_id": "department",
    "category_id": "category",
    "app": "app",
    "version": "released",
    "environment": "environment",
    "credential": "credential",
    "department": "department",
    "parent": "department",
}


@pytest.fixture(autouse=True)
def _the_connection_stays() -> Iterator[None]:
    """A request's end would close the connection that holds the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(autouse=True)
def _nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(*_question: object) -> None:
        raise TimedOut(live.NO_ANSWER(seconds=1))

    monkeypatch.setattr("roadstead.clusters.history.asked", silent)
    monkeypatch.setattr("roadstead.runtimes.services.probe", lambda *_args: [live.NO_ANSWER(seconds=1)])
    # A hash that takes its time is not what is tried here.
    monkeypatch.setattr("django.conf.settings.PASSWORD_HASHERS", ["django.contrib.auth.hashers.MD5PasswordHasher"])


def real(made: World, given: Any, wanted: bool) -> Any:
    """Return what was made up with the ids of real things in it, if that is wanted."""
    if not wanted or not isinstance(given, dict):
        return given
    return {name: made.things[THINGS[name]][0] if name in THINGS else value for name, value in given.items()}


def holds(made: World, token: str, examples: int) -> int:
    """Try every operation; return how many requests were made."""
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    asked = 0
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()

        @seed(ALWAYS)
        @settings(
            max_examples=examples,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(), wanted=st.booleans())
        def ask(case: Any, wanted: bool) -> None:
            nonlocal asked
            asked += 1
            case.path_parameters = real(made, case.path_parameters, wanted)
            case.body = real(made, case.body, wanted)
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            case.call_and_validate(headers=headers, checks=CHECKS)

        ask()
    return asked


def administrator(made: World) -> User:
    return stranger("global_admin")


def owner(made: World) -> User:
    return made.owner


def developer(made: World) -> User:
    return made.developer


WHO: dict[str, Callable[[World], User]] = {"administrator": administrator, "owner": owner, "developer": developer}


@pytest.mark.parametrize("who", WHO)
def test_it_answers_what_its_document_says(who: str) -> None:
    made = world()
    assert holds(made, bearer(WHO[who](made)), examples=int(os.environ.get("ROADSTEAD_TEST_EXAMPLES", "4"))) > 90


def test_strangers_too_get_what_the_document_says() -> None:
    assert holds(world(), "", examples=2) > 90


@pytest.mark.long
@pytest.mark.parametrize("who", WHO)
def test_it_answers_what_its_document_says_at_length(who: str) -> None:
    made = world()
    assert holds(made, bearer(WHO[who](made)), examples=100) > 5_000
