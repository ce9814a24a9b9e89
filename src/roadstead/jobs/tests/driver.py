"""Starts, feeds and kills the worker of `worker_script.py` from a test."""

import base64
import json
import os
import select
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg

# Where the folder's database lies elsewhere, this file in it holds the address.
ADDRESS = "database-url"
SCRIPT = Path(__file__).with_name("worker_script.py")
# A start makes the tables first, and may be one of many on a busy machine.
ANSWER_SECONDS = 180
ENDED = {"successful", "failed", "cancelled"}


class Refused(Exception):
    """The worker answered with a refusal; the code is its text."""


@contextmanager
def rows(folder: Path, *, of_engine: bool = False) -> Iterator[Callable[[str], list[Any]]]:
    """Ask the folder's database, or the engine's, past all of our code."""
    address = folder / ADDRESS
    opened: Any
    if address.exists():
        opened = psycopg.connect(address.read_text(), options="-c search_path=public,dbos")
    else:
        opened = sqlite3.connect(folder / ("engine.sqlite3" if of_engine else "roadstead.sqlite3"))
    with closing(opened):
        yield lambda query: list(opened.execute(query))


def forget_engine(folder: Path) -> None:
    """Take the engine's state away, as a backup that was made without it does."""
    address = folder / ADDRESS
    if address.exists():
        with psycopg.connect(address.read_text()) as opened:
            opened.execute("DROP SCHEMA dbos CASCADE")
    for file in folder.glob("engine.sqlite3*"):
        file.unlink()


class Script:
    """One worker process on a folder, from `with` to the end of it or `kill`."""

    def __init__(self, folder: Path, *mode: str) -> None:
        self.folder = folder
        self._mode = mode

    def __enter__(self) -> Self:
        environment = {
            **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
            # Compiled once for all starts: half of a start is compiling what it imports.
            "PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir()) / "roadstead-test-pycache"),
            "PYTHONPATH": str(SCRIPT.parents[3]),
            "ROADSTEAD_DATA_DIR": str(self.folder),
            **({"ROADSTEAD_DATABASE_URL": address.read_text()} if (address := self.folder / ADDRESS).exists() else {}),
            "ROADSTEAD_SECRET_KEY": "only-for-tests",
            "ROADSTEAD_MASTER_KEY": base64.b64encode(bytes(32)).decode(),
        }
        self._process = self.begun(environment)
        self.greeting = self._answer()
        return self

    def begun(self, environment: dict[str, str]) -> subprocess.Popen[str]:
        """Start the process."""
        with (self.folder / "log").open("a") as log:
            return subprocess.Popen(  # our own script
                [sys.executable, SCRIPT, self.folder, *self._mode],
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                bufsize=1,
            )

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()

    @property
    def process(self) -> int:
        """The number of the process."""
        return self._process.pid

    def exit_code(self, seconds: float) -> int:
        """Return how the process ended, once it has."""
        return self._process.wait(seconds)

    def stop(self) -> None:
        """Have the worker end in good order."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(timeout=20)

    def kill(self) -> None:
        """Kill the process as a power cut would."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def ask(self, do: str, **command: Any) -> dict[str, Any]:
        """Have the worker do something and return its answer."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps({"do": do, **command}) + "\n")
        answer = self._answer()
        if "refused" in answer:
            raise Refused(answer["refused"])
        return answer

    def submit(self, subject: str, *layers: list[dict[str, Any]], **command: Any) -> str:
        """Submit a job of these layers and return its id."""
        return str(self.ask("submit", subject=subject, layers=layers, **command)["job"])

    def ended(self, job: str, seconds: float = 20) -> dict[str, Any]:
        """Return a job once it has ended."""
        self.until(lambda: self.ask("show", job=job)["status"] in ENDED, seconds, pause=0.05)
        return self.ask("show", job=job)

    def started(self, job: str, target: str) -> None:
        """Return once a step has been called."""
        self.until(lambda: self.calls(job)[target])

    def until(self, found: Callable[[], Any], seconds: float = 20, *, pause: float = 0.01) -> Any:
        """Return what is found, once it is."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if value := found():
                return value
            time.sleep(pause)
        raise AssertionError((self.folder / "log").read_text()[-4000:])

    def ledger(self, job: str, word: str) -> Counter[str]:
        """Return how often the job's operations noted this word of each target."""
        lines = [line.split() for line in (self.folder / "ledger").read_text().splitlines()]
        return Counter(line[1] for line in lines if line[0] == word and line[2].startswith(job))

    def calls(self, job: str) -> Counter[str]:
        """Return how often each target's step was called."""
        return self.ledger(job, "called")

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout
        if not select.select([self._process.stdout], [], [], ANSWER_SECONDS)[0]:
            raise AssertionError(f"no answer in {ANSWER_SECONDS} s")
        line = self._process.stdout.readline()
        assert line, (self.folder / "log").read_text()[-4000:]
        answer: dict[str, Any] = json.loads(line)
        return answer
