"""Looking after environments: another name, another credential, and what is refused on the way."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.journeys.bad_clusters import closed_port
from tests.journeys.cast import Cast
from tests.journeys.users import LONG, User
from tests.testbeds.kubernetes import ControlPlane


@pytest.fixture
def places(cast: Cast, kubernetes: ControlPlane) -> Iterator[tuple[str, str]]:
    """Two namespaces of the story's own."""
    names = (f"journey-edit-{cast.mark}", f"journey-switch-{cast.mark}")
    yield names
    for name in names:
        kubernetes.kubectl("delete", "namespace", name, "--wait=false", "--ignore-not-found")


def test_an_environment_gets_another_name_and_another_credential(cast: Cast, kubernetes: ControlPlane, places: tuple[str, str]) -> None:
    user = cast.user
    first, second = (make(user, kubernetes.kubeconfig, place, place) for place in places)
    an_environment_is_renamed(user, first, cast.mark)

    credentials_get_names_of_their_own(user, cast.mark)
    user.go(first)
    user.follow("Switch credential")
    user.field("Credential").select_option(label=user.field("Credential").locator("option", has_text=f"spare-{cast.mark}").inner_text())
    user.press("Try and use it")
    expect(user.notice).to_contain_text(
        user.read("The environment signs in with the chosen credential now. It was tried and works."), timeout=LONG
    )
    user.see_text(f"spare-{cast.mark}")
    user.go(second)
    user.see_text(f"spare-{cast.mark}")

    a_content_that_does_not_work_is_refused(user, f"spare-{cast.mark}")
    user.go(first)
    user.press("Check now")
    expect(user.notice).to_contain_text(user.read("It answers and grants the rights that deployments need."), timeout=LONG)


def make(user: User, kubeconfig: str, place: str, name: str) -> str:
    """Make an environment; return its address."""
    user.go("/workbench/environments/new")
    user.page.locator("[name=content]").fill(kubeconfig)
    user.page.locator("[name=zone]").fill(place)
    user.page.locator("[name=name]").fill(name)
    user.press("Create environment")
    expect(user.head).to_contain_text(name, timeout=LONG)
    return user.page.url


def an_environment_is_renamed(user: User, address: str, mark: str) -> None:
    user.go(address)
    user.follow("Edit")
    user.write({"Name": "", "Note": "Ask before you change it"})
    user.press("Save")
    expect(user.field("Name")).to_have_attribute("aria-invalid", "true")
    # What was typed is kept, and nothing was saved.
    expect(user.field("Note")).to_have_value("Ask before you change it")
    user.write({"Name": f"quay-{mark}"})
    user.press("Save")
    user.see("Saved.", within=user.notice)
    user.see_text(f"quay-{mark}", within=user.head)
    user.see_text("Ask before you change it")


def credentials_get_names_of_their_own(user: User, mark: str) -> None:
    """The newest one, which the second environment was made with."""
    user.go("/workbench/credentials")
    user.main.get_by_role("row").nth(1).get_by_role("link").first.click()
    user.write({"Name": f"spare-{mark}"})
    user.press("Save")
    user.see("Saved.", within=user.notice)
    user.see_text(f"spare-{mark}", within=user.head)


def a_content_that_does_not_work_is_refused(user: User, name: str) -> None:
    """A replacement is tried everywhere before it is used; what was there stays."""
    user.go("/workbench/credentials")
    user.main.get_by_role("link", name=name, exact=True).click()
    user.follow("Replace content")
    user.page.locator("[name=content]").fill(closed_port())
    user.main.locator("form .btn-primary").click()
    expect(user.main.locator(".invalid-feedback, .rs-problems li").first).to_be_visible(timeout=LONG)
