"""WordPress's own installer, gone through as the site's new owner does."""

import re

from playwright.sync_api import Page, expect

TITLE, NAME, PASSWORD, ADDRESS = "Quay of the Herons", "keeper", "an-Anchor-and-a-Chain-9", "keeper@example.test"
SLOW = 120_000


def install(site: Page) -> None:
    """Choose the language where it is asked, fill the form in and send it.

    The page proposes a password once all of its scripts have come; whatever is typed before can be lost.
    """
    site.set_default_timeout(SLOW)
    language, title = site.locator("#language-continue"), site.locator("#weblog_title")
    expect(language.or_(title)).to_be_visible(timeout=SLOW)
    if language.is_visible():
        language.click()
    expect(title).to_be_visible(timeout=SLOW)
    expect(site.locator("#pass1")).not_to_have_value("", timeout=SLOW)
    site.wait_for_load_state("load", timeout=SLOW)
    answers = {"#weblog_title": TITLE, "#user_login": NAME, "#pass1": PASSWORD, "#admin_email": ADDRESS}
    for field, answer in answers.items():
        site.locator(field).fill(answer)
    for field, answer in answers.items():
        expect(site.locator(field)).to_have_value(answer)
    site.locator("#submit").click()
    expect(site.locator("a[href$='wp-login.php']")).to_be_visible(timeout=SLOW)


def expect_title(site: Page) -> None:
    """See the site's title on its front page."""
    site.goto("/".join(site.url.split("/")[:3]))
    expect(site).to_have_title(re.compile(TITLE))
    expect(site.locator("body")).to_contain_text(TITLE)
