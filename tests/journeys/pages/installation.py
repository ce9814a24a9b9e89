"""The installation that all pages are looked at on: filled once, served by a process that its Kubernetes and its engine answer in."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.ports import free_ports
from tests.server import Server

PREPARE = "import django; django.setup(); from tests.journeys.pages.prepare import main; main()"
SERVE = (
    "from roadstead.runtimes import registry; from tests.journeys.pages.harbour import Harbour; registry.put(Harbour())\n"
    "from tests.journeys.pages.quay import Quay; registry.put(Quay())\n"
    "from roadstead.cli.main import main; main()"
)


@dataclass(frozen=True)
class World:
    """What was prepared: the server, ids by what they show, session keys by who it is, and all that people typed."""

    server: Server
    ids: dict[str, str]
    sessions: dict[str, str]
    data: str


@contextmanager
def filled(folder: Path) -> Iterator[World]:
    """Prepare an installation and serve it for as long as the block lasts."""
    server = Server(folder / "data", free_ports(1)[0], program=("-c", SERVE))
    made = _prepared(server.data_dir)
    try:
        yield World(server.start(), **made)
    finally:
        server.stop()


@contextmanager
def empty(folder: Path) -> Iterator[World]:
    """Serve an installation that nobody has used yet for as long as the block lasts."""
    server = Server(folder / "data", free_ports(1)[0])
    try:
        yield World(server.start(), {}, {}, "")
    finally:
        server.stop()


def _prepared(data_dir: Path) -> dict[str, Any]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("ROADSTEAD_", "DJANGO_"))}
    settings = {"DATA_DIR": str(data_dir), "DEMO": "1", "MAKE_KEYS": "1"}
    named = {f"ROADSTEAD_{name}": value for name, value in settings.items()} | {"DJANGO_SETTINGS_MODULE": "roadstead.config.settings"}
    data_dir.mkdir(parents=True, exist_ok=True)
    ran = subprocess.run([sys.executable, "-c", PREPARE], env=clean | named, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr[-4_000:]
    made: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return made
