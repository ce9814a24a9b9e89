"""What administrators do: people, and what is in the store."""

from typing import TYPE_CHECKING

from tests.journeys.reviewers import Reviewer

if TYPE_CHECKING:
    from playwright.sync_api import Locator


class Administrator(Reviewer):
    """Somebody who keeps the platform."""

    def make_head(self, email: str) -> None:
        """Let a member of a company lead it too."""
        self.open_person(email)
        self.field("Role").select_option(label=self.read("Provider head"))
        self.press("Set role")
        self.see("The role was changed.", within=self.notice)

    def suspend_person(self, email: str) -> None:
        """Close the door to somebody."""
        self.open_person(email)
        self.press("Suspend account")
        self.see("They can't sign in any more.", within=self.notice)

    def open_person(self, email: str) -> None:
        """Open the page of somebody."""
        self.go(f"/workbench/people?q={email}")
        self.row(email).get_by_role("link").first.click()
        self.see("Access")

    def open_app(self, app: str) -> str:
        """Open an app among those of all providers; return the address."""
        self.go(f"/workbench/all-apps?q={app}")
        self.row(app).get_by_role("link", name=app, exact=True).click()
        self.see("Latest instances")
        return self.page.url

    def versions(self, number: str) -> "Locator":
        """The row of a version on the app's page."""
        return self.card("Versions").get_by_role("row").filter(has_text=number)

    def ask_force(self, verdict: str, reason: str) -> None:
        """Ask for a decision past the stages of the review on the page."""
        self.press("Force a decision…")
        self.dialog.get_by_label(self.read(verdict)).check()
        self.write({"Reason": reason}, self.dialog)
        self.answer("Ask a second administrator")
