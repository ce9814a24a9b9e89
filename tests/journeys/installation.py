"""Preparing the installation of the stories from outside, while it runs."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.server import NO_ENGINE

PROGRAM = "import django; django.setup(); from tests.journeys.prepare import main; main()"


@dataclass(frozen=True)
class Standing:
    """Where an app, its newest version and that version's review are to be found."""

    name: str
    app: str
    version: str
    review: str

    @property
    def in_store(self) -> str:
        """The app's page in the store."""
        return f"/apps/{self.app.rpartition('/')[2]}"


class Installation:
    """An installation with a hand that reaches in from behind."""

    def __init__(self, hand: "subprocess.Popen[str]") -> None:
        self._hand = hand

    def has(
        self,
        name: str,
        number: str = "1.0.0",
        *,
        standing: str = "listed",
        archive: Path | None = None,
        delivery: str = "helm",
        **changes: str,
    ) -> Standing:
        """Make an app whose version stands at a station of its way: draft, provider, business, technical, passed or listed.

        Its package is the small chart with some `changes`, or the one in `archive`.
        """
        which = {"name": name, "number": number, "stands": standing, "archive": str(archive or ""), "delivery": delivery}
        made = self._prepare("app", **which, **changes)
        return Standing(name, **made)

    def hostile(self, name: str) -> Standing:
        """Make an app in the store that tries to run something wherever it is shown."""
        return Standing(name, **self._prepare("made_of_payloads", name=name))

    def hours_pass(self, review: str, hours: int) -> None:
        """Let the last action on a review lie some hours back."""
        self._prepare("hours_pass", review=review, hours=hours)

    def _prepare(self, deed: str, **arguments: Any) -> dict[str, str]:
        assert self._hand.stdin
        assert self._hand.stdout
        self._hand.stdin.write(json.dumps([deed, arguments]) + "\n")
        self._hand.stdin.flush()
        line = self._hand.stdout.readline()
        assert line, "preparing failed; its error is printed above"
        told: dict[str, str] = json.loads(line)
        return told


@contextmanager
def reaching_into(data_dir: Path) -> Iterator[Installation]:
    """Prepare what stories of the block ask for."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("ROADSTEAD_", "DJANGO_"))}
    settings = {"ROADSTEAD_DATA_DIR": str(data_dir), "DJANGO_SETTINGS_MODULE": "roadstead.config.settings"}
    command = [sys.executable, "-c", PROGRAM]
    with subprocess.Popen(command, env=clean | NO_ENGINE | settings, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as hand:
        yield Installation(hand)
