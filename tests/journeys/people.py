"""People in front of the pages, each at a browser of their own.

A story says in English what they do and read; they find it on the page in the language that they read (`words`).
"""

import re
from typing import TYPE_CHECKING

from playwright.sync_api import Locator, expect

from tests.journeys.words import said

if TYPE_CHECKING:
    from collections.abc import Mapping

    from playwright.sync_api import Page

DEVELOPER, HEAD, BUSINESS, TECHNICAL, USER, ADMINISTRATOR = "陈屿", "苏禾", "何以晴", "林知远", "周子衿", "韩清"


class Person:
    """Somebody with a page before them."""

    def __init__(self, page: "Page", language: str, name: str = "") -> None:
        self.page, self.language, self.name = page, language, name

    def read(self, english: str, **names: object) -> str:
        """Return how this person's pages say something."""
        return said(english, self.language).format(**names)

    @property
    def main(self) -> Locator:
        """What the page is about, without its frame."""
        return self.page.locator("main")

    @property
    def head(self) -> Locator:
        """The head of the page, with name and state."""
        return self.page.locator(".rs-head").first

    @property
    def dialog(self) -> Locator:
        """The dialog that is open."""
        return self.page.locator("dialog[open]")

    @property
    def notice(self) -> Locator:
        """What pops up after something was done."""
        return self.page.get_by_role("status")

    def card(self, title: str) -> Locator:
        """The part of the page below a heading."""
        return self.page.locator("section.rs-card", has=self.page.get_by_role("heading", name=self.read(title)))

    def row(self, *texts: str) -> Locator:
        """The row of a table that holds these texts."""
        found = self.main.get_by_role("row")
        for text in texts:
            found = found.filter(has_text=text)
        return found

    def sign_in(self) -> None:
        """Become one of the sample people by one click."""
        self.page.goto("/accounts/login/")
        self.page.get_by_role("button", name=re.compile(self.name)).click()
        self.page.wait_for_url(re.compile(r"^(?!.*/accounts/login)"))

    def sign_in_with(self, email: str, password: str) -> None:
        """Sign in as everybody does where there are no sample people."""
        self.page.goto("/accounts/login/")
        self.page.locator("[name=login]").fill(email)
        self.page.locator("[name=password]").fill(password)
        self.press("Sign in")

    def add_person(self, email: str, role: str) -> str:
        """Add a colleague; return the password that is shown this once."""
        self.go("/workbench/people/new")
        self.write({"Email": email, "Name": email})
        self.field("Role").select_option(label=self.read(role))
        self.press("Add person")
        self.see("Pass it on by a way that only this person reads. It is shown this once and kept nowhere.")
        return self.main.locator("pre").inner_text().split()[-1]

    def go(self, address: str) -> None:
        """Open an address."""
        self.page.goto(address)

    def button(self, english: str, within: Locator | None = None, **names: object) -> Locator:
        """The button of this name."""
        return (within or self.main).get_by_role("button", name=self.read(english, **names), exact=True)

    def link(self, english: str, within: Locator | None = None, **names: object) -> Locator:
        """The link of this name."""
        return (within or self.main).get_by_role("link", name=self.read(english, **names), exact=True)

    def tab(self, english: str) -> Locator:
        """A tab of the page, whatever it counts."""
        return self.main.locator(".rs-tabs a").filter(has_text=re.compile(rf"^\s*{re.escape(self.read(english))}"))

    def press(self, english: str, within: Locator | None = None, **names: object) -> None:
        """Press a button."""
        self.button(english, within, **names).first.click()

    def follow(self, english: str, within: Locator | None = None, **names: object) -> None:
        """Follow a link."""
        self.link(english, within, **names).first.click()

    def answer(self, english: str, **names: object) -> None:
        """Press a button of the dialog that is open."""
        self.press(english, self.dialog, **names)

    def look_into(self, english: str) -> None:
        """Change to a tab of the page."""
        self.tab(english).click()
        expect(self.tab(english)).to_have_attribute("aria-current", "page")

    def open_menu(self, english: str = "More actions") -> Locator:
        """Unfold a menu, and return what is in it."""
        self.main.locator("summary").filter(has_text=self.read(english)).click()
        return self.main.locator("details[open] .rs-menu-panel")

    def field(self, english: str, within: Locator | None = None, **names: object) -> Locator:
        """The field of this label."""
        return (within or self.main).get_by_label(re.compile("^" + re.escape(self.read(english, **names)))).first

    def write(self, fields: "Mapping[str, str]", within: Locator | None = None) -> None:
        """Fill fields by their labels."""
        for label, value in fields.items():
            self.field(label, within).fill(value)

    def see(self, *english: str, within: Locator | None = None, **names: object) -> None:
        """Expect these words on the page."""
        for words in english:
            expect(within or self.main).to_contain_text(self.read(words, **names))

    def miss(self, *english: str, within: Locator | None = None, **names: object) -> None:
        """Expect the page to be there, without these words."""
        expect(self.main).to_be_visible()
        for words in english:
            expect(within or self.main).not_to_contain_text(self.read(words, **names))

    def cannot(self, *english: str, within: Locator | None = None) -> None:
        """Expect the page to offer neither button nor link of these names, folded away or not."""
        expect(self.main).to_be_visible()
        for words in english:
            name = self.read(words)
            expect((within or self.page).locator("a, button").filter(has_text=re.compile(rf"^\s*{re.escape(name)}"))).to_have_count(0)

    def see_text(self, *texts: str, within: Locator | None = None) -> None:
        """Expect names, numbers and what people wrote: texts that no language changes."""
        for text in texts:
            expect(within or self.main).to_contain_text(text)

    def miss_text(self, *texts: str, within: Locator | None = None) -> None:
        """Expect the page to be there, without these texts."""
        expect(self.main).to_be_visible()
        for text in texts:
            expect(within or self.main).not_to_contain_text(text)

    def see_state(self, english: str, timeout: float | None = None) -> None:
        """Expect the thing that the page is about to be in this state; one that moves says how far it is."""
        badge = self.head.locator(".rs-badge", has_text=re.compile(rf"^\s*{re.escape(self.read(english))}(\s*·.*)?\s*$"))
        expect(badge).to_be_visible(timeout=timeout)

    def be_refused(self, english: str, **names: object) -> None:
        """Expect a page that says no, and why."""
        expect(self.page.get_by_role("alert")).to_contain_text(self.read(english, **names))
