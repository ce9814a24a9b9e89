"""Sample people open only in demo mode, from this machine, to this machine."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from roadstead.accounts.models import User
from roadstead.accounts.personas import PERSONAS
from roadstead.accounts.services import ensure_sample_people
from roadstead.audit.models import Event

pytestmark = pytest.mark.django_db
HERE: dict[str, Any] = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost:8000"}


@pytest.fixture(autouse=True)
def people(settings: Settings) -> dict[str, User]:
    _demo(settings, on=True)
    settings.ALLOWED_HOSTS = ["*"]
    return ensure_sample_people()


def _demo(settings: Settings, *, on: bool) -> None:
    settings.OPTIONS = settings.OPTIONS.model_copy(update={"demo": on})


@pytest.mark.parametrize("persona", PERSONAS, ids=lambda persona: persona.id)
def test_one_click_signs_in(client: Client, people: dict[str, User], persona: object) -> None:
    assert persona in PERSONAS
    role = next(one.id for one in PERSONAS if one == persona)
    answer = client.post(f"/accounts/persona/{role}", {"next": "/home"}, **HERE)
    assert (answer.status_code, answer["Location"]) == (302, "/home")
    assert client.session["_auth_user_id"] == people[role].pk
    assert Event.objects.get(verb="user.signed_in").data["method"] == "persona"


REFUSED: tuple[dict[str, Any], ...] = (
    {"REMOTE_ADDR": "192.168.1.20"},
    {"REMOTE_ADDR": "not an address"},
    {"REMOTE_ADDR": ""},
    {"HTTP_HOST": "market.example.com"},
    {"HTTP_HOST": "192.168.1.5:8000"},
    {"HTTP_HOST": "localhost.example.com"},
    {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
    {"HTTP_FORWARDED": "for=127.0.0.1"},
    {"HTTP_X_REAL_IP": "127.0.0.1"},
    {"HTTP_X_FORWARDED_HOST": "localhost"},
    {"HTTP_X_FORWARDED_PROTO": "https"},
    {"HTTP_VIA": "1.1 proxy"},
    {"SERVER_PROTOCOL": "HTTP/1.0"},
)


@pytest.mark.parametrize("extra", REFUSED)
def test_from_elsewhere_there_is_no_such_page(client: Client, extra: dict[str, Any]) -> None:
    assert client.post("/accounts/persona/developer", **(HERE | extra)).status_code == 404
    assert "_auth_user_id" not in client.session
    assert "/accounts/persona/" not in client.get("/accounts/login/", **(HERE | extra)).content.decode()


def test_without_demo_there_is_no_such_page(client: Client, settings: Settings) -> None:
    _demo(settings, on=False)
    assert client.post("/accounts/persona/global_admin", **HERE).status_code == 404
    assert "_auth_user_id" not in client.session
    assert "/accounts/persona/" not in client.get("/accounts/login/", **HERE).content.decode()


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:8000", "[::1]:8000"])
def test_the_sign_in_page_offers_them_here(client: Client, host: str) -> None:
    page = client.get("/accounts/login/", **(HERE | {"HTTP_HOST": host})).content.decode()
    assert [persona.id for persona in PERSONAS if f"/accounts/persona/{persona.id}" in page] == [persona.id for persona in PERSONAS]
    assert all(persona.name in page for persona in PERSONAS)


def test_a_link_signs_nobody_in(client: Client) -> None:
    assert client.get("/accounts/persona/developer", **HERE).status_code == 405
    assert Client(enforce_csrf_checks=True).post("/accounts/persona/developer", **HERE).status_code == 403


def test_no_other_person_and_no_suspended_one(client: Client, people: dict[str, User]) -> None:
    User.objects.filter(pk=people["user"].pk).update(status="suspended")
    for persona in ("user", "nobody", people["developer"].pk):
        assert client.post(f"/accounts/persona/{persona}", **HERE).status_code == 404
    assert "_auth_user_id" not in client.session


def test_they_have_no_passwords_and_are_made_once(people: dict[str, User]) -> None:
    assert not any(user.has_usable_password() for user in people.values())
    assert ensure_sample_people() == people
    assert people["developer"].group == people["isv"].group
    assert people["user"].group != people["isv"].group
