"""A place for runs on machines: one installation, its person, and an engine; whatever ends there is started again."""

import base64
import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

from tests.chaos.lane import Stuck
from tests.chaos.machines import package
from tests.server import Server, running

PROGRAM = "import sys, django; django.setup(); from tests.chaos.machines.prepare import main; main(sys.argv[1])"
STARTED = "SELECT 1 FROM jobs_step WHERE job_id = ? AND op = ? AND started IS NOT NULL"
ENDED = "SELECT status FROM jobs_job WHERE id = ? AND status NOT IN ('pending', 'working')"
RESTS = "SELECT 1 FROM clusters_cluster WHERE id = ? AND transition = ''"
CALL_SECONDS = 60
# A request that died holds its key for a while.
KEY_IN_USE = "idempotency_key_in_use"


class Refused(Exception):
    """The API said no; the code is its text."""


class Place(ABC):
    """The installation and its person. `turn` is held while something is taken away and put back."""

    def __init__(self, server: Server, ids: Mapping[str, str], *, patience: float) -> None:
        self.server, self.ids, self.patience = server, ids, patience
        self.turn = threading.RLock()

    def ask(self, method: str, path: str, body: object = None, *, key: str = "") -> Any:
        """Ask the API as the person, again while nobody answers; raises `Refused`, `Stuck`."""
        end = time.monotonic() + self.patience
        while time.monotonic() < end:
            try:
                return self._once(method, path, body, key)
            except urllib.error.HTTPError as error:
                if error.code < 500 and error.code != 429:
                    raise Refused(f"{error.code} {error.read().decode()[:300]}") from None
            except (OSError, HTTPException):
                pass
            time.sleep(0.5)
        raise Stuck(path)

    def make(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Make something that has a name, once; where the server died over it, look whether it was made, as a person would."""
        while True:
            try:
                made: dict[str, Any] = self.ask("post", path, body, key=f"{body['name']}-{time.time_ns()}".replace(" ", "-"))
            except Refused as refusal:
                if KEY_IN_USE not in str(refusal):
                    raise
            else:
                return made
            for found in self.ask("get", f"{path}?q={quote(body['name'])}")["items"]:
                if found["name"] == body["name"]:
                    return dict(found)

    def _once(self, method: str, path: str, body: object, key: str) -> Any:
        request = urllib.request.Request(f"{self.server.url}/api/v1{path}", method=method.upper())
        request.add_header("Authorization", f"Bearer {self.ids['token']}")
        request.add_header("Content-Type", "application/json")
        if key:
            request.add_header("Idempotency-Key", key)
        with urllib.request.urlopen(request, json.dumps(body).encode() if body is not None else None, timeout=CALL_SECONDS) as answer:
            return json.loads(answer.read() or b"null")

    def environment(self, seed: int) -> str:
        """Return where a story's instance is made."""
        return self.ids["environment"]

    def until(self, found: Callable[[], Any], patience: float | None = None) -> Any:
        """Return what is found once it is; raises `Stuck`."""
        end = time.monotonic() + (patience or self.patience)
        while time.monotonic() < end:
            if value := found():
                return value
            time.sleep(0.5)
        raise Stuck

    def rests(self, instance: str) -> bool:
        """Whether nothing is being done to an instance, told by its row: asking the API so often would cost more than all the rest."""
        with closing(sqlite3.connect(self.server.data_dir / "roadstead.sqlite3", timeout=60)) as database:
            return bool(database.execute(RESTS, [instance]).fetchone())

    def began(self, job: str, op: str, patience: float) -> bool:
        """Wait until a step of a job has begun, told by the rows: they say when, not what is right. False: it didn't."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            with closing(sqlite3.connect(self.server.data_dir / "roadstead.sqlite3", timeout=60)) as database:
                if database.execute(STARTED, [job, op]).fetchone():
                    return True
                if database.execute(ENDED, [job]).fetchone():
                    return False
            time.sleep(0.03)
        return False

    def kill_worker(self) -> None:
        """`kill -9` of `roadstead up`, and a new start."""
        with self.turn:
            self.server.kill()
            self.server.start()

    @abstractmethod
    def strike(self, kind: str, seed: int, instance: str, victim: int) -> bool:
        """Let a disaster happen to a story's instance, or to what it stands on; False if there was nothing to hit."""

    @abstractmethod
    def left(self) -> list[str]:
        """Return what is there of what the installation has made."""


def _prepared(data_dir: Path, settings: Mapping[str, str]) -> dict[str, str]:
    """Have the package and the place in a data folder whose server is stopped; return the ids."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("ROADSTEAD_", "DJANGO_"))}
    ours = {"ROADSTEAD_DATA_DIR": str(data_dir), "DJANGO_SETTINGS_MODULE": "roadstead.config.settings", **settings}
    command = [sys.executable, "-c", PROGRAM, base64.b64encode(package.packed()).decode()]
    ran = subprocess.run(command, env=clean | ours, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    ids: dict[str, str] = json.loads(ran.stdout.splitlines()[-1])
    return ids


@contextmanager
def installed(settings: Mapping[str, str]) -> Iterator[tuple[Server, dict[str, str]]]:
    """Have a running installation in a folder of its own."""
    with ExitStack() as things:
        folder = Path(things.enter_context(TemporaryDirectory(prefix="roadstead-chaos-")))
        server = things.enter_context(running(folder, **settings))
        server.stop()
        ids = _prepared(server.data_dir, settings)
        yield server.start(), ids
