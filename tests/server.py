"""A whole Roadstead for a story: `roadstead up --demo` as a process of its own, on a free port and a folder of its own."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.ports import free_ports

# A start takes seconds; on a machine that does ten other things it was seen to take a minute.
# Never the engine of the machine that the tests run on: who wants one says so.
NO_ENGINE = {"ROADSTEAD_DOCKER_HOST": "unix:///nowhere/docker.sock"}
START_SECONDS = 180


@dataclass
class Server:
    """One running installation; `kill` and `start` again to see what survives."""

    data_dir: Path
    port: int
    process: subprocess.Popen[bytes] | None = None
    program: tuple[str, ...] = ("-m", "roadstead")
    # What its environment holds besides.
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://localhost:{self.port}"

    @property
    def log(self) -> Path:
        """What it printed."""
        return self.data_dir.parent / f"{self.data_dir.name}.log"

    def start(self) -> "Server":
        """Start it and wait until it is ready."""
        command = [sys.executable, *self.program, "up", "--demo", "--port", str(self.port), "--data-dir", str(self.data_dir)]
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("ROADSTEAD_", "DJANGO_"))}
        with self.log.open("ab") as log:
            environment = clean | NO_ENGINE | self.extra
            self.process = subprocess.Popen(command, stdout=log, stderr=log, env=environment, start_new_session=True)
        self._wait_ready()
        return self

    def _wait_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.process is None or self.process.poll() is not None:
                raise AssertionError(self.log.read_text()[-4_000:])
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=2) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                time.sleep(0.1)
        raise AssertionError(f"not ready after {START_SECONDS} s:\n{self.log.read_text()[-4_000:]}")

    def kill(self) -> None:
        """Kill it as a power cut would."""
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    def stop(self) -> None:
        """Ask it to end."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.kill()


@contextmanager
def running(folder: Path, **extra: str) -> Iterator[Server]:
    """Run a fresh installation below a folder for as long as the block lasts."""
    server = Server(folder / "data", free_ports(1)[0], extra=extra)
    try:
        yield server.start()
    finally:
        server.stop()
