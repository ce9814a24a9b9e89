"""From a passed version to somebody's deploy form (steps 35–39)."""

from playwright.sync_api import expect

from tests.journeys.cast import Cast
from tests.journeys.installation import Installation
from tests.journeys.users import User


def test_a_passed_version_is_released_and_never_changes_again(cast: Cast, installation: Installation) -> None:
    app = installation.has(f"herring-{cast.mark}", standing="passed")
    developer, visitor = cast.developer, cast.stranger(User)
    visitor.go(f"/?q={app.name}")
    visitor.see("Nothing found for “{words}”", words=app.name)

    developer.go(app.version)
    developer.see("All three reviews are passed.")
    developer.press("Release to store")
    developer.see("Release {name} {number}", within=developer.dialog, name=app.name, number="1.0.0")
    developer.answer("Look again")
    developer.see_state("Passed")
    developer.release()
    developer.follow("View in store")
    developer.see("Proof of review", "Deploy now", "Certified provider")
    developer.look_into("Versions")
    expect(developer.row("1.0.0")).to_have_count(1)

    developer.go(app.version)
    developer.open_menu()
    developer.cannot("Edit", "Edit the update log", "Replace the package", "Withdraw the review", "Delete", "Release to store")
    developer.go(f"{app.version}/package")
    developer.be_refused(
        "The version is “{state}” now, so this can't be done. Reload the page to see what can.", state=developer.read("In store")
    )


def test_who_isnt_signed_in_is_asked_to_and_comes_back(cast: Cast, installation: Installation) -> None:
    app = installation.has(f"beacon-{cast.mark}")
    visitor = cast.stranger(User, cast.user.name)
    visitor.open_in_store(app.name)
    visitor.cannot("Deploy now")
    visitor.press("Sign in to deploy")
    visitor.see("Or look around as")
    visitor.page.get_by_role("button", name=visitor.name).click()
    visitor.see("This deployment")
    visitor.see_text(app.name)

    user = cast.user
    user.open_in_store(app.name)
    user.cannot("Sign in to deploy")
    user.press("Deploy now")
    user.see("This deployment", "Parameters")


def test_the_store_offers_each_version_with_its_log(cast: Cast, installation: Installation) -> None:
    app = installation.has(f"tide-{cast.mark}")
    installation.has(app.name, "1.1.0")
    installation.has(app.name, "1.2.0", standing="passed")
    user = cast.user
    user.go(app.in_store)
    offered = user.field("Version").locator("option")
    expect(offered).to_have_text([user.read("{name} (newest)", name="1.1.0"), "1.0.0"])
    user.look_into("Versions")
    user.see_text("New in 1.1.0", within=user.row("1.1.0"))
    user.look_into("App details")
    user.field("Version").select_option(label="1.0.0")
    user.press("Deploy now")
    user.see_text("greeting: hello from 1.0.0")
