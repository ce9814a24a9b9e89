"""What reviewers do: the queue, claims, verdicts."""

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.journeys.people import Person

if TYPE_CHECKING:
    from playwright.sync_api import Locator

LISTS = {"unprocessed": "Unprocessed", "mine": "Claimed by me", "processed": "Processed", "all": "All"}


class Reviewer(Person):
    """Somebody who decides a stage."""

    @property
    def panel(self) -> "Locator":
        """Where the stage is decided."""
        return self.page.locator(".rs-decision")

    @property
    def track(self) -> "Locator":
        """The way of the version, with names and times."""
        return self.main.get_by_role("list", name=self.read("Way of this version"))

    def station(self, english: str) -> "Locator":
        """One station of the track."""
        return self.track.get_by_role("listitem").filter(has_text=self.read(english))

    def open_queue(self, tab: str = "unprocessed", *, app: str = "") -> None:
        """Open a list of the queue, narrowed to one app."""
        self.go(f"/workbench/reviews?tab={tab}&q={app}")
        expect(self.tab(LISTS[tab])).to_have_attribute("aria-current", "page")

    def find_in_queue(self, *apps: str, tab: str = "unprocessed", besides: "tuple[str, ...]" = ()) -> None:
        """Expect some apps, and not others, in a list of the queue."""
        for app in apps:
            self.open_queue(tab, app=app)
            expect(self.row(app)).to_have_count(1)
        for app in besides:
            self.open_queue(tab, app=app)
            self.see("Nothing found")

    def claim(self, app: str) -> str:
        """Take an app's version from the queue; return the address of its review."""
        self.open_queue(app=app)
        self.press("Start processing", self.row(app))
        self.see("Give back", within=self.panel)
        return self.page.url

    def pass_stage(self, told: str, name: str = "") -> None:
        """Pass the review on the page."""
        self.press("Pass")
        self.answer("Pass this version")
        self.see(told, name=name, within=self.notice)

    def reject(self, reason: str) -> None:
        """Reject the review on the page."""
        self.press("Reject…")
        self.write({"Reason for rejection": reason}, self.dialog)
        self.answer("Reject this version")
        self.see_state("Rejected")

    def pass_as_provider(self, app: str, number: str = "1.0.0") -> None:
        """Take and pass the provider's stage."""
        self.claim(app)
        self.pass_stage("Provider review passed. {name} goes to business review.", f"{app} {number}")

    def pass_as_business(self, app: str, number: str = "1.0.0") -> None:
        """Take and pass the business stage."""
        self.claim(app)
        self.pass_stage("Business review passed. {name} goes to technical review.", f"{app} {number}")

    def pass_as_technical(self, app: str, number: str = "1.0.0") -> None:
        """Take and pass the technical stage."""
        self.claim(app)
        self.pass_stage("Technical review passed. The developer can release {name} to the store now.", f"{app} {number}")
