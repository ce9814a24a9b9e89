"""What developers do: apps, their information, their versions."""

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.journeys.people import Person

if TYPE_CHECKING:
    from pathlib import Path


class Developer(Person):
    """Somebody who makes apps."""

    def create_app(self, archive: "Path", delivery: str = "helm") -> str:
        """Make an app of a package; return the address of its first version, which is on the page then."""
        self.go("/workbench/apps/new")
        self.page.locator(f"[name=delivery][value={delivery}]").check()
        self.press("Go on to the upload")
        self.upload(archive)
        self.press("Finish")
        self.follow("Open the version")
        self.see_state("Draft")
        return self.page.url

    def upload(self, archive: "Path", verb: str = "Upload and check") -> None:
        """Send the package that the form on the page asks for."""
        self.page.locator("input[type=file][name=package]").set_input_files(archive)
        self.press(verb)

    def add_version(self, app: str, archive: "Path", log: str) -> str:
        """Add a version to an app; return its address."""
        self.go(app)
        self.follow("New version")
        self.write({"Update log": log})
        self.upload(archive)
        self.see_state("Draft")
        return self.page.url

    def app_of(self, version: str) -> str:
        """Return the address of a version's app."""
        self.go(version)
        self.page.get_by_role("navigation", name=self.read("You are here")).get_by_role("link").last.click()
        self.see("Test instances")
        return self.page.url

    def submit(self, then: str = "Waiting for review") -> None:
        """Send the version on the page to review, through the three steps."""
        self.press("Submit for review")
        self.follow("Prepare the submission", self.dialog)
        self.press("Save and go on")
        self.see("Is this the version?")
        self.press("Save and go on")
        self.press("Submit for review")
        self.see_state(then)
        self.follow("View the version")

    def withdraw(self) -> None:
        """Take the version on the page back from review."""
        self.press("Withdraw the review…", self.open_menu())
        self.answer("Withdraw the review")
        self.see_state("Draft")

    def write_log(self, log: str) -> None:
        """Change the update log of the version on the page."""
        self.press("Edit", self.card("Update log"))
        self.write({"Update log": log}, self.dialog)
        self.answer("Save the update log")
        self.see_text(log, within=self.card("Update log"))

    def release(self) -> None:
        """Put the version on the page into the store."""
        self.press("Release to store")
        self.answer("Release to store")
        self.see_state("In store")

    def delete_version(self, number: str) -> None:
        """Delete the version on the page, whose number has to be typed."""
        self.press("Delete…", self.open_menu())
        confirm = self.button("Delete this version", self.dialog)
        expect(confirm).to_be_disabled()
        self.dialog.get_by_role("textbox").fill(number)
        confirm.click()

    def look_at_record(self, app: str, version: str) -> None:
        """Open the record of an app at one of its versions."""
        self.go(f"{app}/record?version={version.rpartition('/')[2]}")
