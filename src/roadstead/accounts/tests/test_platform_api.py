"""The record, the rules and one's own account through the API: who may, and that a refusal changes nothing."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from roadstead.accounts.factories import bearer, person
from roadstead.accounts.models import Setting, Token, User
from roadstead.accounts.scopes import Scope
from roadstead.audit.models import Event

pytestmark = pytest.mark.django_db
PASSWORD = "tide-table-7"


@pytest.fixture(autouse=True)
def _quick(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def call(user: User, method: str, path: str, sent: dict[str, Any] | None = None, *scopes: str, language: str = "en") -> Any:
    headers = {"authorization": f"Bearer {bearer(user, *scopes)}", "accept-language": language}
    body = {"data": sent, "content_type": "application/json"} if sent is not None else {}
    return getattr(Client(headers=headers), method)(f"/api/v1/{path}", **body)


def rule(answer: Any, name: str) -> Any:
    return next(one for one in answer.json() if one["name"] == name)


def test_the_record_is_listed_with_tokens_and_narrowed() -> None:
    keeper = person("global_admin")
    call(keeper, "patch", "me", {"name": "Keeper", "language": "en"})
    answer = call(keeper, "get", "audit?verb=user.edited").json()
    (row,) = answer["items"]
    assert (row["actor"], row["subject"], row["data"]["name"]) == (keeper.pk, keeper.pk, "Keeper")
    assert row["token"] == {"id": Event.objects.get(verb="user.edited").token_id, "name": "ci"}
    assert call(keeper, "get", f"audit?thing={person().pk}").json()["items"][0]["token"] is None


@pytest.mark.parametrize("path", ["audit", "settings"])
def test_the_platform_is_told_to_those_who_keep_it(path: str) -> None:
    assert call(person("global_admin"), "get", path, None, Scope.PLATFORM_READ).status_code == 200
    assert call(person("global_admin"), "get", path, None, Scope.PEOPLE_WRITE).json()["code"] == "token_out_of_scope"
    for role in ("technical_reviewer", "isv", "developer", "user"):
        assert call(person(role), "get", path).json()["code"] == "permission_denied"


def test_rules_are_changed_within_their_bounds() -> None:
    keeper = person("global_admin")
    assert rule(call(keeper, "patch", "settings", {"values": {"claim_hours": 48}}), "claim_hours")["value"] == 48
    for values, field in (({"claim_hours": 0}, "claim_hours"), ({"nonsense": 1}, "nonsense")):
        refused = call(keeper, "patch", "settings", {"values": values})
        assert (refused.status_code, field in refused.content.decode()) == (422, True)
    assert call(person("developer"), "patch", "settings", {"values": {"claim_hours": 9}}).status_code == 403
    assert list(Setting.objects.values_list("name", "value")) == [("claim_hours", 48)]


def test_ones_own_name_takes_its_scope() -> None:
    someone = person(name="Before")
    assert call(someone, "patch", "me", {"name": "After", "language": "en"}, Scope.PEOPLE_WRITE).status_code == 403
    assert call(someone, "patch", "me", {"name": " ", "language": "en"}).status_code == 422
    someone.refresh_from_db()
    assert someone.name == "Before"
    assert call(someone, "patch", "me", {"name": "After", "language": "zh-hans"}).json()["name"] == "After"


@pytest.mark.parametrize(
    ("current", "new", "code"), [("wrong", "another-tide-8", "password_incorrect"), (PASSWORD, "password123", "password_unfit")]
)
def test_a_password_is_not_changed_by_guessing_nor_to_a_guess(current: str, new: str, code: str) -> None:
    someone = person(password=PASSWORD)
    answer = call(someone, "post", "me/password", {"current": current, "new": new})
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    someone.refresh_from_db()
    assert someone.check_password(PASSWORD)


def test_guesses_at_a_password_are_limited_here_too() -> None:
    someone = person(password=PASSWORD)
    codes = [call(someone, "post", "me/password", {"current": "wrong", "new": "another-tide-8"}).json()["code"] for _ in range(11)]
    assert codes == ["password_incorrect"] * 10 + ["too_many_login_attempts"]


def test_a_new_password_can_end_every_token() -> None:
    someone = person(password=PASSWORD)
    bearer(someone)
    assert call(someone, "post", "me/password", {"current": PASSWORD, "new": "another-tide-8", "end_tokens": True}).status_code == 204
    assert not Token.objects.filter(person=someone, revoked_at=None).exists()
    someone.refresh_from_db()
    assert someone.check_password("another-tide-8")
