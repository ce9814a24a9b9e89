"""Tokens: made, shown once, listed, used, revoked; never more than their person, and nothing after their end."""

import re
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.test import Client

from roadstead.accounts import services, tokens
from roadstead.accounts.access import may
from roadstead.accounts.errors import ScopesMissing, TokenLifetime, TokenRefused
from roadstead.accounts.factories import bearer, person, sign_in
from roadstead.accounts.models import RoleGrant, Token, User
from roadstead.accounts.permissions import Action
from roadstead.accounts.scopes import WORDS, Scope, covers
from roadstead.audit.models import Event
from roadstead.core.clock import now
from roadstead.core.errors import DomainError, Missing

pytestmark = pytest.mark.django_db
PAGE, ME = "/workbench/account/tokens", "/api/v1/me"


def asked(value: str, path: str = ME, method: str = "get") -> tuple[int, str]:
    answer = getattr(Client(), method)(path, headers={"authorization": f"Bearer {value}"})
    return answer.status_code, answer.json().get("code", "") if answer.content else ""


def page_of(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    sign_in(client, user)
    return client


def test_a_token_is_made_on_the_page_shown_once_and_kept_as_a_hash() -> None:
    developer = person()
    client = page_of(developer)
    page = client.post(PAGE, {"name": "ci", "scopes": ["apps:write"], "days": "7"}).content.decode()
    (value,) = re.findall(r"rst_[\w-]{43}", page)
    token = Token.objects.get(person=developer)
    assert token.digest == sha256(value.encode()).hexdigest()
    assert timedelta(days=6.9) < token.expires_at - now() < timedelta(days=7.1)
    assert value not in client.get(PAGE).content.decode()
    assert value not in repr(list(Token.objects.values())) + repr(list(Event.objects.values()))
    assert Event.objects.filter(verb="token.created", subject_id=token.pk).count() == 1
    assert asked(value) == (200, "")


@pytest.mark.parametrize(
    ("sent", "word"),
    [
        ({"name": "", "scopes": ["apps:read"], "days": "7"}, "required"),
        ({"name": "ci", "scopes": [], "days": "7"}, "required"),
        ({"name": "ci", "scopes": ["everything"], "days": "7"}, "not one of the available choices"),
        ({"name": "ci", "scopes": ["apps:read"], "days": "9999"}, "not one of the available choices"),
    ],
)
def test_a_form_that_lacks_something_makes_nothing(sent: dict[str, object], word: str) -> None:
    answer = page_of(person()).post(PAGE, sent)
    assert answer.status_code == 422
    assert word in answer.content.decode()
    assert not Token.objects.exists()


@pytest.mark.parametrize(("scopes", "days", "refusal"), [(["nothing"], 7, ScopesMissing), (["apps:read"], 0, TokenLifetime)])
def test_the_verb_refuses_by_itself(scopes: list[str], days: int, refusal: type[DomainError]) -> None:
    with pytest.raises(refusal):
        tokens.create_token(actor=person(), name="ci", scopes=scopes, days=days)
    assert not Token.objects.exists()


def test_the_list_shows_the_last_use_and_the_end() -> None:
    developer = person()
    value = bearer(developer)
    client = page_of(developer)
    assert "Never" in client.get(PAGE).content.decode()
    asked(value)
    assert "Never" not in client.get(PAGE).content.decode()
    first = Token.objects.get().last_used_at
    asked(value)
    assert Token.objects.get().last_used_at == first


def test_a_revoked_token_is_nobody_at_once() -> None:
    developer = person()
    value = bearer(developer)
    token = Token.objects.get()
    assert page_of(developer).post(f"{PAGE}/{token.pk}/revoke").status_code == 302
    assert asked(value) == (401, "auth_failure")
    assert "Revoked" in page_of(developer).get(PAGE).content.decode()


def test_somebody_elses_token_is_missing() -> None:
    bearer(person())
    token = Token.objects.get()
    with pytest.raises(Missing):
        tokens.revoke_token(actor=person(), token_id=token.pk)
    token.refresh_from_db()
    assert token.works


def test_a_token_ends_itself() -> None:
    value = bearer(person())
    answer = Client().delete(f"{ME}/token", headers={"authorization": f"Bearer {value}"})
    assert answer.status_code == 204
    assert asked(value) == (401, "auth_failure")


def test_after_its_end_it_says_so() -> None:
    value = bearer(person())
    Token.objects.update(expires_at=now())
    assert asked(value) == (401, "access_token_expired")


@pytest.mark.parametrize("sent", ["", "rst_", "nonsense", "Bearer", "rst_" + "a" * 43, "\u00e9"])
def test_what_is_no_token_is_nobody(sent: str) -> None:
    bearer(person())
    assert asked(sent) == (401, "auth_failure")


def test_without_a_header_the_answer_says_what_to_send() -> None:
    answer = Client().get(ME)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")


def test_a_session_is_no_way_into_the_api() -> None:
    assert page_of(person()).get(ME).status_code == 401


def test_suspended_people_have_no_tokens() -> None:
    developer = person()
    value = bearer(developer)
    User.objects.filter(pk=developer.pk).update(status="suspended")
    assert asked(value) == (401, "auth_failure")


def test_a_role_taken_away_takes_effect_with_the_next_call() -> None:
    developer = person()
    value = bearer(developer)
    RoleGrant.objects.filter(role=developer.role_id, module="m2").update(check_all=False, actions=[])
    assert asked(value) == (401, "auth_failure")
    assert page_of(developer).get(PAGE).status_code == 403


@pytest.mark.parametrize(
    ("held", "wanted", "covered"),
    [
        (["apps:read"], Scope.APPS_READ, True),
        (["apps:write"], Scope.APPS_READ, True),
        (["apps:read"], Scope.APPS_WRITE, False),
        (["reviews:write"], Scope.APPS_READ, False),
        ([], Scope.APPS_READ, False),
    ],
)
def test_scopes_cover_their_area_only(held: list[str], wanted: Scope, covered: bool) -> None:
    assert covers(held, wanted) is covered


def test_every_scope_has_words() -> None:
    assert set(WORDS) == set(Scope)


def through(verb: str) -> list[tuple[str, str]]:
    return list(Event.objects.filter(verb=verb).values_list("token_id", "token_name"))


def test_the_record_names_the_token_that_something_came_through() -> None:
    administrator = person("global_admin")
    value = bearer(administrator)
    token = Token.objects.get()
    headers = {"authorization": f"Bearer {value}"}
    sent = {"email": "new@example.com", "role": "user", "name": "New", "department": ""}
    assert Client().post("/api/v1/people", sent, content_type="application/json", headers=headers).status_code == 201
    # The next request of this thread came with none.
    client = page_of(administrator)
    client.post("/workbench/account", {"name": "Renamed", "language": "en"})
    assert through("user.created")[-1] == (token.pk, "ci")
    assert through("user.edited") == [("", "")]
    page = client.get("/workbench/audit").content.decode()
    assert page.count("through the token “ci”") == 1
    chinese = Client(headers={"accept-language": "zh-hans"})
    chinese.force_login(administrator)
    assert chinese.get("/workbench/audit").content.decode().count("通过令牌“ci”") == 1


def test_a_token_is_not_named_by_what_follows_its_request() -> None:
    reader = person("global_admin")
    value = bearer(reader)
    assert asked(value)[0] == 200
    services.create_user(actor=reader, email="other@example.com", role_id="user")
    assert through("user.created")[-1] == ("", "")


def test_a_suspension_ends_tokens_for_good() -> None:
    administrator, someone = person("global_admin"), person()
    value = bearer(someone)
    services.suspend_user(actor=administrator, user_id=someone.pk)
    services.reactivate_user(actor=administrator, user_id=someone.pk)
    assert asked(value) == (401, "auth_failure")
    assert Event.objects.get(verb="token.revoked").actor == administrator


def test_a_new_password_from_a_keeper_ends_tokens() -> None:
    administrator, someone = person("global_admin"), person()
    value = bearer(someone)
    assert page_of(administrator).post(f"/workbench/people/{someone.pk}/password").status_code == 200
    assert asked(value)[0] == 401
    assert Event.objects.get(verb="user.password_set").data == {"tokens_revoked": 1}


@pytest.mark.parametrize(("ticked", "status"), [({}, 200), ({"end_tokens": "on"}, 401)])
def test_ones_own_new_password_ends_tokens_if_that_is_wanted(ticked: dict[str, str], status: int) -> None:
    someone = person(password="tide-table-7")
    value = bearer(someone)
    sent = {"current": "tide-table-7", "new": "another-tide-8", "again": "another-tide-8", **ticked}
    assert page_of(someone).post("/workbench/account/password", sent).status_code == 302
    assert asked(value)[0] == status


def test_one_question_says_who_it_is_and_what_they_may(django_assert_num_queries: Any) -> None:
    developer = person("developer")
    value = bearer(developer)
    tokens.bearer_of(value)
    with django_assert_num_queries(1):
        found = tokens.bearer_of(value).person
        told = [may(found, action) for action in Action]
    assert told == [may(developer, action) for action in Action]
    assert {True, False} == {*told}
    RoleGrant.objects.filter(role=developer.role_id).delete()
    with pytest.raises(TokenRefused):
        tokens.bearer_of(value)
