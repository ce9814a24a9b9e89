"""Pages that say no lead on: back to where somebody came from, to their own pages, to the store."""

import re

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import translation

from roadstead.accounts.factories import person
from roadstead.web.views import server_error

pytestmark = pytest.mark.django_db
WAYS = {
    "en": {"Go back", "Open the workbench", "Go to the store", "Open the form anew"},
    "zh-hans": {"返回", "进入工作台", "去应用商店", "重新打开表单"},
}


def ways(page: str) -> list[tuple[str, str]]:
    """The links of the page's own part, as where and what."""
    main = page[page.index("<main") : page.index("</main>")]
    return re.findall(r'<a class="btn[^"]*" href="([^"]*)">([^<]+)</a>', main)


@pytest.fixture(params=["zh-hans", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def browser(language: str) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.cookies["roadstead_language"] = language
    return client


def test_anonymous_people_are_led_to_the_store(browser: Client, language: str) -> None:
    answer = browser.get("/nowhere")
    assert answer.status_code == 404
    assert [where for where, _what in ways(answer.content.decode())] == ["/"]
    assert {what for _where, what in ways(answer.content.decode())} <= WAYS[language]


@pytest.mark.parametrize(("address", "status"), [("/nowhere", 404), ("/workbench/people", 403), ("/workbench/apps/app-x", 404)])
def test_whoever_is_signed_in_finds_their_own_pages_and_the_way_back(browser: Client, language: str, address: str, status: int) -> None:
    browser.force_login(person("user"))
    for referer, expected in (
        (None, ["/home", "/"]),
        ("http://testserver/workbench/instances", ["/workbench/instances", "/home", "/"]),
    ):
        headers = {"Referer": referer} if referer else {}
        answer = browser.get(address, headers=headers)
        found = ways(answer.content.decode())
        assert (answer.status_code, [where.rstrip("/") or "/" for where, _what in found]) == (status, expected)
        assert {what for _where, what in found} <= WAYS[language]


def test_a_form_that_has_grown_old_is_opened_anew(browser: Client, language: str) -> None:
    browser.force_login(person("user"))
    form = "http://testserver/workbench/account/tokens"
    answer = browser.post("/workbench/account/tokens", {"name": "x"}, headers={"Referer": form})
    assert answer.status_code == 403
    assert [where for where, _what in ways(answer.content.decode())] == ["/workbench/account/tokens", "/"]
    assert {what for _where, what in ways(answer.content.decode())} <= WAYS[language]
    foreign = browser.post("/workbench/account/tokens", {"name": "x"}, headers={"Referer": "https://evil.example/form"})
    assert "evil.example" not in foreign.content.decode()


@pytest.mark.parametrize(("active", "tag", "words"), [("en", "en", "The fault is ours"), ("zh-hans", "zh-CN", "问题在我们这边")])
def test_a_fault_of_ours_is_told_in_the_readers_language_and_colours_without_the_database(active: str, tag: str, words: str) -> None:
    request = RequestFactory().get("/workbench/instances")
    request.COOKIES["roadstead_scheme"] = "dark"
    asked: list[str] = []
    with connection.execute_wrapper(lambda _execute, sql, *_rest: asked.append(sql)), translation.override(active):
        page = server_error(request)
    text = page.content.decode()
    assert (page.status_code, asked) == (500, [])
    assert f'<html lang="{tag}" data-scheme="dark">' in text
    assert words in text
    assert ways(text)
