import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse
from django.utils import translation

from roadstead.accounts.access import Actor
from roadstead.accounts.factories import person
from roadstead.web.context import Frame
from roadstead.web.navigation import dock_of, navigation_of

pytestmark = pytest.mark.django_db


def keys(actor: Actor) -> set[str]:
    return {entry.key for group in navigation_of(actor) for entry in group.entries}


@pytest.mark.parametrize(
    ("role", "shown", "hidden"),
    [
        ("user", {"instances", "environments"}, {"apps", "reviews", "all-apps"}),
        ("developer", {"instances", "environments", "apps"}, {"reviews", "all-apps"}),
        ("technical_reviewer", {"reviews", "test-instances"}, {"apps"}),
        ("global_admin", {"instances", "reviews", "all-apps"}, set()),
    ],
)
def test_navigation_follows_what_a_person_may_do(role: str, shown: set[str], hidden: set[str]) -> None:
    found = keys(person(role))
    assert shown <= found
    assert not hidden & found


def test_strangers_have_no_navigation() -> None:
    assert navigation_of(AnonymousUser()) == []


def test_the_dock_puts_reviews_before_environments() -> None:
    assert [entry.key for entry in dock_of(navigation_of(person("technical_reviewer")))] == ["instances", "reviews", "store"]
    assert [entry.key for entry in dock_of(navigation_of(person("user")))] == ["instances", "environments", "store"]


@pytest.mark.parametrize(("wanted", "kept"), [("dark", "dark"), ("light", "light"), ("system", "system"), ("pink", "system")])
def test_the_scheme_is_kept_in_a_cookie(client: Client, wanted: str, kept: str) -> None:
    answer = client.post("/scheme", {"scheme": wanted, "next": "/apps/x"})
    assert answer.status_code == 302
    assert answer["Location"] == "/apps/x"
    assert answer.cookies["roadstead_scheme"].value == kept
    assert f'data-scheme="{kept}"' in client.get("/nowhere").content.decode()


def test_the_switch_leads_to_no_other_site(client: Client) -> None:
    assert client.post("/scheme", {"scheme": "dark", "next": "https://evil.example/"})["Location"] == "/"
    assert client.get("/scheme").status_code == 405


def test_pages_say_their_language_as_browsers_know_it(client: Client) -> None:
    assert '<html lang="zh-CN"' in client.get("/nowhere").content.decode()
    client.post(reverse("set_language"), {"language": "en", "next": "/"})
    page = client.get("/nowhere").content.decode()
    assert '<html lang="en"' in page
    assert "Nothing here" in page


def test_the_way_back_is_a_page_of_ours() -> None:
    ours = RequestFactory().get("/a", headers={"referer": "http://testserver/b?c=1"})
    foreign = RequestFactory().get("/a", headers={"referer": "https://evil.example/b"})
    itself = RequestFactory().get("/a", headers={"referer": "http://testserver/a"})
    assert [Frame(request).back for request in (ours, foreign, itself)] == ["/b?c=1", "", ""]


def test_a_refusal_is_a_whole_page_or_a_fragment(client: Client) -> None:
    client.force_login(person("user"))
    page = client.get("/workbench/reviews/appvr-nothing")
    part = client.get("/workbench/reviews/appvr-nothing", headers={"hx-request": "true"})
    assert (page.status_code, part.status_code) == (404, 404)
    assert "<html" in page.content.decode()
    assert "<html" not in part.content.decode()
    assert 'role="alert"' in part.content.decode()


def test_a_bare_page_says_that_its_assets_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("roadstead.core.assets.finders.find", lambda _: None)
    # In debug the manifest is looked for anew.
    with override_settings(DEBUG=True), translation.override("en"):
        assert "make assets" in render_to_string("frame/base.html")
