"""What an app says of itself: written, previewed, and locked while a version of it is in review (steps 8 and 16)."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.cast import Cast
from tests.journeys.developers import Developer
from tests.journeys.installation import Installation, Standing

ICON = Path(__file__).parents[2] / "examples" / "wordpress" / "icon.png"
SHELF = "ctg-databases"


@pytest.fixture
def app(cast: Cast, installation: Installation) -> Standing:
    return installation.has(f"lantern-{cast.mark}", standing="draft")


def test_what_the_store_will_show(cast: Cast, app: Standing) -> None:
    developer = cast.developer
    developer.go(f"{app.app}/information")
    developer.see("The store shows changes only from the next release on.")
    a_wrong_address_is_said_at_its_field(developer)
    developer.write({"Website": "https://lantern.example.com"})
    developer.field("Category").select_option(SHELF)
    developer.page.locator("[name=icon]").set_input_files(ICON)
    developer.press("Save the information")
    developer.see("Saved.", "The store shows it from the next release on.", within=developer.notice)
    expect(developer.field("Introduction")).to_have_value("Lights the harbour")
    expect(developer.field("Category")).to_have_value(SHELF)
    pictures_are_added_and_put_in_order(developer)


def a_wrong_address_is_said_at_its_field(developer: Developer) -> None:
    """Nothing of what was typed is lost by it."""
    developer.write({"Introduction": "Lights the harbour", "Description": "**Bright** and quiet", "Website": "ftp://lantern.example.com"})
    developer.press("Save the information")
    developer.see("This isn't a web address. It starts with https:// or http://.")
    expect(developer.field("Website")).to_have_attribute("aria-invalid", "true")
    expect(developer.field("Website")).to_have_value("ftp://lantern.example.com")
    expect(developer.field("Introduction")).to_have_value("Lights the harbour")


def pictures_are_added_and_put_in_order(developer: Developer) -> None:
    shots = developer.page.locator("#screenshots")
    developer.page.locator("[name=screenshots]").set_input_files([ICON])
    developer.press("Add", shots)
    expect(shots.get_by_role("img")).to_have_count(1)
    developer.press("Delete screenshot {number}", shots, number=1)
    expect(shots.get_by_role("img")).to_have_count(0)


def test_instructions_are_previewed_before_they_are_saved(cast: Cast, app: Standing) -> None:
    developer = cast.developer
    developer.go(f"{app.app}/information?tab=instructions")
    developer.press("View an example")
    expect(developer.dialog.get_by_role("heading").first).to_have_text(developer.read("Example of instructions"))
    developer.answer("Close")
    expect(developer.dialog).to_have_count(0)

    developer.write({"Text": "## First steps\n\n- open the page\n\n<script>alert(1)</script>"})
    developer.press("Preview")
    preview = developer.page.locator("#preview")
    expect(preview.get_by_role("heading", name="First steps")).to_be_visible()
    expect(preview.get_by_role("listitem")).to_have_text("open the page")
    expect(preview.locator("script")).to_have_count(0)

    # A preview saves nothing; saving does.
    reader = cast.head
    reader.go(f"{app.app}/information?tab=instructions")
    expect(reader.field("Text")).to_have_value(f"# Use of {app.name}\n\nOpen it.")
    developer.press("Save the instructions")
    developer.see("Saved.", "The store shows it from the next release on.", within=developer.notice)
    reader.page.reload()
    expect(reader.field("Text")).to_have_value("## First steps\n\n- open the page\n\n<script>alert(1)</script>")


def test_information_is_locked_while_a_version_is_in_review(cast: Cast, app: Standing) -> None:
    developer = cast.developer
    developer.go(f"{app.app}/information")
    stale = developer
    other = cast.signed_in(Developer, developer.name)
    other.go(app.version)
    other.submit()
    cast.head.claim(app.name)

    # A form that was open before is refused, whatever it held.
    stale.write({"Introduction": "Too late"})
    stale.press("Save the information")
    stale.see("The information is locked while a version is reviewed. It opens again when the review ends.")
    for tab in ("information", "instructions", "terms"):
        developer.go(f"{app.app}/information?tab={tab}")
        developer.see("Locked while a version is reviewed.", "It opens again when the review ends or is withdrawn.")
        expect(developer.main.locator("fieldset[disabled]")).to_have_count(1)
    developer.follow("See the versions")
    developer.row("1.0.0").get_by_role("link", name="1.0.0", exact=True).click()
    developer.see_state("In review")

    developer.withdraw()
    developer.go(f"{app.app}/information")
    developer.miss("Locked while a version is reviewed.")
    expect(developer.field("Introduction")).to_be_editable()
    expect(developer.field("Introduction")).to_have_value(f"{app.name} greets everybody")
