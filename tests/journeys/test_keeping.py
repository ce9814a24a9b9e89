"""The administrator's part: out of the store and back, while instances go on running (steps 40–42)."""

from collections.abc import Iterator

import pytest

from tests.journeys import people
from tests.journeys.cast import Cast
from tests.journeys.installation import Installation, Standing
from tests.testbeds.kubernetes import ControlPlane

OUT = ("The version is out of the store.", "Instances that run go on running.")

GONE = "{name} isn't in the store any more. Instances of it go on running, and their owners find them in their list."


@pytest.fixture
def app(cast: Cast, installation: Installation) -> Standing:
    """An app with two versions in the store."""
    made = installation.has(f"wreck-{cast.mark}")
    return installation.has(made.name, "1.1.0")


@pytest.fixture
def instance(cast: Cast, app: Standing, kubernetes: ControlPlane) -> Iterator[str]:
    """An instance of the newer version that somebody runs."""
    cast.user.go(f"{app.in_store}/deploy")
    cast.user.make_environment(kubernetes.kubeconfig, f"journey-keeping-{cast.mark}", f"harbour-{cast.mark}")
    yield cast.user.deploy("salvage")
    kubernetes.kubectl("delete", "namespace", f"journey-keeping-{cast.mark}", "--wait=false")


def test_versions_and_apps_leave_the_store_and_come_back(cast: Cast, app: Standing, instance: str) -> None:
    keeper, user, developer = cast.administrator, cast.user, cast.developer
    page = keeper.open_app(app.name)
    keeper.versions("1.1.0").get_by_role("button", name=keeper.read("Suspend")).click()
    keeper.write({"Reason": "A hole was found"}, keeper.dialog)
    keeper.answer("Suspend this version")
    keeper.see(*OUT, within=keeper.notice)
    keeper.see("Suspended", within=keeper.versions("1.1.0"))

    user.go(app.in_store)
    user.miss_text("1.1.0")
    user.go(instance)
    user.see_state("Running")
    user.ask_for("Stop instance")
    user.answer("Keep it running")
    user.go(f"/apps/{app.app.rpartition('/')[2]}/deploy?version={app.version.rpartition('/')[2]}")
    user.miss_text("hello from 1.1.0")

    the_developer_reads_it_in_the_history(cast, app)

    keeper.go(page)
    keeper.versions("1.1.0").get_by_role("button", name=keeper.read("Put back")).click()
    keeper.answer("Put back into the store")
    keeper.see("The version is in the store again.", within=keeper.notice)
    user.go(app.in_store)
    user.see_text("1.1.0")

    keeper.press("Suspend the app…")
    keeper.answer("Suspend the app")
    keeper.see_state("Suspended")
    user.go(f"/?q={app.name}")
    user.see("Nothing found for “{words}”", words=app.name)
    user.go(app.in_store)
    user.be_refused(GONE, name=app.name)
    developer.go(app.app)
    developer.see_state("Suspended")
    keeper.press("Put the app back…")
    keeper.answer("Put the app back")
    keeper.see_state("In store")
    user.go(f"/?q={app.name}")
    user.see_text(app.name)


def the_developer_reads_it_in_the_history(cast: Cast, app: Standing) -> None:
    developer = cast.developer
    developer.go(app.app)
    developer.main.locator("summary").filter(has_text=developer.read("History versions")).click()
    developer.see("Suspended", within=developer.row("1.1.0"))
    developer.row("1.1.0").get_by_role("link", name="1.1.0", exact=True).click()
    developer.see("Out of the store.", "Instances that run go on running. An administrator can put it back.")
    developer.cannot("Put back into the store", "Release to store")
    developer.see_text("A hole was found", people.ADMINISTRATOR, within=developer.card("Record"))


def test_a_suspended_version_is_deleted_and_its_record_stays(cast: Cast, app: Standing) -> None:
    keeper, developer = cast.administrator, cast.developer
    keeper.open_app(app.name)
    keeper.versions("1.1.0").get_by_role("button", name=keeper.read("Suspend")).click()
    keeper.answer("Suspend this version")
    keeper.see(*OUT, within=keeper.notice)
    developer.go(app.version)
    developer.delete_version("1.1.0")
    developer.go(app.app)
    developer.main.locator("summary").filter(has_text=developer.read("History versions")).click()
    developer.see("Deleted", within=developer.row("1.1.0"))
    developer.go(app.version)
    developer.be_refused("There is nothing here, or it isn't yours to see.")
    developer.look_at_record(app.app, app.version)
    developer.see("Deleted", "Suspended", "Released to the store")
    developer.see_text(people.DEVELOPER)

    # Whoever keeps the store deletes a listed version in one act, by its number.
    keeper.open_app(app.name)
    keeper.versions("1.0.0").get_by_role("button", name=keeper.read("Delete")).click()
    keeper.see("It leaves the store at once.", within=keeper.dialog)
    keeper.dialog.get_by_role("textbox").fill("1.0.0")
    keeper.answer("Delete this version")
    keeper.see("Version {name} is deleted. Its record stays.", name="1.0.0", within=keeper.notice)
    keeper.go(f"/workbench/audit?thing={app.version.rpartition('/')[2]}")
    keeper.see_text("version.suspend", "version.delete", people.ADMINISTRATOR, people.DEVELOPER)
    cast.user.go(app.in_store)
    cast.user.be_refused(GONE, name=app.name)
