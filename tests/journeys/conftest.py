"""The stage of the browser journeys: one real Chromium, and one installation that the stories of a worker share."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.journeys.cast import Cast
from tests.journeys.installation import Installation, reaching_into
from tests.journeys.packages import packed
from tests.server import Server, running

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
expect.set_options(timeout=15_000)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's own Chromium."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        reason = "Chromium is missing: apt-get install chromium (needs root)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An installation with the sample people. Each story has apps of its own in it and looks at nothing else."""
    with running(tmp_path_factory.mktemp("journeys")) as started:
        yield started


@pytest.fixture(scope="session")
def installation(server: Server) -> Iterator[Installation]:
    """What can be prepared in the installation without a browser, for stories that begin in the middle."""
    with reaching_into(server.data_dir) as prepared:
        yield prepared


@pytest.fixture(params=["zh-CN", "en"])
def language(request: pytest.FixtureRequest) -> str:
    """What everybody of the story reads."""
    return str(request.param)


@pytest.fixture
def cast(browser: Browser, server: Server, language: str) -> Iterator[Cast]:
    """Everybody of a story; it fails when a page of theirs met a script error or a refused resource."""
    everybody = Cast(browser, server.url, language)
    yield everybody
    assert everybody.leave() == []


@pytest.fixture
def pack(tmp_path: Path) -> Callable[..., Path]:
    """Pack a small chart into a file, as developers have it."""

    def write(name: str, number: str = "1.0.0", **changes: str) -> Path:
        archive = tmp_path / f"{name}-{number}.tgz"
        archive.write_bytes(packed(name, number, **changes))
        return archive

    return write
