"""Every page of the product in a real browser: accessible in both schemes, in one language, on a desk and in a hand.

`ROADSTEAD_PICTURES=<folder>` keeps a picture of each look; `-m long` looks at every combination.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, expect

from tests.isolation.rows import ROWS
from tests.journeys.pages.installation import World, empty, filled
from tests.journeys.pages.languages import leftovers
from tests.journeys.pages.looking import Eyes, Look, every, numbered
from tests.journeys.pages.pinned import EMPTY, NOT_PAGES, PAGES, Page

NOBODY = "app-2222222222222222"
# What pages of machines say to somebody who reads English.
ENGLISH = (
    (
        "deploy",
        ("listed_vm",),
        "",
        ("Machines and parameters", "Database password", "This number is fixed", "It shares its frontgate with"),
    ),
    ("instance", ("vm_running",), "", ("Open", "Create machine · mysql 1", "Run service · wordpress 1 · start", "How to reach it")),
    ("instance", ("vm_running",), "?tab=machines", ("Connected", "1 core · 2 GiB", "10 GiB /data", "172.30.0.3")),
    ("instance", ("vm_running",), "?tab=frontgate", ("The one machine that Roadstead talks to", "last heard", "Who shares it")),
    (
        "instance",
        ("vm_failed",),
        "",
        ("ended on “wordpress 1” with exit code 1", "Access denied", "Retry from this step", "Give up and clean up"),
    ),
    ("instance", ("vm_failed",), "?tab=machines", ("Unhealthy", "Not heard", "last heard 2 hours ago")),
    ("instance_console", ("vm_running", "vm_node"), "", ("Console of mysql 1", "service start: exit code 0")),
)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One installation for all pages."""
    with filled(tmp_path_factory.mktemp("pages")) as made:
        yield made


def address(page: Page, ids: dict[str, str]) -> str:
    if page.path:
        return page.path
    known = {**ids, "app_none": NOBODY}
    return reverse(page.name, args=[one.removeprefix("=") if one.startswith("=") else known[one] for one in page.things]) + page.query


def looked_at(browser: Browser, world: World, looks: Iterable[tuple[Page, Look]]) -> list[str]:
    """Look at pages and return everything that is wrong with them."""
    kept = os.environ.get("ROADSTEAD_PICTURES")
    wanted = os.environ.get("ROADSTEAD_PAGES", "")
    folder = Path(kept) if kept else None
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
    chosen = [(page, look) for page, look in looks if not wanted or page.key in wanted.split(",")]
    eyes = Eyes(browser, world, {page.key: address(page, world.ids) for page, _look in chosen}, folder)
    for page, look in chosen:
        eyes.look(page, look)
    eyes.close()
    return eyes.findings.rows


def test_every_page_is_fit_for_everybody_in_the_light(browser: Browser, world: World) -> None:
    found = looked_at(browser, world, numbered(PAGES, "light"))
    assert not found, "\n".join(["", *found])


def test_machines_are_told_of_in_english_too(browser: Browser, world: World) -> None:
    """Their story is walked in Chinese (`test_machines.py`); what the same pages say in English is read here."""
    context = browser.new_context(base_url=world.server.url)
    cookies = {"roadstead_language": "en", "sessionid": world.sessions["user"]}
    context.add_cookies([{"name": name, "value": value, "url": world.server.url} for name, value in cookies.items()])
    tab = context.new_page()
    tab.set_default_timeout(60_000)
    for name, things, query, words in ENGLISH:
        tab.goto(reverse(name, args=[world.ids[thing] for thing in things]) + query)
        for word in words:
            expect(tab.locator("main")).to_contain_text(word, timeout=60_000)
        if name == "deploy":
            expect(tab.get_by_role("radio", name="1 GiB").first).to_be_checked()
            tab.get_by_text("steps", exact=False).first.click()
            expect(tab.locator("aside ol")).to_contain_text("Start frontgate")
            expect(tab.locator("aside ol")).to_contain_text("Run service")
    context.close()


def test_every_address_that_shows_a_page_is_on_the_list() -> None:
    readable = {name for name, rows in ROWS.items() if any(not row.post for row in rows)}
    assert readable - {page.name for page in PAGES} == set(NOT_PAGES)


# Apart from the other one, so that two workers share them.
def test_every_page_is_fit_for_everybody_in_the_dark(browser: Browser, world: World) -> None:
    found = looked_at(browser, world, numbered(PAGES, "dark"))
    assert not found, "\n".join(["", *found])


def test_a_store_that_nobody_has_filled_is_fit_too(browser: Browser, tmp_path: Path) -> None:
    with empty(tmp_path) as world:
        found = looked_at(browser, world, every(EMPTY))
    assert not found, "\n".join(["", *found])


@pytest.mark.parametrize(
    ("said", "language", "typed", "wrong"),
    [
        ("已上架", "en", "", True),
        ("已上架", "en", "已上架的应用", False),
        ("Running", "zh", "", True),
        ("Running", "zh", "Running shoes", False),
        ("Nobody has asked it yet", "zh", "", True),
        ("Helm 应用", "zh", "", False),
        ("简体中文", "en", "", False),
    ],
)
def test_a_word_of_the_other_language_is_found_unless_somebody_typed_it(said: str, language: str, typed: str, wrong: bool) -> None:
    assert bool(leftovers([said], language, typed)) is wrong


def test_pages_have_names_of_their_own() -> None:
    assert len({page.key for page in PAGES}) == len(PAGES)


@pytest.mark.long
def test_every_look_of_every_page(browser: Browser, world: World) -> None:
    found = looked_at(browser, world, every(PAGES))
    assert not found, "\n".join(["", *found])
