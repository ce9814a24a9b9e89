"""Who holds a review, and who may decide it: claims, take-over, one's own submissions, and two administrators past the stages."""

from playwright.sync_api import expect

from tests.journeys import people
from tests.journeys.administrators import Administrator
from tests.journeys.cast import Cast, Somebody
from tests.journeys.installation import Installation
from tests.journeys.people import Person
from tests.journeys.reviewers import Reviewer

HELD = "{name} is processing this review. It can be taken over when nothing has happened for {hours} hours."


def test_two_people_start_at_once(cast: Cast, installation: Installation) -> None:
    app = installation.has(f"anchor-{cast.mark}", standing="business")
    second = newcomer(cast.administrator, cast, Reviewer, "Business reviewer")
    first = cast.business
    for reviewer in (first, second):
        reviewer.open_queue(app=app.name)
        expect(reviewer.button("Start processing", reviewer.row(app.name))).to_be_visible()
    first.press("Start processing", first.row(app.name))
    first.see("Give back", within=first.panel)
    second.press("Start processing", second.row(app.name))
    second.be_refused(HELD, name=people.BUSINESS, hours=24)

    # Nobody but the claimant is offered anything before a day has passed.
    second.go(app.review)
    second.see("{name} is processing it", name=people.BUSINESS)
    second.see("Only the person who is processing it can decide.")
    second.cannot("Take over", "Pass", "Reject…")
    installation.hours_pass(app.review, 25)
    second.page.reload()
    second.see("{name}'s claim has lapsed", name=people.BUSINESS)
    first.page.reload()
    second.press("Take over", second.panel)
    second.see("You process this review now. The record names both of you.", within=second.notice)
    second.reject("Taken over")
    first.page.reload()
    first.see_state("Rejected")


def test_nobody_decides_on_their_own_submission(cast: Cast, installation: Installation) -> None:
    app = installation.has(f"mirror-{cast.mark}", standing="draft")
    head = cast.head
    colleague = newcomer(head, cast, Reviewer, "Developer")
    cast.administrator.make_head(colleague.name)
    head.go(app.version)
    head.submit()
    head.find_in_queue(besides=(app.name,))
    colleague.open_queue(app=app.name)
    colleague.row(app.name).get_by_role("link").first.click()
    review = colleague.page.url
    head.go(review)
    head.see("You submitted this version, so somebody else decides on it.")
    head.cannot("Start processing", "Pass", "Reject…")
    colleague.press("Start processing", colleague.panel)
    colleague.reject("Look into the mirror")

    # Once the colleague is gone nobody else can review the stage: it is waived, and the record says so.
    cast.administrator.suspend_person(colleague.name)
    head.go(app.version)
    head.submit(then="In review")
    head.see("Nobody else could review it")
    head.look_at_record(app.app, app.version)
    head.see("Waived")
    cast.business.find_in_queue(app.name)


def test_two_administrators_decide_past_the_stages(cast: Cast, installation: Installation) -> None:
    app = installation.has(f"storm-{cast.mark}", standing="provider")
    first = cast.administrator
    second = newcomer(first, cast, Administrator, "Administrator")
    first.go(app.review)
    first.ask_force("Force pass", "")
    # The page says what lacks, at its field, in the language that is read; the browser would say it in its own.
    first.see("Say why the review is cut short.", within=first.dialog.locator(".rs-field", has=first.page.locator("textarea")))
    expect(first.field("Reason", first.dialog)).to_be_focused()
    first.write({"Reason": "x"}, first.dialog)
    first.miss("Say why the review is cut short.", within=first.dialog)
    first.answer("Look again")
    first.ask_force("Force pass", "A known hole is closed by it")
    first.see("Your request waits for a second administrator. Nothing has changed until then.", within=first.notice)
    first.see_state("Waiting for provider review")
    first.see("You asked for it, so a second administrator confirms it.")
    first.cannot("Confirm forced pass", "Force a decision…")

    second.go(app.review)
    second.see_text("A known hole is closed by it", people.ADMINISTRATOR, within=second.card("Forced pass asked for"))
    second.press("Decline")
    second.see("The request is declined. The review goes on.", within=second.notice)
    second.see_state("Waiting for provider review")
    first.page.reload()
    first.ask_force("Force pass", "It still is one")
    second.page.reload()
    second.press("Confirm forced pass")
    second.see_state("Passed, forced")

    developer = cast.developer
    developer.go(app.version)
    developer.see_state("Passed, forced")
    developer.see_text("It still is one", within=developer.card("Record"))
    developer.see("Skipped by a forced decision", "Passed by force")
    developer.see_text(f"{people.ADMINISTRATOR} + {second.name}")
    expect(developer.button("Release to store")).to_be_visible()


def test_two_administrators_refuse_past_the_stages(cast: Cast, installation: Installation) -> None:
    app = installation.has(f"reef-{cast.mark}", standing="technical")
    first = cast.administrator
    second = newcomer(first, cast, Administrator, "Administrator")
    cast.technical.claim(app.name)
    first.go(app.review)
    first.ask_force("Force reject", "Its licence was withdrawn")
    first.see("Your request waits for a second administrator. Nothing has changed until then.", within=first.notice)
    first.see_state("In technical review")
    second.go(app.review)
    second.see_text("Its licence was withdrawn", people.ADMINISTRATOR, within=second.card("Forced rejection asked for"))
    second.press("Confirm forced rejection")
    second.see_state("Rejected, forced")

    # Whoever was processing it has nothing left to decide, and the developer may correct it and come again.
    cast.technical.page.reload()
    cast.technical.cannot("Pass", "Reject…", "Give back")
    developer = cast.developer
    developer.go(app.version)
    developer.see_state("Rejected, forced")
    developer.see_text("Its licence was withdrawn", f"{people.ADMINISTRATOR} + {second.name}", within=developer.card("Record"))
    developer.cannot("Release to store")


def test_a_claim_is_given_back(cast: Cast, installation: Installation) -> None:
    app = installation.has(f"oar-{cast.mark}", standing="business")
    second = newcomer(cast.administrator, cast, Reviewer, "Business reviewer")
    first = cast.business
    first.claim(app.name)
    first.see_state("In business review")
    first.find_in_queue(app.name, tab="mine")
    second.go(app.review)
    second.cannot("Start processing", "Give back")

    first.go(app.review)
    first.press("Give back", first.panel)
    first.see_state("Waiting for business review")
    first.cannot("Pass", "Reject…", "Give back")
    first.find_in_queue(tab="mine", besides=(app.name,))
    second.claim(app.name)
    second.pass_stage("Business review passed. {name} goes to technical review.", f"{app.name} 1.0.0")
    # A page from before the claim was given back decides nothing.
    first.go(app.review)
    first.cannot("Start processing", "Pass", "Give back")


def newcomer(keeper: Person, cast: Cast, kind: type[Somebody], role: str) -> Somebody:
    """Somebody whom a keeper of people adds, and who signs in with the password that is shown."""
    email = f"newcomer-{cast.mark}@example.com"
    password = keeper.add_person(email, role)
    person = cast.stranger(kind, email)
    person.sign_in_with(email, password)
    return person
