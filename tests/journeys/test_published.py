"""What is in the store is frozen (step 39): no page offers to change it, and neither does the API."""

from playwright.sync_api import expect

from tests.journeys.cast import Cast
from tests.journeys.developers import Developer
from tests.journeys.installation import Installation

SCOPE = "Create, submit, release and delete apps and versions"
IS_NOW = "The version is “{state}” now, so this can't be done. Reload the page to see what can."


def test_a_published_version_is_changed_by_nobody(cast: Cast, installation: Installation) -> None:
    draft = installation.has(f"ballast-{cast.mark}", standing="draft")
    app = installation.has(f"anchorage-{cast.mark}")
    developer = cast.developer
    developer.go(app.version)
    developer.see_state("In store")
    developer.cannot("Edit the update log", "Replace the package", "Delete this version", "Submit for review")

    token = a_token_for_a_program(developer, cast.mark)
    asked = {"Authorization": f"Bearer {token}", "Accept-Language": cast.language}
    edit = f"/api/v1/versions/{app.version.rpartition('/')[2]}"
    answer = developer.page.request.patch(edit, headers=asked, data={"description": "Smuggled in"})
    said = answer.json()
    assert (answer.status, said["code"]) == (409, "app_version_incorrect_status")
    assert said["detail"] == developer.read(IS_NOW, state=developer.read("In store"))
    developer.go(f"{app.in_store}?tab=versions")
    developer.miss_text("Smuggled in")

    # The very same call changes what isn't frozen.
    edit = f"/api/v1/versions/{draft.version.rpartition('/')[2]}"
    assert developer.page.request.patch(edit, headers=asked, data={"description": "Said by a program"}).status == 200
    developer.go(draft.version)
    developer.see_text("Said by a program")


def a_token_for_a_program(developer: Developer, mark: str) -> str:
    """Make a token that may change apps; it is shown this once."""
    developer.go("/workbench/account/tokens")
    developer.write({"Name": f"pipeline-{mark}"})
    developer.main.get_by_label(developer.read(SCOPE)).check()
    developer.press("Create token")
    shown = developer.main.locator("pre, code").filter(has_text="rs").first
    expect(shown).to_be_visible()
    return shown.inner_text().strip()
