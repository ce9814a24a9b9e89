"""An installation for a benchmark: a folder with a full store, and the server on it."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import NamedTuple

from bench.client import Client, Unexpected
from tests.ports import free_ports

APPS = 10_000
ROOT = Path(__file__).parent.parent
# What people start, and the same with the settings of the benchmarks.
UP = ("-m", "roadstead", "up")
BENCH = ("-m", "bench.server")
PATIENCE = 60.0
NONE: Mapping[str, str] = {}


class Server(NamedTuple):
    """A running server, and the seconds from its start until it was ready."""

    port: int
    process: int
    started: float


@cache
def filled(apps: int = APPS) -> Path:
    """Return a data folder with as many apps in its store; made once for all tables, gone with this process."""
    folder = Path(_temporary().name, str(apps))
    with server(folder):
        pass  # makes the keys and the database
    inside(folder, "bench.filling", str(apps))
    return folder


def inside(folder: Path, module: str, *values: str, database: str = "", settings: Mapping[str, str] = NONE) -> None:
    """Run the `main` of a module with Django on a data folder, or on a database elsewhere, in a process of its own."""
    subprocess.run([sys.executable, *BENCH, module, *values], cwd=ROOT, env={**_environment(folder, database), **settings}, check=True)


def printed_inside(folder: Path, module: str, *values: str, database: str = "", settings: Mapping[str, str] = NONE) -> str:
    """Return what the `main` of a module prints."""
    environment = {**_environment(folder, database), **settings}
    command = [sys.executable, *BENCH, module, *values]
    return subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout


@contextmanager
def server(folder: Path, command: Sequence[str] = UP, *, database: str = "", settings: Mapping[str, str] = NONE) -> Iterator[Server]:
    """Run a server on a folder for as long as it is entered."""
    port = free_ports(1)[0]
    environment = {**_environment(folder, database), **settings, "ROADSTEAD_PORT": str(port)}
    started = time.monotonic()
    with subprocess.Popen([sys.executable, *command], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL) as process:
        try:
            while not _ready(port):
                if process.poll() is not None or time.monotonic() - started > PATIENCE:
                    raise SystemExit("the server did not start, see above")
                time.sleep(0.01)
            yield Server(port, process.pid, time.monotonic() - started)
        finally:
            process.send_signal(signal.SIGTERM)


def used(process: int) -> float:
    """Return the milliseconds of processor time that a process and those that it ended have taken."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return sum(int(ticks) for ticks in fields[11:15]) * 1_000 / os.sysconf("SC_CLK_TCK")


@cache
def _temporary() -> "tempfile.TemporaryDirectory[str]":
    return tempfile.TemporaryDirectory(prefix="roadstead-bench-")


def _environment(folder: Path, database: str = "") -> dict[str, str]:
    own = {"ROADSTEAD_DATA_DIR": str(folder), "ROADSTEAD_LOG_LEVEL": "warning", "ROADSTEAD_MAKE_KEYS": "1"}
    return {**os.environ, **own, **({"ROADSTEAD_DATABASE_URL": database} if database else {})}


def _ready(port: int) -> bool:
    try:
        Client(port).get("/readyz")
    except (OSError, Unexpected):
        return False
    return True
