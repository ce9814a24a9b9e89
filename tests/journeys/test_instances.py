"""What users do with an instance, from its first parameters to its last trace, in a real cluster."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.journeys.cast import Cast
from tests.journeys.installation import Installation, Standing
from tests.journeys.packages import NOWHERE
from tests.journeys.users import LONG, User
from tests.testbeds.kubernetes import ControlPlane


@pytest.fixture
def place(cast: Cast, kubernetes: ControlPlane) -> Iterator[str]:
    """A namespace of the story's own."""
    name = f"journey-instances-{cast.mark}"
    yield name
    kubernetes.kubectl("delete", "namespace", name, "--wait=false", "--ignore-not-found")


@pytest.fixture
def app(cast: Cast, installation: Installation) -> Standing:
    return installation.has(f"ferry-{cast.mark}")


def greeting(kubernetes: ControlPlane, place: str) -> str:
    """What the cluster holds of the instance's parameters."""
    return kubernetes.kubectl("get", "configmap", "my-ferry", "-n", place, "-o", "jsonpath={.data.greeting}")


def test_an_instance_from_its_first_day_to_its_last(
    cast: Cast, installation: Installation, app: Standing, kubernetes: ControlPlane, place: str
) -> None:
    user = cast.user
    user.go(f"{app.in_store}/deploy")
    user.make_environment(kubernetes.kubeconfig, place, f"harbour-{cast.mark}")
    a_wrong_name_and_wrong_values_are_said_at_their_fields(user)
    instance = user.deploy("my-ferry")
    parameters_are_changed_after_their_difference_was_shown(user)
    assert greeting(kubernetes, place) == "hello again"

    installation.has(app.name, "1.1.0")
    the_newer_version_is_offered_and_compared(user, instance)
    assert greeting(kubernetes, place) == "hello again"
    an_earlier_revision_is_gone_back_to(user)
    assert greeting(kubernetes, place) == "hello from 1.0.0"
    it_is_stopped_and_started(user)
    it_is_deleted_and_ceased(user)
    left = kubernetes.kubectl("get", "deployments,configmaps,secrets", "-n", place, "-l", "owner=helm", "-o", "name")
    assert left.split() == []
    it_is_deployed_again(user, place)
    assert greeting(kubernetes, place) == "hello from 1.0.0"


def a_wrong_name_and_wrong_values_are_said_at_their_fields(user: User) -> None:
    user.write({"Instance name": "My Ferry", "values.yaml": "replicas: [1\n"})
    user.press("Deploy")
    user.see("A name has 1–53 characters: lower-case letters, digits and hyphens, a letter first, no hyphen at the end.")
    expect(user.field("values.yaml")).to_have_value("replicas: [1\n")
    user.write({"values.yaml": ""})


def parameters_are_changed_after_their_difference_was_shown(user: User) -> None:
    user.ask_for("Update parameters")
    user.write({"values.yaml": "greeting: hello again\n"})
    user.press("Show what changes")
    compared = user.page.locator("#compared")
    expect(compared.locator("ins")).to_contain_text("greeting: hello again")
    # Whoever changes their mind after having looked sees the new difference before anything is done.
    user.write({"values.yaml": "greeting: hello again\nreplicas: 2\n"})
    user.press("Update parameters")
    expect(compared.locator("ins").last).to_contain_text("replicas: 2")
    user.press("Update parameters")
    user.see_state("Running", LONG)
    user.see("Update parameters", within=user.main.locator(".rs-card-head").first)


def the_newer_version_is_offered_and_compared(user: User, instance: str) -> None:
    user.go(instance)
    user.ask_for("Upgrade")
    user.see_text("1.1.0", "New in 1.1.0")
    user.press("Show what changes")
    user.see("Nothing changes here.")
    user.see_text("greeting: hello from 1.1.0", within=user.page.locator("#compared"))
    user.press("Upgrade")
    user.see_state("Running", LONG)
    user.see_text("1.1.0", within=user.head)
    user.cannot("Upgrade", within=user.head)


def an_earlier_revision_is_gone_back_to(user: User) -> None:
    user.ask_for("Roll back")
    expect(user.button("Roll back")).to_be_disabled()
    user.follow("Revision {number}", number=1)
    expect(user.main.locator("del").first).to_contain_text("greeting: hello again")
    user.press("Roll back to revision {number}", number=1)
    user.see_state("Running", LONG)
    user.see_text("1.0.0", within=user.head)


def it_is_stopped_and_started(user: User) -> None:
    user.ask_for("Stop instance")
    user.see("All of its pods end, so nobody can use it until it's started again. Data in its volumes stays.", within=user.dialog)
    user.answer("Stop instance")
    user.see_state("Stopped", LONG)
    user.cannot("Update parameters", "Roll back", within=user.head)
    user.ask_for("Start instance")
    user.answer("Start instance")
    user.see_state("Running", LONG)


def it_is_deleted_and_ceased(user: User) -> None:
    user.ask_for("Delete instance")
    user.see_text("1 × Deployment", within=user.dialog)
    user.answer("Keep it")
    user.see_state("Running")
    user.ask_for("Delete instance")
    user.confirm("Delete instance", "my-ferry")
    user.see_state("Deleted", LONG)
    user.cannot("Update parameters", "Stop instance", within=user.head)
    user.ask_for("Cease instance")
    user.confirm("Cease instance", "my-ferry")
    user.see_state("Ceased", LONG)


def it_is_deployed_again(user: User, place: str) -> None:
    """With the answers of the first time."""
    user.follow("Deploy again")
    expect(user.field("Instance name")).to_have_value("my-ferry")
    expect(user.chosen_environment).to_contain_text(place)
    user.deploy("my-ferry")


def test_a_failed_creation_is_retried_from_the_step_that_failed(cast: Cast, app: Standing, kubernetes: ControlPlane, place: str) -> None:
    user = cast.user
    user.go(f"{app.in_store}/deploy")
    user.make_environment(kubernetes.kubeconfig, place, f"harbour-{cast.mark}")
    # Somebody else's object stands where the package wants to put its own.
    kubernetes.kubectl("create", "configmap", "my-ferry", "-n", place, "--from-literal=greeting=squatter")
    user.write({"Instance name": "my-ferry"})
    user.main.get_by_label(user.read("Keep it for diagnosis")).check()
    user.press("Deploy")
    user.see_state("Create failed", LONG)
    failed = user.main.locator(".rs-timeline .rs-tone-bad")
    expect(failed).to_have_count(1)
    user.see_text("my-ferry", within=failed)
    assert greeting(kubernetes, place) == "squatter"

    # As long as the cause is there it fails again, at the same step.
    with user.page.expect_navigation():
        user.press("Retry from this step")
    user.see_state("Create failed", LONG)
    user.see("Retry from this step", "Give up and clean up")
    kubernetes.kubectl("delete", "configmap", "my-ferry", "-n", place)
    user.press("Retry from this step")
    user.see_state("Running", LONG)
    assert greeting(kubernetes, place) == "hello from 1.0.0"
    user.cannot("Retry from this step", "Give up and clean up")


def test_a_creation_is_cancelled_in_the_middle(cast: Cast, installation: Installation, kubernetes: ControlPlane, place: str) -> None:
    app = installation.has(f"becalmed-{cast.mark}", app=NOWHERE)
    user = cast.user
    user.go(f"{app.in_store}/deploy")
    user.make_environment(kubernetes.kubeconfig, place, f"harbour-{cast.mark}")
    user.write({"Instance name": "my-ferry"})
    user.press("Deploy")
    user.see_state("Creating")
    running = user.main.locator(".rs-timeline [aria-current=step]")
    user.see("Wait until workloads are ready", within=running)
    user.cannot("Delete instance", "Update parameters", within=user.head)
    # News of the job doesn't take the question away from whoever reads it.
    with user.page.expect_response("**/activity*"):
        user.ask_for("Cancel creation")
    user.answer("Go on creating")
    user.see_state("Creating")
    user.ask_for("Cancel creation")
    user.answer("Cancel creation")
    user.see_state("Ceased", LONG)
    left = kubernetes.kubectl("get", "deployments,services", "-n", place, "-o", "name")
    assert left.split() == []
    assert kubernetes.kubectl("get", "secrets", "-n", place, "-l", "owner=helm", "-o", "name").split() == []
