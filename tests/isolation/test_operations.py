"""Promise A1 for the API, generated from its own document: token by token, what is foreign answers as what is missing."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from roadstead.accounts.factories import bearer
from roadstead.accounts.models import Token, User, UserStatus
from roadstead.accounts.scopes import Scope
from roadstead.audit.models import Event
from roadstead.clusters import live
from roadstead.core.clock import now
from roadstead.packaging.factories import chart
from roadstead.runtimes.sdk import TimedOut
from tests.isolation.operations import OPERATIONS, Op
from tests.isolation.world import STRANGERS, World, stranger, world

pytestmark = pytest.mark.django_db
# What lists must not show to people who have nothing to do with it.
PRIVATE = (
    "app",
    "version",
    "submission",
    "cluster",
    "test_cluster",
    "only_job",
    "environment",
    "credential",
    "person",
    "role",
    "department",
)
SENDS = {"post", "put", "patch", "delete"}


@pytest.fixture(autouse=True)
def _nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(*_question: object) -> None:
        raise TimedOut(live.NO_ANSWER(seconds=1))

    monkeypatch.setattr("roadstead.clusters.live.asked", silent)
    monkeypatch.setattr("roadstead.runtimes.places.Spot.probe", lambda *_args: (live.NO_ANSWER(seconds=1),))


@dataclass(frozen=True)
class Operation:
    """One operation of the document, and how it is called."""

    id: str
    method: str
    path: str
    scopes: tuple[str, ...]

    @property
    def row(self) -> Op:
        return OPERATIONS[self.id]

    def call(self, token: str, ids: tuple[str, ...] = ()) -> tuple[int, str]:
        """Call it; the answer is returned without the ids that were asked for."""
        path = self.path
        for one in ids:
            path = path.replace(path[path.index("{") : path.index("}") + 1], one, 1)
        headers = {"authorization": f"Bearer {token}"} if token else {}
        answer = getattr(Client(headers=headers), self.method)(path, **self._body())
        text = answer.content.decode(errors="replace")
        for one in ids:
            text = text.replace(one, "ID")
        return answer.status_code, text

    def _body(self) -> dict[str, Any]:
        if self.row.files:
            return {"data": {name: SimpleUploadedFile("b.tgz", chart()) for name in self.row.files}}
        return {"data": json.dumps(self.row.sent or {}), "content_type": "application/json"} if self.method in SENDS else {}


def operations() -> Iterator[Operation]:
    document = Client().get("/api/v1/openapi.json").json()
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            scopes = told.get("security", [{"Bearer": ["public"]}])[0]["Bearer"]
            yield Operation(told["operationId"], method, path, tuple(scopes))


def about_something(made: World) -> Iterator[tuple[Operation, tuple[str, ...], tuple[str, ...]]]:
    for one in operations():
        if one.row.thing:
            yield one, made.things[one.row.thing], made.missing[one.row.thing]


def test_every_operation_has_a_row_and_every_row_an_operation() -> None:
    assert {one.id for one in operations()} == set(OPERATIONS)


def test_every_operation_needs_a_scope_of_its_kind() -> None:
    for one in operations():
        if one.row.public or one.id in {"get_me", "revoke_my_token"}:
            continue
        (scope,) = one.scopes
        assert Scope(scope).endswith(":read" if one.method == "get" else ":write"), one.id


@pytest.mark.parametrize("role", STRANGERS)
def test_what_is_foreign_answers_as_what_is_missing(role: str) -> None:
    made = world()
    token = bearer(stranger(role))
    for one, ids, nothing in about_something(made):
        before = Event.objects.count()
        missing = one.call(token, nothing)
        assert missing[0] == (403 if role in one.row.forbidden else 404), (one.id, missing)
        if role not in one.row.reach:
            assert one.call(token, ids) == missing, one.id
            assert Event.objects.count() == before, one.id


@pytest.mark.parametrize("role", ["user", "developer", "isv"])
def test_lists_show_nothing_of_strangers(role: str) -> None:
    made = world()
    token = bearer(stranger(role))
    foreign = {one for thing in PRIVATE for one in made.things[thing]}
    for one in operations():
        if one.method == "get" and not one.row.thing and not one.row.public:
            for query in ("", "?limit=100&status=deleted", "?queue=all&test=true", f"?version={made.things['submitted'][0]}"):
                _status, said = replace(one, path=one.path + query).call(token)
                assert not {found for found in foreign if found in said}, one.id


@pytest.mark.parametrize("role", STRANGERS)
def test_who_reaches_a_thing_is_told_of_it(role: str) -> None:
    made = world()
    token = bearer(stranger(role))
    for one, ids, _nothing in about_something(made):
        if role in one.row.reach:
            status, said = undone(one, token, ids)
            assert status not in {401, 500}, one.id
            # What a body names may be missing; the thing itself isn't.
            assert status != 404 or one.row.sent, (one.id, said)


def test_the_owner_reaches_their_own() -> None:
    made = world()
    for one, ids, _nothing in about_something(made):
        owner = None if one.row.public else made.owner_of(one.row.thing)
        if owner is not None:
            status, said = undone(one, bearer(owner), ids)
            assert status not in {401, 500}, one.id
            assert status != 404 or one.row.sent, (one.id, said)


def undone(one: Operation, token: str, ids: tuple[str, ...]) -> tuple[int, str]:
    """Call an operation and take back what it did, so that the next one finds the world as it was."""
    with transaction.atomic():
        answer = one.call(token, ids)
        transaction.set_rollback(True)
    return answer


@pytest.mark.parametrize("how", ["without", "nonsense", "revoked", "expired", "suspended"])
def test_who_is_nobody_learns_and_does_nothing(how: str) -> None:
    made = world()
    token = spoiled(how, made.owner)
    before = Event.objects.count()
    for one in operations():
        if not one.row.public:
            for ids in (made.things[one.row.thing], made.missing[one.row.thing]):
                assert one.call(token, ids)[0] == 401, one.id
    assert Event.objects.count() == before


def spoiled(how: str, owner: User) -> str:
    """Return what stands for nobody."""
    token = {"without": "", "nonsense": "rst_nonsense"}.get(how, bearer(owner))
    if how == "revoked":
        Token.objects.update(revoked_at=now())
    if how == "expired":
        Token.objects.update(expires_at=now())
    if how == "suspended":
        User.objects.filter(pk=owner.pk).update(status=UserStatus.SUSPENDED)
    return token


def test_a_token_of_another_area_learns_and_does_nothing() -> None:
    made = world()
    administrator = stranger("global_admin")
    tokens = {area: bearer(administrator, *(scope for scope in Scope if not scope.startswith(area))) for area in areas()}
    before = Event.objects.count()
    for one in operations():
        if not one.row.public and one.scopes:
            token = tokens[one.scopes[0].partition(":")[0]]
            for ids in (made.things[one.row.thing], made.missing[one.row.thing]):
                status, said = one.call(token, ids)
                assert (status, json.loads(said)["code"]) == (403, "token_out_of_scope"), one.id
    assert Event.objects.count() == before


def areas() -> set[str]:
    return {scope.partition(":")[0] for scope in Scope}


def test_a_reading_token_changes_nothing() -> None:
    made = world()
    token = bearer(stranger("global_admin"), *(scope for scope in Scope if scope.endswith(":read")))
    before = Event.objects.count()
    for one in operations():
        if one.scopes and one.scopes[0].endswith(":write"):
            assert one.call(token, made.things[one.row.thing])[0] == 403, one.id
    assert Event.objects.count() == before
