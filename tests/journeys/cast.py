"""Everybody of one story."""

import os
from functools import cached_property
from itertools import count
from typing import TypeVar

from playwright.sync_api import Browser, BrowserContext

from tests.journeys import people
from tests.journeys.administrators import Administrator
from tests.journeys.developers import Developer
from tests.journeys.people import Person
from tests.journeys.reviewers import Reviewer
from tests.journeys.users import User

_numbers = count(1)
Somebody = TypeVar("Somebody", bound=Person)


class Head(Developer, Reviewer):
    """Who leads the provider: develops, and reviews what the others develop."""


class Cast:
    """The sample people, who sign in when they first enter, and whoever else comes in."""

    def __init__(self, browser: Browser, address: str, language: str) -> None:
        self.language = language
        # What sets this story's apps, people and namespaces apart from those of all others.
        self.mark = f"{language[:2]}{os.environ.get('PYTEST_XDIST_WORKER', '')}{next(_numbers)}"
        self._browser, self._address = browser, address
        self._contexts: list[BrowserContext] = []
        self._complaints: list[str] = []

    @cached_property
    def developer(self) -> Developer:
        """Who makes apps."""
        return self.signed_in(Developer, people.DEVELOPER)

    @cached_property
    def head(self) -> Head:
        """Who leads the developer's company."""
        return self.signed_in(Head, people.HEAD)

    @cached_property
    def business(self) -> Reviewer:
        """Who decides the business review."""
        return self.signed_in(Reviewer, people.BUSINESS)

    @cached_property
    def technical(self) -> Reviewer:
        """Who decides the technical review."""
        return self.signed_in(Reviewer, people.TECHNICAL)

    @cached_property
    def user(self) -> User:
        """Who runs apps."""
        return self.signed_in(User, people.USER)

    @cached_property
    def administrator(self) -> Administrator:
        """Who keeps the platform."""
        return self.signed_in(Administrator, people.ADMINISTRATOR)

    def signed_in(self, kind: type[Somebody], name: str) -> Somebody:
        """Let one of the sample people in."""
        person = self.stranger(kind, name)
        person.sign_in()
        return person

    def stranger(self, kind: type[Somebody], name: str = "") -> Somebody:
        """Let somebody in whom the platform doesn't know yet."""
        context = self._browser.new_context(base_url=self._address, locale=self.language, viewport={"width": 1440, "height": 900})
        context.set_default_timeout(15_000)
        self._contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self._hear(str(error)))
        page.on("console", lambda message: self._hear(message.text) if "Content Security Policy" in message.text else None)
        return kind(page, self.language, name)

    def _hear(self, complaint: str) -> None:
        # The browser's own word for a page that is left before it has faded in.
        if not complaint.startswith("Transition was "):
            self._complaints.append(complaint)

    def leave(self) -> list[str]:
        """Close every browser, and return what their pages complained about."""
        for context in self._contexts:
            context.close()
        return self._complaints
