"""The second half of the main job: a package for machines goes through review and runs on this machine, until nothing of it is left."""

import contextlib
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.cast import Cast
from tests.journeys.packages import machines
from tests.journeys.users import Runner, User
from tests.journeys.wordpress import expect_title, install
from tests.server import Server, running
from tests.testbeds.docker import Engine

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "examples/wordpress/images"
GATE = "roadstead.test/frontgate:1"
SLOW, SLOWER = 300_000, 120_000
PASSWORD = "geheim-1234"
GONE_SECONDS = 240


@pytest.fixture(scope="module")
def engine(docker_engine: Engine) -> Engine:
    """An engine that has the sample's images, and the frontgate's: a build in it would reach no package mirror."""
    docker_engine.load(
        {
            "roadstead/wordpress-vm-mysql:1.0": IMAGES / "vm-mysql",
            "roadstead/wordpress-vm-site:1.0": IMAGES / "vm-wordpress",
            GATE: ROOT / "src/roadstead/agents/frontgate",
        }
    )
    return docker_engine


@pytest.fixture(scope="module")
def harbour(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An installation on the engine's machine; frontgates that nobody needs go at once."""
    settings = {"ROADSTEAD_DOCKER_HOST": engine.host, "ROADSTEAD_FRONTGATE_IMAGE": GATE, "ROADSTEAD_FRONTGATE_IDLE_MINUTES": "0"}
    with running(tmp_path_factory.mktemp("machines"), **settings) as started:
        yield started


@pytest.mark.parametrize("language", ["zh-CN"])
def test_wordpress_runs_on_machines_until_nothing_is_left(
    browser: Browser, harbour: Server, engine: Engine, language: str, tmp_path: Path
) -> None:
    cast = Cast(browser, harbour.url, language)
    app = f"wordpress-{cast.mark}"
    archive = tmp_path / f"{app}-1.0.0.tgz"
    archive.write_bytes(machines(app))

    version = cast.developer.create_app(archive, "vm")
    cast.developer.submit()
    cast.head.pass_as_provider(app)
    cast.business.claim(app)
    cast.business.pass_stage("Business review passed. {name} goes to technical review.", f"{app} 1.0.0")
    proven(cast, app)
    cast.developer.go(version)
    cast.developer.release()

    user = cast.user
    user.open_in_store(app)
    user.press("Deploy now")
    answered(user)
    instance = user.deploy("my-blog")
    site = opened(user)
    install(site)
    expect_title(site)

    user.go(instance)
    user.look_into("Machines")
    user.see_text("mysql 1", "wordpress 1")
    user.ask_for("Stop instance")
    user.button("Stop instance", user.dialog).click()
    user.see_state("Stopped", SLOWER)
    user.ask_for("Start instance")
    user.button("Start instance", user.dialog).click()
    user.see_state("Running", SLOW)
    expect_title(site)
    site.close()

    deleted(user, "my-blog")
    deleted(User(cast.technical.page, language), "testing")
    assert leftovers(engine) == []
    assert cast.leave() == []


def proven(cast: Cast, app: str) -> None:
    """Pass the last stage after a test deployment on this machine, which its reviewer may use."""
    technical = cast.technical
    review = technical.claim(app)
    technical.follow("Deploy test")
    tester = Runner(technical.page, technical.language)
    answered(tester)
    trial = tester.deploy("testing")
    technical.go(review)
    technical.see_text("testing", within=technical.panel)
    technical.pass_stage("Technical review passed. The developer can release {name} to the store now.", f"{app} 1.0.0")
    technical.go(trial)


def deleted(person: User, name: str) -> None:
    """Delete the instance whose page somebody is on."""
    person.ask_for("Delete instance")
    person.confirm("Delete instance", name)
    person.see_state("Deleted", SLOWER)


def answered(person: Runner) -> None:
    """Answer what the package asks and has no answer to: the password, which the form never shows."""
    field = person.main.locator("input[type=password]")
    expect(field).to_have_value("")
    field.fill(PASSWORD)


def opened(user: User) -> Page:
    """Open the address that the instance's page names."""
    link = user.main.get_by_role("link", name=re.compile(r"^localhost:\d+")).first
    expect(link).to_be_visible(timeout=SLOWER)
    # It is there with the first answer, and WordPress first looks for translations in a world that isn't there.
    with user.page.expect_popup(timeout=SLOWER) as popup:
        link.click()
    return popup.value


def leftovers(engine: Engine) -> list[str]:
    """Return what the engine still holds of the platform's, once that has had time to go."""
    with contextlib.closing(engine.client()) as client:
        deadline = time.monotonic() + GONE_SECONDS
        while (left := _marked(client)) and time.monotonic() < deadline:
            time.sleep(1)
        return left


def _marked(client: Any) -> list[str]:
    ours = {"filters": {"label": "roadstead.installation"}}
    found = [*client.containers.list(all=True, **ours), *client.volumes.list(**ours), *client.networks.list(**ours)]
    return [thing.name for thing in found]
