"""What those do who run apps: the store, environments, instances."""

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.journeys.people import Person

if TYPE_CHECKING:
    from playwright.sync_api import Locator

LONG = 60_000


class Runner(Person):
    """Somebody who deploys, in earnest or for a test."""

    def make_environment(self, kubeconfig: str, namespace: str, name: str) -> None:
        """Make an environment on the way, from the deploy form on the page, and come back to it."""
        self.follow("Create environment")
        self.page.locator("[name=content]").fill(kubeconfig)
        self.page.locator("[name=zone]").fill(namespace)
        self.page.locator("[name=name]").fill(name)
        # By the keyboard: what was pasted lets the page grow, and a button that moves under the mouse isn't pressed.
        self.button("Create environment").press("Enter")
        # The connection is tried before.
        expect(self.main).to_contain_text(self.read("This deployment"), timeout=LONG)

    @property
    def chosen_environment(self) -> "Locator":
        """The environment that the deploy form on the page has chosen."""
        return self.main.locator(".rs-choice", has=self.page.locator("input[name=environment]:checked"))

    def deploy(self, name: str) -> str:
        """Send the deploy form on the page and wait until the instance runs; return its address."""
        self.write({"Instance name": name})
        self.press("Deploy")
        self.see_state("Running", LONG)
        return self.page.url.partition("?")[0]


class User(Runner):
    """Somebody who looks after instances."""

    def open_in_store(self, app: str) -> None:
        """Find an app by searching."""
        self.go("/")
        self.page.get_by_role("searchbox").fill(app)
        self.page.keyboard.press("Enter")
        self.see("Search results")
        self.page.get_by_role("link", name=app, exact=True).click()
        self.see("Proof of review")

    def ask_for(self, english: str) -> None:
        """Press what the head of the instance offers, unfolding its menu where it lies in there."""
        beside = self.head.locator(".rs-actions > a").filter(has_text=self.read(english))
        if beside.count():
            beside.click()
        else:
            self.open_menu("More").get_by_role("link", name=self.read(english)).click()

    def confirm(self, english: str, name: str) -> None:
        """Type the name that the open dialog asks for, and go on."""
        confirm = self.button(english, self.dialog)
        expect(confirm).to_be_disabled()
        self.dialog.get_by_role("textbox").fill(name)
        confirm.click()
