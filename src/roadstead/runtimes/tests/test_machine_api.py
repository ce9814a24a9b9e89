"""This machine over the API: only administrators see who may use it, give it and take it back."""

from typing import Any

import pytest
from django.test import Client

from roadstead.accounts.factories import bearer, person
from roadstead.accounts.models import User
from roadstead.runtimes import this_machine
from roadstead.runtimes.models import Environment, Grant
from roadstead.runtimes.sdk import Room

pytestmark = pytest.mark.django_db
ENGINE = this_machine.Found("/var/run/docker.sock", room=Room(8, 16_384, 200, {"engine": "29.1"}))


@pytest.fixture
def admin() -> User:
    return person("global_admin")


def call(who: User, method: str, path: str, sent: Any = None) -> Any:
    client = Client(headers={"authorization": f"Bearer {bearer(who)}"})
    content = {"data": sent, "content_type": "application/json"} if sent is not None else {}
    return getattr(client, method)(f"/api/v1/this-machine{path}", **content)


def answering(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(this_machine, "look", lambda: ENGINE)
    monkeypatch.setattr(this_machine, "summary", lambda: {"server": ENGINE.server})


def test_an_administrator_gives_lists_and_withdraws(admin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch)
    user = person("user")
    told = call(admin, "get", "").json()
    assert (told["answers"], told["cpu"], told["memory"], told["facts"]) == (True, 8, 16_384, {"engine": "29.1"})
    made = call(admin, "post", "/grants", {"email": user.email})
    assert made.status_code == 201
    assert (made.json()["person"], made.json()["granted_by"]) == (user.pk, admin.pk)
    assert [row["id"] for row in call(admin, "get", "/grants").json()["items"]] == [made.json()["id"]]
    assert call(admin, "get", "/grants?q=nobody").json()["items"] == []
    assert Environment.objects.get(owner=user, debug=False).status == "active"
    assert call(admin, "delete", f"/grants/{made.json()['id']}").status_code == 204
    assert call(admin, "get", "/grants").json()["items"] == []
    assert Environment.objects.get(owner=user, debug=False).status == "deleted"


def test_what_isnt_there_isnt_given(admin: User) -> None:
    answer = call(admin, "post", "/grants", {"email": person("user").email})
    assert (answer.status_code, answer.json()["code"]) == (409, "engine_away")
    assert call(admin, "get", "").json()["answers"] is False
    assert not Grant.objects.exists()


@pytest.mark.parametrize("role", ["user", "developer", "isv", "technical_reviewer"])
def test_nobody_else_sees_or_gives_anything(role: str, admin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch)
    given = call(admin, "post", "/grants", {"email": person("user").email}).json()["id"]
    stranger = person(role)
    for method, path, sent in (("get", "", None), ("get", "/grants", None), ("post", "/grants", {"email": stranger.email})):
        assert call(stranger, method, path, sent).status_code == 403, (method, path)
    assert call(stranger, "delete", f"/grants/{given}").status_code == 404
    assert Grant.objects.filter(withdrawn_at=None).count() == 1
