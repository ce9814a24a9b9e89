"""Promise I11: what strangers write can't script. An app made of payloads is looked at in a real Chromium: no dialog opens."""

from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import Dialog, expect

from tests.journeys.cast import Cast
from tests.journeys.installation import Installation

if TYPE_CHECKING:
    from tests.journeys.people import Person

ICON = Path(__file__).parents[2] / "examples" / "wordpress" / "icon.png"
# A machine on which everything is tested at once may take its time.
PATIENCE = 60_000
TABS = ("", "?tab=instructions", "?tab=versions", "?tab=terms")
FILES = ("README.md", "values.yaml", "files/page.html", "files/picture.svg", "templates/NOTES.txt")
# Nothing of theirs may have become a part of the page: no handler, no frame, no address of a script or of a stranger.
ALIVE = """() => [...document.querySelectorAll('*')].filter(one =>
  one.matches('iframe, object, embed, base, math, animate, meta[http-equiv=refresh], [x-init], [srcdoc]')
  || [...one.attributes].some(at => /^(on|hx-on)/.test(at.name)
    || /^\\s*(javascript|data:text|vbscript)/i.test(at.value) || /evil\\.example/.test(at.value))
).map(one => one.outerHTML.slice(0, 200))"""


class Watch:
    """Somebody's page, and the dialogs that opened on it."""

    def __init__(self, person: "Person") -> None:
        self.page = person.page
        self.dialogs: list[str] = []
        self.page.on("dialog", self._hear)

    def _hear(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def looks_at(self, address: str) -> None:
        """Open a page, focus what wants to be focused, and see that nothing runs."""
        answer = self.page.goto(address, wait_until="load", timeout=PATIENCE)
        assert answer
        assert answer.status == 200, address
        self.page.evaluate("() => document.querySelectorAll('details').forEach(one => { one.open = true })")
        assert self.page.evaluate(ALIVE) == [], address
        assert self.dialogs == [], address


def test_an_app_made_of_payloads_runs_nothing(cast: Cast, installation: Installation) -> None:
    app = installation.hostile(f"reef-{cast.mark}")
    visitor, maker, keeper, reviewer = (Watch(one) for one in (cast.user, cast.developer, cast.administrator, cast.technical))
    for tab in TABS:
        visitor.looks_at(app.in_store + tab)
    visitor.looks_at(f"/?q=reef-{cast.mark}")
    for address in (app.app, f"{app.app}/information", f"{app.app}/information?tab=terms", app.version, "/workbench/apps"):
        maker.looks_at(address)
    for address in (f"/workbench/all-apps/{app.app.rpartition('/')[2]}", "/workbench/audit", "/workbench/overview"):
        keeper.looks_at(address)
    reviewer.looks_at(app.review)
    for file in FILES:
        reviewer.looks_at(f"{app.review}?tab=files&file={file}")


def test_a_picture_with_a_page_in_it_is_only_a_picture(cast: Cast, installation: Installation, tmp_path: Path) -> None:
    app = installation.has(f"shoal-{cast.mark}", standing="draft")
    drawn, both = tmp_path / "icon.svg", tmp_path / "icon.png"
    drawn.write_text("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")
    both.write_bytes(ICON.read_bytes() + b"<script>alert(1)</script>")
    developer = cast.developer
    developer.go(f"{app.app}/information")
    developer.page.locator("[name=icon]").set_input_files(drawn)
    developer.press("Save the information")
    expect(developer.page.locator("[name=icon]")).to_have_attribute("aria-invalid", "true")
    developer.page.locator("[name=icon]").set_input_files(both)
    developer.press("Save the information")
    developer.see("Saved.", within=developer.notice)
    address = developer.page.locator("img[src^='/media/icons/']").first.get_attribute("src")
    assert address
    kept = developer.page.request.get(address)
    assert (kept.headers["content-type"], kept.headers["x-content-type-options"]) == ("image/png", "nosniff")
    assert b"script" not in kept.body()


def test_what_would_run_is_noticed(cast: Cast) -> None:
    """The watch itself: a dialog, and a part of a page that is alive."""
    watch = Watch(cast.user)
    with watch.page.expect_event("dialog"):
        watch.page.evaluate("() => { setTimeout(() => alert('seen')); document.body.append(document.createElement('iframe')) }")
    assert watch.dialogs == ["seen"]
    assert len(watch.page.evaluate(ALIVE)) == 1
