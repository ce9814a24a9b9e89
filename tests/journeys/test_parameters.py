"""The form made from a chart's schema, and the YAML beside it, from the deployment to the first change."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.cast import Cast
from tests.journeys.installation import Installation, Standing
from tests.journeys.users import LONG, User
from tests.testbeds.kubernetes import ControlPlane

VALUES = (
    "# How many pods\nreplicas: 1\n\n# What visitors read\ngreeting: hello\nmail:\n  host: localhost\n  password: ''\n  secure: false\n"
)
MAIL = {
    "type": "object",
    "title": "Outgoing mail",
    "properties": {
        "host": {"type": "string", "title": "Mail server", "pattern": "^[a-z.-]+$"},
        "password": {"type": "string", "title": "Mail password"},
        "secure": {"type": "boolean", "title": "Encrypted"},
    },
}
SCHEMA = {
    "type": "object",
    "properties": {
        "replicas": {"type": "integer", "title": "Pods", "minimum": 0, "maximum": 5},
        "greeting": {"enum": ["hello", "goodbye"], "title": "Greeting"},
        "mail": MAIL,
    },
}
WRONG = "{found} doesn't match the pattern {expected}."


@pytest.fixture
def place(cast: Cast, kubernetes: ControlPlane) -> Iterator[str]:
    name = f"journey-parameters-{cast.mark}"
    yield name
    kubernetes.kubectl("delete", "namespace", name, "--wait=false", "--ignore-not-found")


@pytest.fixture
def app(cast: Cast, installation: Installation) -> Standing:
    return installation.has(f"buoy-{cast.mark}", values=VALUES, schema=json.dumps(SCHEMA))


def test_answers_and_yaml_say_one_thing(cast: Cast, app: Standing, kubernetes: ControlPlane, place: str) -> None:
    user = cast.user
    user.go(f"{app.in_store}/deploy")
    user.make_environment(kubernetes.kubeconfig, place, f"harbour-{cast.mark}")
    a_mistake_is_said_at_its_field_as_soon_as_it_is_made(user)
    both_views_hold_what_was_typed_in_either(user)
    user.deploy("my-buoy")
    user.look_into("Parameters")
    user.see_text("# How many pods", "host: mail.example", "greeting: goodbye", "replicas: 2")
    greeting = kubernetes.kubectl("get", "configmap", "my-buoy", "-n", place, "-o", "jsonpath={.data.greeting}")
    assert greeting == "goodbye"

    user.ask_for("Update parameters")
    expect(asked(user, "Pods")).to_have_value("2")
    asked(user, "Greeting").select_option(label="hello")
    user.press("Show what changes")
    compared = user.page.locator("#compared")
    expect(compared.locator("del")).to_have_text(["\u2212 greeting: goodbye"])
    expect(compared.locator("ins")).to_have_text(["+ greeting: hello"])
    user.press("Update parameters")
    user.see_state("Running", LONG)


def asked(user: User, label: str) -> Locator:
    """The field of a title that the chart's author wrote; no language changes it."""
    return user.main.get_by_label(label, exact=True).first


def a_mistake_is_said_at_its_field_as_soon_as_it_is_made(user: User) -> None:
    server = user.main.locator(".rs-field", has_text="Mail server")
    expect(asked(user, "Mail password")).to_have_attribute("type", "password")
    for typed, wrong in (("Mail!", True), ("mail.example", False)):
        asked(user, "Mail server").fill(typed)
        asked(user, "Mail password").click()
        told = user.read(WRONG, found='"Mail!"', expected='"^[a-z.-]+$"')
        expect(server.locator(".invalid-feedback")).to_have_text([told] if wrong else [])
        assert asked(user, "Mail server").get_attribute("aria-invalid") == ("true" if wrong else None)


def both_views_hold_what_was_typed_in_either(user: User) -> None:
    asked(user, "Greeting").select_option(label="goodbye")
    user.press("YAML")
    text = VALUES.replace("localhost", "mail.example").replace("hello", "goodbye")
    expect(user.field("values.yaml")).to_have_value(text)
    user.write({"values.yaml": text.replace("replicas: 1", "replicas: [")})
    user.press("Form")
    expect(user.main.locator(".rs-problems li")).to_have_count(1)
    user.write({"values.yaml": text.replace("replicas: 1", "replicas: 2 # for a start")})
    user.press("Form")
    expect(asked(user, "Pods")).to_have_value("2")
    # The summary counts with what is in the form, whichever view it was typed in.
    pods = user.main.locator("#needs dd").first
    expect(pods).to_have_text("2", timeout=LONG)
    asked(user, "Pods").fill("3")
    asked(user, "Mail server").click()
    expect(pods).to_have_text("3", timeout=LONG)
    asked(user, "Pods").fill("2")
    asked(user, "Mail server").click()
    expect(pods).to_have_text("2", timeout=LONG)
    expect(asked(user, "Mail server")).to_have_value("mail.example")
