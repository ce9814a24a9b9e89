"""A version is submitted, and reviewed and decided, with nothing but a keyboard."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tests.journeys import people
from tests.journeys.cast import Cast
from tests.journeys.installation import Installation
from tests.journeys.keyboard import Typist


def test_a_version_is_submitted_by_keyboard(cast: Cast, pack: Callable[..., Path]) -> None:
    developer = cast.stranger(Typist, people.DEVELOPER)
    name = f"braille-{cast.mark}"
    developer.arrive()
    developer.skip_to_content()
    developer.follow("Create app")
    developer.press("Go on to the upload")
    developer.choose_file(pack(name))
    developer.press("Upload and check")
    developer.press("Finish")
    developer.follow("Open the version")
    developer.see_state("Draft")

    submit = developer.button("Submit for review")
    developer.use(submit)
    expect(developer.button("Look again", developer.dialog)).to_be_focused()
    developer.stay_within(submit)
    developer.key("Space")
    developer.follow("Prepare the submission", developer.dialog)
    developer.type_into("Introduction", " and reads by touch")
    developer.press("Save and go on")
    developer.type_into("Update log", "First of its kind")
    developer.press("Save and go on")
    developer.see("The store will look like this")
    developer.press("Submit for review")
    developer.follow("View the version")
    developer.see_state("Waiting for review")
    developer.see_text("First of its kind")
    the_menu_and_its_dialog_give_the_focus_back(developer)


def the_menu_and_its_dialog_give_the_focus_back(developer: Typist) -> None:
    more = developer.main.locator("summary").filter(has_text=developer.read("More actions"))
    developer.use(more)
    withdraw = developer.button("Withdraw the review…")
    expect(withdraw).to_be_visible()
    developer.key("Escape")
    expect(withdraw).to_be_hidden()
    expect(more).to_be_focused()
    developer.key("Space")
    developer.use(withdraw)
    # The menu is folded by then, and holds what opened the dialog.
    developer.stay_within(more)
    developer.key("Enter")
    developer.use(withdraw)
    developer.press("Withdraw the review", developer.dialog)
    developer.see_state("Draft")


def test_a_version_is_reviewed_and_decided_by_keyboard(cast: Cast, installation: Installation) -> None:
    app = installation.has(f"bell-{cast.mark}", standing="provider")
    head = cast.stranger(Typist, people.HEAD)
    head.arrive()
    head.go("/workbench/reviews")
    search_and_start(head, app.name)
    passed = head.button("Pass")
    head.use(passed)
    head.stay_within(passed)
    head.key("Enter")
    head.press("Pass this version", head.dialog)
    head.see("Provider review passed. {name} goes to business review.", name=f"{app.name} 1.0.0", within=head.notice)

    business = cast.stranger(Typist, people.BUSINESS)
    business.arrive()
    search_and_start(business, app.name)
    business.use(business.tab("Provider"))
    business.see("Certified")
    it_is_rejected(business)
    business.see_state("Rejected")


def search_and_start(reviewer: Typist, app: str) -> None:
    """The slash leads to the search of everything from anywhere; the queue has one of its own."""
    reviewer.key("/")
    expect(reviewer.page.get_by_label(reviewer.read("Search everything"))).to_be_focused()
    reviewer.look_at_focus()
    reviewer.type_into("Search the queue", app)
    reviewer.key("Enter")
    expect(reviewer.row(app)).to_have_count(1)
    reviewer.press("Start processing", reviewer.row(app))
    reviewer.see("Give back")


def it_is_rejected(business: Typist) -> None:
    """Without a reason the dialog stays, with the focus in it."""
    reject = business.button("Reject…")
    business.use(reject)
    business.stay_within(reject)
    business.key("Enter")
    business.press("Reject this version", business.dialog)
    business.see("Say why it is rejected.", within=business.dialog)
    business.use(business.dialog.get_by_label(business.read("The terms of service are missing.")), "Space")
    business.type_into("Reason for rejection", "Write them", business.dialog)
    business.press("Reject this version", business.dialog)
