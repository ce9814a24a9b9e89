"""A place for runs: one folder, its database, and the worker processes on it, which die, stand still and come back."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock
from typing import Any, Self

from roadstead.core.ids import new_id
from roadstead.jobs.tests.driver import ADDRESS, Refused, Script
from tests.chaos.forked import Forked
from tests.testbeds.postgres import cluster, databases

PATIENCE = 240.0
_TRIES = 10


class Stuck(Exception):
    """Something that had to happen didn't, in a time that is plenty."""


class Away(Exception):
    """The database was away, so nothing was done; to be asked again."""


class Lane:
    """On SQLite one worker, which is also asked; on PostgreSQL several, and a process without a worker that is asked."""

    def __init__(self, folder: Path, server: cluster.Cluster | None, *, workers: int, standstill: float, patience: float) -> None:
        self.folder, self.server = folder, server
        self.standstill, self.patience = standstill, patience
        # Several stories may be under way here: what is said to processes, and what is done to them, comes one by one.
        self._turn = RLock()
        # The server ends with the thread that started it, so that thread has to outlive the stories.
        self._keeper = ThreadPoolExecutor(1)
        self._read: dict[str, tuple[int, list[list[str]]]] = {}
        self._workers: list[Script | None] = [None] * (workers if server else 1)
        self._asked: Script | None = None

    def __enter__(self) -> Self:
        self.mend()
        return self

    def __exit__(self, *_error: object) -> None:
        for process in (*self._workers, self._asked):
            if process:
                process.__exit__(None, None, None)
        self._keeper.shutdown()

    def mend(self) -> None:
        """Start whatever doesn't run."""
        with self._turn:
            self._mend()

    def _mend(self) -> None:
        for number, process in enumerate(self._workers):
            if process is None or ended(process):
                self._workers[number] = self._start(process)
        if self.server and (self._asked is None or ended(self._asked)):
            self._asked = self._start(self._asked, "idle")

    def _start(self, former: Script | None, *mode: str) -> Script:
        if former:
            former.__exit__(None, None, None)
        # On a busy machine a worker may be taken for dead before it has begun; it then ends itself, and another is started.
        for _ in range(_TRIES):
            fresh = Forked(self.folder, *mode)
            try:
                return fresh.__enter__()
            except AssertionError:
                fresh.__exit__(None, None, None)
        raise Stuck

    def ask(self, do: str, **command: Any) -> dict[str, Any]:
        """Have something done, by whichever process is there; a dead one is replaced first."""
        for _ in range(_TRIES):
            with self._turn, suppress(Away):
                self._mend()
                process = self._asked or self._workers[0]
                assert process
                return asked(process, do, **command)
            time.sleep(1)
        raise Stuck

    def tried(self, do: str, **command: Any) -> str:
        """Have something done that may be refused; return the refusal's code."""
        try:
            self.ask(do, **command)
        except Refused as refusal:
            return str(refusal)
        return ""

    def strike(self, kind: str, victim: int) -> None:
        """Let a disaster happen."""
        with self._turn:
            process = self._workers[victim % len(self._workers)]
            if kind == "restart" and self.server:
                self.server.halt()
                time.sleep(0.5)
                self._keeper.submit(self.server.resume).result()
            elif process and not ended(process):
                process.kill() if kind == "kill" else os.kill(process.process, signal.SIGSTOP)
        if kind == "stop" and process and not ended(process):
            time.sleep(self.standstill)
            # Not in turn: somebody may be waiting there for the answer of the one that stands still.
            with suppress(ProcessLookupError):
                os.kill(process.process, signal.SIGCONT)

    def until(self, found: Callable[[], Any], patience: float | None = None) -> Any:
        """Return what is found once it is, with somebody there to do the work."""
        end = time.monotonic() + (patience or self.patience)
        while time.monotonic() < end:
            if value := found():
                return value
            if all(process is None or ended(process) for process in self._workers):
                self.mend()
            time.sleep(0.05)
        raise Stuck

    def lines(self, file: str) -> list[list[str]]:
        """Return the words of each line of one of the folder's ledgers."""
        with self._turn, suppress(FileNotFoundError), (self.folder / file).open("rb") as ledger:
            place, known = self._read.get(file, (0, []))
            ledger.seek(place)
            new = ledger.read()
            # A line that is being written is for the next time.
            whole = new[: new.rfind(b"\n") + 1]
            known = [*known, *(line.split() for line in whole.decode().splitlines())] if whole else known
            self._read[file] = (place + len(whole), known)
        return self._read.get(file, (0, []))[1]


def asked(process: Script, do: str, **command: Any) -> dict[str, Any]:
    """Have a process do something; raises `Away`."""
    try:
        return process.ask(do, **command)
    except Refused as refusal:
        if str(refusal) == "database_away":
            raise Away from refusal
        raise
    except AssertionError as silent:
        # What it would answer later must not be taken for the answer to something else.
        process.kill()
        raise Stuck from silent


def ended(process: Script) -> bool:
    """Whether a process is over."""
    try:
        process.exit_code(0)
    except subprocess.TimeoutExpired:
        return False
    return True


@contextmanager
def lane(engine: str, *, workers: int = 2, standstill: float = 30, patience: float = PATIENCE) -> Iterator[Lane]:
    """Have a fresh place on an engine."""
    with tempfile.TemporaryDirectory(prefix="roadstead-chaos-") as made:
        folder = Path(made)
        if engine == "sqlite":
            with Lane(folder, None, workers=1, standstill=standstill, patience=patience) as place:
                yield place
            return
        with cluster.running() as server:
            (folder / ADDRESS).write_text(databases.create(server.url(), new_id("chaos")))
            with Lane(folder, server, workers=workers, standstill=standstill, patience=patience) as place:
                yield place
