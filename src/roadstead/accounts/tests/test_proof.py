"""Dangerous acts ask who is signed in to prove it anew when the last time is a while ago; and nothing happens before."""

import time
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import Settings

from roadstead.accounts.factories import person, sign_in
from roadstead.accounts.models import Token, User
from roadstead.audit.models import Event
from roadstead.core.pages import PROOF_HOLDS, PROVEN_AT

pytestmark = pytest.mark.django_db
PASSWORD = "tide-table-7"
TOKENS, CONFIRM = "/workbench/account/tokens", "/accounts/confirm"
WISH = {"name": "ci", "scopes": ["apps:read"], "days": "7"}
FROM_THERE = {"referer": f"http://testserver{TOKENS}?from=ci"}


@pytest.fixture(autouse=True)
def _quick(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def someone() -> User:
    return person("global_admin", password=PASSWORD)


@pytest.fixture
def client(someone: User) -> Client:
    client = sign_in(Client(headers={"accept-language": "en"}), someone)
    age(client, PROOF_HOLDS + 5)
    return client


def age(client: Client, seconds: float) -> None:
    session = client.session
    session[PROVEN_AT] = time.time() - seconds
    session.save()


def test_an_act_leads_to_the_proof_and_back_to_its_page(client: Client) -> None:
    answer = client.post(TOKENS, WISH, headers=FROM_THERE)
    assert answer["Location"] == f"{CONFIRM}?next=%2Fworkbench%2Faccount%2Ftokens%3Ffrom%3Dci"
    assert not Token.objects.exists()
    page = client.get(answer["Location"]).content.decode()
    assert "Confirm that it is you" in page
    before = client.cookies["sessionid"].value
    assert client.post(CONFIRM, {"password": PASSWORD, "next": TOKENS})["Location"] == TOKENS
    assert client.cookies["sessionid"].value != before
    assert client.post(TOKENS, WISH).status_code == 200
    assert Token.objects.count() == 1
    assert Event.objects.filter(verb="user.confirmed").count() == 1


def test_a_part_of_a_page_is_led_there_too(client: Client) -> None:
    answer = client.post(TOKENS, WISH, headers={"hx-request": "true", **FROM_THERE})
    assert answer["HX-Redirect"].startswith(CONFIRM)
    assert not Token.objects.exists()


def test_it_leads_nowhere_else(client: Client) -> None:
    assert client.post(TOKENS, WISH, headers={"referer": "https://evil.example/form"})["Location"] == CONFIRM
    assert client.post(CONFIRM, {"password": PASSWORD, "next": "https://evil.example/"})["Location"] == "/home"


def test_a_wrong_password_proves_nothing_and_counts(client: Client, someone: User) -> None:
    for number in range(10):
        answer = client.post(CONFIRM, {"password": f"wrong-{number}", "next": TOKENS})
        assert (answer.status_code, "isn’t your current password" in answer.content.decode().replace("&#x27;", "’")) == (422, True)
    assert client.post(CONFIRM, {"password": PASSWORD, "next": TOKENS}).status_code == 422
    assert client.post(TOKENS, WISH).status_code == 302
    assert not Token.objects.exists()
    # The door that guessing closed is the sign-in's too.
    answer = Client().post("/accounts/login/", {"login": someone.email, "password": PASSWORD}, REMOTE_ADDR="10.9.9.9")
    assert answer.status_code == 422


def test_the_sign_in_is_a_proof_for_a_while(client: Client) -> None:
    age(client, PROOF_HOLDS - 60)
    assert client.post(TOKENS, WISH).status_code == 200


def new_password(someone: User) -> str:
    return f"/workbench/people/{person().pk}/password"


def forced(_someone: User) -> str:
    return "/workbench/reviews/any/force"


def answered(_someone: User) -> str:
    return "/workbench/reviews/any/force/answer"


@pytest.mark.parametrize("address", [new_password, forced, answered])
def test_what_else_is_dangerous(client: Client, someone: User, address: Callable[[User], str]) -> None:
    where = address(someone)
    before = Event.objects.count()
    assert client.post(where)["Location"] == CONFIRM
    assert Event.objects.count() == before
