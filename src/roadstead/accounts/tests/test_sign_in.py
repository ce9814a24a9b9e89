"""Signing in: one answer for strangers, limits, fresh sessions, and an end to sessions of the suspended."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from roadstead.accounts import services
from roadstead.accounts.factories import person
from roadstead.accounts.models import SignInTry, User
from roadstead.audit.models import Event
from roadstead.core.clock import now

pytestmark = pytest.mark.django_db
PASSWORD = "tide-table-7"
LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def _fresh(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()


@pytest.fixture
def someone() -> User:
    return person("developer", password=PASSWORD)


def _try(client: Client, email: str, password: str = PASSWORD, next_page: str = "", **extra: Any) -> tuple[int, str, list[str]]:
    answer = client.post(LOGIN, {"login": email, "password": password, "next": next_page}, **extra)
    form = answer.context and answer.context.get("form")
    return answer.status_code, answer.get("Location", ""), list(form.non_field_errors()) if form else []


@pytest.mark.parametrize(
    ("next_page", "led"),
    [("", "/home"), ("/workbench/apps?page=2", "/workbench/apps?page=2"), ("https://evil.example/", "/home"), ("//evil.example", "/home")],
)
def test_the_right_password_opens_and_leads_on(client: Client, someone: User, next_page: str, led: str) -> None:
    assert _try(client, someone.email.upper(), next_page=next_page) == (302, led, [])
    assert client.session["_auth_user_id"] == someone.pk
    assert Event.objects.get(verb="user.signed_in").data["method"] == "password"


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client: Client, someone: User) -> None:
    wrong, unknown = _try(client, someone.email, "wrong"), _try(client, "nobody@example.com", "wrong")
    assert wrong == unknown
    assert wrong[0] == 422
    assert len(wrong[2]) == 1


def test_a_person_without_a_password_gets_that_answer_too(client: Client) -> None:
    invited = person("developer")
    assert _try(client, invited.email, "!") == _try(client, "nobody@example.com", "!")


@pytest.mark.parametrize("kind", ["a wrong password", "nobody", "no password set", "suspended"])
def test_every_refusal_costs_the_same_work(client: Client, someone: User, kind: str) -> None:
    emails = {"nobody": "nobody@example.com", "no password set": person("developer").email}
    if kind == "suspended":
        User.objects.filter(pk=someone.pk).update(status="suspended")
    with patch("django.contrib.auth.hashers.MD5PasswordHasher.encode", return_value="md5$a$b") as hashed:
        _try(client, emails.get(kind, someone.email), "wrong")
    assert hashed.call_count == 1


def test_ten_failures_close_the_door_even_for_the_right_password(client: Client, someone: User) -> None:
    answers = {_try(client, someone.email, f"wrong-{number}")[2][0] for number in range(10)}
    assert len(answers) == 1
    status, _address, refused = _try(client, someone.email)
    assert status == 422
    assert set(refused).isdisjoint(answers)
    assert "_auth_user_id" not in client.session


def test_failures_count_for_the_person_from_any_address_and_not_for_others(client: Client, someone: User) -> None:
    for number in range(10):
        _try(client, someone.email, "wrong", REMOTE_ADDR=f"10.0.0.{number}")
    assert _try(client, someone.email, REMOTE_ADDR="10.0.0.99")[0] == 422
    assert _try(client, person("developer", password=PASSWORD).email, REMOTE_ADDR="10.0.0.99")[0] == 302


def test_the_limit_holds_across_processes_and_ends_after_five_minutes(client: Client, someone: User) -> None:
    for number in range(10):
        _try(client, someone.email, "wrong", REMOTE_ADDR=f"10.0.0.{number}")
        cache.clear()  # another process remembers nothing of it
    assert _try(client, someone.email, REMOTE_ADDR="10.0.0.99")[0] == 422
    SignInTry.objects.update(at=now() - timedelta(minutes=5))
    assert _try(client, someone.email, REMOTE_ADDR="10.0.0.99")[0] == 302
    assert not SignInTry.objects.exists()


def test_what_was_typed_is_not_kept_by_the_limit(client: Client) -> None:
    _try(client, "guess@example.com", "wrong")
    kept = str(list(SignInTry.objects.values()))
    assert SignInTry.objects.count() == 2
    assert "guess" not in kept


def test_the_rest_of_an_ipv6_network_is_the_same_visitor(client: Client, someone: User) -> None:
    for number in range(10):
        _try(client, f"guess{number}@example.com", "wrong", REMOTE_ADDR=f"2001:db8::{number}:1")
    assert _try(client, someone.email, REMOTE_ADDR="2001:db8::ffff:2")[0] == 422
    assert _try(client, someone.email, REMOTE_ADDR="2001:db8:0:1::1")[0] == 302


def test_failures_count_for_an_address_whomever_it_tries(client: Client, someone: User) -> None:
    for number in range(10):
        _try(client, f"guess{number}@example.com", "wrong")
    assert _try(client, someone.email)[0] == 422
    assert _try(client, someone.email, REMOTE_ADDR="10.0.0.1")[0] == 302


def test_signing_in_correctly_is_not_counted(someone: User) -> None:
    assert [_try(Client(), someone.email)[0] for _ in range(12)] == [302] * 12


def test_the_session_gets_a_new_key(client: Client, someone: User) -> None:
    session = client.session
    session["before"] = "kept"
    session.save()
    planted = client.cookies["sessionid"].value
    _try(client, someone.email)
    assert client.cookies["sessionid"].value != planted
    assert not Client(headers={"cookie": f"sessionid={planted}"}).session.get("_auth_user_id")


def test_a_suspended_person_is_refused_and_their_session_ends(client: Client, someone: User) -> None:
    _try(client, someone.email)
    assert client.get("/home").status_code == 302
    User.objects.filter(pk=someone.pk).update(status="suspended")
    assert client.get("/home")["Location"] == "/accounts/login/?next=%2Fhome"
    again = Client()
    assert _try(again, someone.email)[:2] == (302, "/accounts/suspended/")
    assert "_auth_user_id" not in again.session
    assert again.get("/accounts/suspended/").status_code == 200
    # Who doesn't know the password doesn't learn that the account is suspended.
    assert _try(again, someone.email, "wrong") == _try(again, "nobody@example.com", "wrong")


def test_letting_somebody_in_again_brings_no_session_back(client: Client, someone: User) -> None:
    _try(client, someone.email)
    administrator = person("global_admin")
    services.suspend_user(actor=administrator, user_id=someone.pk)
    services.reactivate_user(actor=administrator, user_id=someone.pk)
    assert client.get("/home")["Location"].startswith(LOGIN)
    assert _try(Client(), someone.email)[0] == 302


@pytest.mark.parametrize("remember", ["", "on"])
def test_a_session_lasts_a_week_and_use_does_not_lengthen_it(client: Client, someone: User, remember: str) -> None:
    client.post(LOGIN, {"login": someone.email, "password": PASSWORD, **({"remember": remember} if remember else {})})
    session = Session.objects.get()
    assert timedelta(days=6.9) < session.expire_date - now() < timedelta(days=7.1)
    # Without it the browser forgets the cookie when it is closed.
    assert bool(client.cookies["sessionid"]["max-age"]) == bool(remember)
    Session.objects.update(expire_date=now() + timedelta(hours=1))
    client.get("/workbench/account")
    assert Session.objects.get().expire_date < now() + timedelta(hours=2)
    Session.objects.update(expire_date=now())
    assert client.get("/home")["Location"].startswith(LOGIN)


def test_a_new_password_ends_other_sessions(client: Client, someone: User) -> None:
    _try(client, someone.email)
    someone.set_password("another-tide")
    someone.save()
    assert client.get("/home")["Location"].startswith(LOGIN)


def test_signing_out_takes_a_post(client: Client, someone: User) -> None:
    _try(client, someone.email)
    assert client.get("/accounts/logout/").status_code == 200
    assert "_auth_user_id" in client.session
    assert client.post("/accounts/logout/")["Location"] == "/"
    assert "_auth_user_id" not in client.session
    assert Event.objects.filter(verb="user.signed_out", actor=someone).count() == 1


def test_the_form_is_guarded_against_foreign_sites(someone: User) -> None:
    assert _try(Client(enforce_csrf_checks=True), someone.email)[0] == 403


@pytest.mark.parametrize("path", ["signup/", "password/reset/", "email/", "reauthenticate/"])
def test_nothing_else_is_open(client: Client, path: str) -> None:
    assert client.get(f"/accounts/{path}").status_code == 404


@pytest.mark.parametrize(
    ("role", "address"),
    [
        ("global_admin", "/workbench/reviews"),
        ("technical_reviewer", "/workbench/reviews"),
        ("isv", "/workbench/apps"),
        ("developer", "/workbench/apps"),
        ("user", "/"),
    ],
)
def test_everybody_has_a_first_page(client: Client, role: str, address: str) -> None:
    client.force_login(person(role))
    assert client.get("/home")["Location"] == address


def test_a_password_shows_up_nowhere(client: Client, someone: User, capfd: pytest.CaptureFixture[str]) -> None:
    canary = "canary-3b91-password"
    answer = client.post(LOGIN, {"login": someone.email, "password": canary})
    assert canary.encode() not in answer.content
    assert canary not in "".join(capfd.readouterr())
    assert canary not in str(list(Event.objects.values()))


def test_a_request_costs_two_queries_to_know_who_is_there(client: Client, django_assert_num_queries: object) -> None:
    client.force_login(person("developer"))
    assert callable(django_assert_num_queries)
    with django_assert_num_queries(2):
        client.get("/home")
