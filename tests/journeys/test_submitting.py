"""A developer's part: from the chart to the queue, and back (steps 6–12)."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys import people
from tests.journeys.cast import Cast
from tests.journeys.developers import Developer
from tests.journeys.installation import Installation, Standing


@pytest.fixture
def app(cast: Cast, installation: Installation) -> Standing:
    return installation.has(f"pilot-{cast.mark}", standing="draft")


def test_a_chart_becomes_an_app_with_a_draft(cast: Cast, pack: Callable[..., Path]) -> None:
    developer, name = cast.developer, f"buoy-{cast.mark}"
    developer.go("/workbench/apps/new")
    developer.press("Go on to the upload")
    developer.press("Upload and check")
    developer.see("Choose the package file.")
    developer.upload(pack(name, app='\n{{ fail "set a host" }}'))
    developer.see("The template fails with the default values: {reason}", reason="execution error at")
    developer.upload(pack(name))
    developer.see("The package is in order")
    developer.see_text(name, "1.0.0")
    developer.press("Finish")
    developer.see("What comes next")

    developer.go(f"/workbench/apps?q={name}")
    developer.see("Draft", within=developer.row(name))
    developer.row(name).get_by_role("link", name=name, exact=True).click()
    # A number is used once, and a version needs the chart of its app.
    developer.follow("New version")
    developer.upload(pack(name))
    developer.see("Version {name} of this app exists already. Raise the version in the package and upload it again.", name="1.0.0")
    developer.upload(pack("another"))
    developer.see("The package is named “{found}”, but this app's packages are named “{wanted}”.", found="another", wanted=name)


def test_a_version_is_checked_previewed_and_submitted(cast: Cast, app: Standing) -> None:
    developer = cast.developer
    developer.go(app.version)
    self_check_asks_first(developer)
    information_is_looked_at(developer, app)
    the_version_is_looked_at(developer)
    the_preview_is_the_store(developer, app)
    developer.press("Submit for review")

    developer.see("{name} {number} is submitted", name=app.name, number="1.0.0")
    developer.follow("View the version")
    developer.see_state("Waiting for review")
    latest = developer.card("Record").get_by_role("row").nth(1)
    developer.see("Submitted for review", within=latest)
    developer.see_text(people.DEVELOPER, within=latest)
    expect(developer.button("Waiting for review")).to_be_disabled()


def self_check_asks_first(developer: Developer) -> None:
    """Whoever looks again has submitted nothing."""
    developer.press("Submit for review")
    developer.see("deploys with the default parameters, and runs", "does what its instructions say", within=developer.dialog)
    developer.follow("Deploy test", developer.dialog)
    developer.see("There is no environment that this can run in.", "Create one first: you come back here then.")
    expect(developer.button("Deploy")).to_be_disabled()
    developer.page.go_back()
    developer.press("Submit for review")
    developer.answer("Look again")
    expect(developer.dialog).to_have_count(0)
    developer.see_state("Draft")
    developer.press("Submit for review")
    developer.follow("Prepare the submission", developer.dialog)


def information_is_looked_at(developer: Developer, app: Standing) -> None:
    """A mistake keeps everybody at the step."""
    developer.see("Is the app's information right?")
    developer.write({"Name": ""})
    developer.press("Save and go on")
    developer.see("This field is required.")
    developer.write({"Name": app.name, "Introduction": "Finds the way in"})
    developer.press("Save and go on")


def the_version_is_looked_at(developer: Developer) -> None:
    developer.see("Is this the version?", "It is the package's number; to change it, upload another package.")
    developer.write({"Update log": "- first of its kind"})
    developer.press("Save and go on")


def the_preview_is_the_store(developer: Developer, app: Standing) -> None:
    """Everything is there, and nothing can be pressed."""
    developer.see("The store will look like this")
    developer.see_text("Finds the way in")
    expect(developer.page.locator("aside[inert]")).to_have_count(1)
    developer.look_into("Instructions")
    expect(developer.main.get_by_role("heading", name=f"Use of {app.name}")).to_be_visible()
    developer.follow("Back")
    developer.see("Is this the version?")
    expect(developer.field("Update log")).to_have_value("- first of its kind")
    developer.press("Save and go on")


def test_a_submission_is_withdrawn_and_made_again(cast: Cast, app: Standing) -> None:
    developer = cast.developer
    developer.go(app.version)
    developer.submit()
    developer.press("Withdraw the review…", developer.open_menu())
    developer.answer("Go on with the review")
    developer.see_state("Waiting for review")
    developer.withdraw()
    developer.see("Withdrawn", within=developer.card("Record"))
    cast.head.find_in_queue(besides=(app.name,))

    # Two windows with the last step open: the second comes too late.
    second = cast.signed_in(Developer, developer.name)
    for window in (developer, second):
        window.go(f"{app.version}/prepare?step=preview")
        window.see("The store will look like this")
    developer.press("Submit for review")
    developer.see_state("Waiting for review")
    second.press("Submit for review")
    state = second.read("Waiting for review")
    second.be_refused("The version is “{state}” now, so this can't be done. Reload the page to see what can.", state=state)
    cast.head.find_in_queue(app.name)


def test_nothing_is_withdrawn_once_the_technical_review_has_begun(cast: Cast, installation: Installation) -> None:
    app = installation.has(f"ebb-{cast.mark}", standing="technical")
    developer = cast.developer
    developer.go(app.version)
    developer.press("Withdraw the review…", developer.open_menu())
    cast.technical.claim(app.name)
    developer.answer("Withdraw the review")
    developer.be_refused("The technical review has begun, so this submission can't be withdrawn any more.")
    developer.go(app.version)
    developer.see_state("In review")
    developer.cannot("Withdraw the review")
