"""Workers forked from a process that has read the libraries already: a start costs a third, and a campaign has hundreds."""

import multiprocessing
import os
import runpy
import signal
import subprocess
import sys
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from roadstead.jobs.tests.driver import SCRIPT, Script

_fork = multiprocessing.get_context("forkserver")
_fork.set_forkserver_preload(["tests.chaos.libraries"])


class Process:
    """What `Script` needs of a process, of one that was forked."""

    def __init__(self, folder: Path, mode: tuple[str, ...], environment: dict[str, str]) -> None:
        theirs_in, self._ours_in = _fork.Pipe(duplex=False)
        self._ours_out, theirs_out = _fork.Pipe(duplex=False)
        self._child = _fork.Process(target=_main, args=(folder, mode, environment, theirs_in, theirs_out), daemon=True)
        self._child.start()
        theirs_in.close()
        theirs_out.close()
        self.stdin = os.fdopen(os.dup(self._ours_in.fileno()), "w", buffering=1)
        self.stdout = os.fdopen(os.dup(self._ours_out.fileno()))
        self._ours_in.close()
        self._ours_out.close()

    @property
    def pid(self) -> int:
        """Its number."""
        assert self._child.pid
        return self._child.pid

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it is over."""
        if self._child.exitcode is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill it."""
        self.send_signal(signal.SIGKILL)

    def wait(self, timeout: float | None = None) -> int:
        """Return how it ended, once it has."""
        self._child.join(timeout)
        if self._child.exitcode is None:
            raise subprocess.TimeoutExpired("worker", timeout or 0)
        return self._child.exitcode


class Forked(Script):
    """A worker that was forked."""

    def begun(self, environment: dict[str, str]) -> Any:
        """Fork the process."""
        return Process(self.folder, self._mode, environment)


def _main(folder: Path, mode: tuple[str, ...], environment: dict[str, str], given: Connection, said: Connection) -> None:
    """Become the worker's script, as if started by itself."""
    with (folder / "log").open("a") as log:
        for ours, theirs in ((0, given.fileno()), (1, said.fileno()), (2, log.fileno())):
            os.dup2(theirs, ours)
    given.close()
    said.close()
    sys.stdin, sys.stdout, sys.stderr = os.fdopen(0), os.fdopen(1, "w"), os.fdopen(2, "w", buffering=1)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = [str(SCRIPT), str(folder), *mode]
    runpy.run_path(str(SCRIPT), run_name="__main__")
