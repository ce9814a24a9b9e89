"""People without a mouse: whatever they do goes through the keyboard, and they always see where they are."""

import re
from typing import TYPE_CHECKING

from playwright.sync_api import Locator, expect

from tests.journeys.people import Person

if TYPE_CHECKING:
    from pathlib import Path

FARTHEST = 120
# Something drawn on what has the focus, or on the label around it.
RING = """() => {
  const at = document.activeElement;
  const drawn = [at, at.closest("label")].filter(Boolean).map((one) => getComputedStyle(one));
  const ring = drawn.some((style) => (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none");
  return at === document.body || (at.matches(":focus-visible") && ring) ? "" : at.outerHTML.slice(0, 160);
}"""
ON_SCREEN = """() => {
  const at = document.activeElement;
  const box = at.getBoundingClientRect();
  return at === document.body || (box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth);
}"""
OUTSIDE = """() => {
  const at = document.activeElement;
  return at !== document.body && !at.closest("dialog[open]") ? at.outerHTML.slice(0, 160) : "";
}"""


class Typist(Person):
    """Somebody who has only a keyboard."""

    def key(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def arrive(self) -> None:
        """Come to the sign-in page and choose oneself there."""
        self.page.goto("/accounts/login/")
        self.use(self.page.get_by_role("button", name=self.name))
        self.page.wait_for_url("**/workbench/**")

    def reach(self, target: Locator) -> None:
        """Go forward with Tab to something, and see at each step where the focus is."""
        expect(target).to_be_visible()
        for _step in range(FARTHEST):
            self.key("Tab")
            self.look_at_focus()
            if target.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError(f"{FARTHEST} tabs don't lead to {target}")

    def look_at_focus(self) -> None:
        """Expect the focus to be drawn, and on the screen; the page itself may have it."""
        assert self.page.evaluate(RING) == ""
        # Scrolling to it takes a moment.
        self.page.wait_for_function(ON_SCREEN, timeout=3_000)

    def use(self, target: Locator, key: str = "Enter") -> None:
        """Go to something and press it."""
        self.reach(target)
        self.key(key)

    def press(self, english: str, within: Locator | None = None, **names: object) -> None:
        """Go to a button and press it."""
        self.use(self.button(english, within, **names).first)

    def follow(self, english: str, within: Locator | None = None, **names: object) -> None:
        """Go to a link and follow it."""
        self.use(self.link(english, within, **names).first)

    def type_into(self, english: str, text: str, within: Locator | None = None) -> None:
        """Go to a field and write."""
        self.reach(self.field(english, within))
        self.page.keyboard.type(text)

    def choose_file(self, archive: "Path") -> None:
        """Go to the field of a file, and choose one."""
        field = self.page.locator("input[type=file]")
        self.page.on("filechooser", lambda asking: asking.set_files(archive))
        self.use(field, "Space")
        expect(field).to_have_value(re.compile(re.escape(archive.name)))

    def skip_to_content(self) -> None:
        """Take the first stop of every page, which leads past its frame."""
        self.key("Tab")
        skip = self.page.get_by_role("link", name=self.read("Skip to the content"))
        expect(skip).to_be_focused()
        self.look_at_focus()
        self.key("Enter")
        expect(self.main).to_be_focused()

    def stay_within(self, opener: Locator) -> None:
        """Expect the open dialog to hold the focus all around, and to give it back to what opened it."""
        expect(self.dialog).to_be_visible()
        stops = self.dialog.locator("a, button, input, textarea, select").count()
        for _step in range(2 * stops + 2):
            self.key("Tab")
            assert self.page.evaluate(OUTSIDE) == ""
        self.key("Escape")
        expect(self.dialog).to_have_count(0)
        expect(opener).to_be_focused()
        self.look_at_focus()
