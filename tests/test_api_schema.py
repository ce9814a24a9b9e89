"""Promise I12: the API never answers 5xx to a request, and answers nothing that its document doesn't say."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
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
from tests.isolation.operations import OPERATIONS
from tests.isolation.world import World, stranger, world

pytestmark = pytest.mark.django_db
ALWAYS = 20260101
Answers = dict[str, Counter[int]]
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
# What the names in addresses and bodies stand for in the world of the isolation matrix.
THINGS = {
    "app_id": ("app", "listed"),
    "version_id": ("version", "submitted", "released"),
    "submission_id": ("submission",),
    "cluster_id": ("cluster", "test_cluster"),
    "job_id": ("only_job",),
    "environment_id": ("environment",),
    "credential_id": ("credential",),
    "grant_id": ("grant",),
    "user_id": ("person",),
    "role_id": ("role",),
    "group_id": ("department",),
    "category_id": ("category",),
    "app": ("app",),
    "version": ("released", "version"),
    "environment": ("environment",),
    "credential": ("credential",),
    "department": ("department",),
    "parent": ("department",),
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

    monkeypatch.setattr("roadstead.clusters.live.asked", silent)
    monkeypatch.setattr("roadstead.runtimes.places.Spot.probe", lambda *_args: (live.NO_ANSWER(seconds=1),))
    # A hash that takes its time is not what is tried here.
    monkeypatch.setattr("django.conf.settings.PASSWORD_HASHERS", ["django.contrib.auth.hashers.MD5PasswordHasher"])


def real(made: World, given: Any, choice: int) -> Any:
    """Return what was made up with the ids of real things in it; with choice 0 as it is."""
    if not choice or not isinstance(given, dict):
        return given
    return {name: made.things[_one_of(THINGS[name], choice)][0] if name in THINGS else value for name, value in given.items()}


def _one_of(things: tuple[str, ...], choice: int) -> str:
    return things[choice % len(things)]


def closing(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """Answer as a server does: it closes what it has read, and with it the files that were sent."""
    answer: Any = application(environ, start_response)
    try:
        return [b"".join(answer)]
    finally:
        answer.close()


def tries(operation: Any, made: World, token: str, examples: int) -> Counter[int]:
    """Try one operation; return which statuses it answered how often."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answers: Counter[int] = Counter()

    @seed(ALWAYS)
    @settings(max_examples=examples, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(), choice=st.integers(0, 6))
    def ask(case: Any, choice: int) -> None:
        case.path_parameters = real(made, case.path_parameters, choice)
        case.body = real(made, case.body, choice)
        with transaction.atomic():
            answer = case.call_and_validate(headers=headers, checks=CHECKS)
            # What one example deletes is there again for the next one.
            transaction.set_rollback(True)
        answers[answer.status_code] += 1

    ask()
    return answers


def holds(made: World, person: User | None, examples: int) -> Answers:
    """Try every operation of the document as somebody, or as nobody."""
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", closing)
    token = bearer(person) if person else ""
    answers: Answers = {}
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        answers[operation.definition.raw["operationId"]] = tries(operation, made, token, examples)
    return answers


def administrator(made: World) -> User:
    return stranger("global_admin")


def owner(made: World) -> User:
    return made.owner


def developer(made: World) -> User:
    return made.developer


# So many of the operations answer somebody with more than a refusal, even to few examples.
LEAST_ANSWERED = {"administrator": 35, "owner": 15, "developer": 15}
WHO: dict[str, Callable[[World], User]] = {"administrator": administrator, "owner": owner, "developer": developer}


def tried(who: str, examples: int) -> None:
    """Try all as somebody; the answers must be those of somebody who is signed in and meets real things."""
    made = world()
    answers = holds(made, WHO[who](made), examples)
    assert set(answers) == set(OPERATIONS)
    assert not [name for name, found in answers.items() if found[401]]
    assert sum(any(status < 300 for status in found) for found in answers.values()) >= LEAST_ANSWERED[who]


@pytest.mark.parametrize("who", WHO)
def test_it_answers_what_its_document_says(who: str) -> None:
    tried(who, int(os.environ.get("ROADSTEAD_TEST_EXAMPLES", "5")))


def test_strangers_too_get_what_the_document_says() -> None:
    answers = holds(world(), None, examples=2)
    closed = {name for name, row in OPERATIONS.items() if not row.public}
    assert {name for name, found in answers.items() if set(found) == {401}} == closed


@pytest.mark.long
@pytest.mark.parametrize("who", WHO)
def test_it_answers_what_its_document_says_at_length(who: str) -> None:
    tried(who, 100)
