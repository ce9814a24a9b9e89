"""Runs what a package's author wrote, in a process group of its own, with a limit on its time and on what is kept of its output."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Callable

from roadstead_agent.output import tail
from roadstead_agent.wire import OUTPUT_BYTES

GRACE_SECONDS = 10.0
TIMED_OUT = 124
_LEAVING_WORD = '/bin/sh -c "$0"; code=$?; echo "$code" > "$1"; exit "$code"'
_DRAIN_SECONDS, _STEP_SECONDS, _LOOK_SECONDS = 5.0, 0.005, 0.2


@dataclass(frozen=True)
class Ended:
    """How a command ended. `cause` is empty when it ended by itself."""

    exit_code: int
    output: str
    cause: str = ""


class Heard:
    """The end of what a command said; whatever says more after it ended goes to the machine's console."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = pipe
        self._lock = threading.Lock()
        self._text = b""
        self._fresh = b""
        self._over = self._closed = False
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        while True:
            select.select([self._pipe], [], [])
            # Held while it is read and kept: whoever holds it sees either in the pipe or kept what was said.
            with self._lock:
                piece = os.read(self._pipe.fileno(), 65536)
                if not piece:
                    self._closed = True
                    self._pipe.close()
                    return
                if not self._over:
                    self._text = (self._text + piece)[-2 * OUTPUT_BYTES :]
                    self._fresh = (self._fresh + piece)[-OUTPUT_BYTES:]
                    continue
            with suppress(OSError, ValueError):
                sys.stdout.buffer.write(piece)
                sys.stdout.buffer.flush()

    def fresh(self) -> str:
        """Return what was said since the last call, whole lines only."""
        with self._lock:
            whole, newline, rest = self._fresh.rpartition(b"\n")
            self._fresh = rest if newline else self._fresh
            return (whole + newline).decode(errors="replace")

    def end(self) -> str:
        """Return the end of all that was said: until the pipe closed, or was empty while a child that goes on holds it open."""
        end = time.monotonic() + _DRAIN_SECONDS
        while time.monotonic() < end and self._more():
            self._thread.join(_STEP_SECONDS)
        with self._lock:
            self._over = True
            return tail(self._text.decode(errors="replace").replace("\0", ""))

    def _more(self) -> bool:
        with self._lock:
            return not self._closed and bool(select.select([self._pipe], [], [], 0)[0])


def run(
    command: str,
    *,
    seconds: float,
    begun: Callable[[int], object],
    said: Callable[[str], object],
    stopped: Callable[[], bool],
    word: Path | None = None,
) -> Ended:
    """Run a text with the shell. `begun` is told its process group, `said` what it says, `stopped` says when it is to end early.

    The exit code goes into the file `word` too, which the shell itself writes: it does when nobody is there to see the end.
    """
    shell = ["/bin/sh", "-c", command] if word is None else ["/bin/sh", "-c", _LEAVING_WORD, command, str(word)]
    process = subprocess.Popen(  # noqa: S603  # an author's text for the author's own machine is what this is for
        shell, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True, cwd="/"
    )
    begun(process.pid)
    assert process.stdout
    heard = Heard(process.stdout)
    cause = _watch(process, time.monotonic() + seconds, heard, said, stopped)
    if cause:
        end_group(process.pid, lambda: process.poll() is not None)
    code = process.wait()
    code = TIMED_OUT if cause == "timed_out" else code if code >= 0 else 128 - code
    return Ended(code, heard.end(), cause)


def _watch(process: subprocess.Popen[bytes], end: float, heard: Heard, said: Callable[[str], object], stopped: Callable[[], bool]) -> str:
    """Wait until the process ends; return why it must, if it doesn't by itself."""
    told = time.monotonic()
    while True:
        moment = time.monotonic()
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, min(_LOOK_SECONDS, end - moment)))
            return ""
        if stopped():
            return "withdrawn"
        if time.monotonic() >= end:
            return "timed_out"
        if time.monotonic() - told >= 1:
            told = time.monotonic()
            said(heard.fresh())


def end_group(group: int, gone: Callable[[], bool]) -> None:
    """End a process group: ask it, wait ten seconds, and then don't ask."""
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGTERM)
        end = time.monotonic() + GRACE_SECONDS
        while time.monotonic() < end and (not gone() or _alive(group)):
            time.sleep(0.05)
        os.killpg(group, signal.SIGKILL)


def _alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
