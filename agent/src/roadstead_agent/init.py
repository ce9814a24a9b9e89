"""The duties of a machine's first process: it starts what belongs to the machine, starts it again, buries the dead, and ends all on stop.

The agent itself is one of its children, so what runs on the machine outlives the agent, and so does this small program.
"""

from __future__ import annotations

import grp
import os
import pwd
import select
import signal
import sys
import time
from contextlib import suppress
from typing import Any, Callable

from roadstead_agent.console import say

FIRST_SECONDS, LONGEST_SECONDS, STEADY_SECONDS = 1.0, 60.0, 60.0
_PASSED_ON = (signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2, signal.SIGWINCH, signal.SIGQUIT)
_STOPS = (signal.SIGTERM, signal.SIGINT)
_HEARD = (signal.SIGCHLD, *_STOPS, *_PASSED_ON)


class Child:
    """A process that is kept running: begun again after it ended, later each time unless it had run for a while."""

    def __init__(self, name: str, begin: Callable[[], None]) -> None:
        self.name = name
        self.pid = 0
        self.due: float | None = 0.0
        self._begin = begin
        self._began = 0.0
        self._pause = FIRST_SECONDS

    def start(self) -> None:
        """Begin it in a session of its own."""
        sys.stdout.flush()
        self._began, self.due = time.monotonic(), None
        self.pid = os.fork()
        if self.pid == 0:
            _become(self._begin)

    def ended(self, status: int) -> None:
        """Note that it ended, and when to begin it again."""
        moment = time.monotonic()
        if moment - self._began >= STEADY_SECONDS:
            self._pause = FIRST_SECONDS
        say(f"{self.name} ended ({_how(status)}), again in {self._pause:.0f} s")
        self.pid, self.due = 0, moment + self._pause
        self._pause = min(2 * self._pause, LONGEST_SECONDS)


class Init:
    """Keeps children until it is told to stop."""

    def __init__(self, children: list[Child], *, stop_seconds: float) -> None:
        self._children = children
        self._stop_seconds = stop_seconds
        self._first = os.getpid() == 1

    def run(self) -> int:
        """Keep the children; return when all has ended after a stop."""
        heard = _hear()
        while True:
            for child in self._children:
                if child.due is not None and child.due <= time.monotonic():
                    child.start()
            select.select([heard], [], [], self._until_due())
            numbers = _read(heard)
            self._bury()
            if any(number in _STOPS for number in numbers):
                return self._stop()
            for number in numbers:
                if number in _PASSED_ON:
                    self._tell(self._children[-1:], number)

    def _until_due(self) -> float:
        dues = [child.due for child in self._children if child.due is not None]
        return max(0.0, min(dues) - time.monotonic()) if dues else LONGEST_SECONDS

    def _bury(self) -> bool:
        """Take leave of every process that has ended, ours or left to us; False when there is none left at all."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return False
            if pid == 0:
                return True
            for child in self._children:
                if child.pid == pid:
                    child.ended(status)

    def _stop(self) -> int:
        """Ask everything to end, wait, and then end it."""
        self._everybody(signal.SIGTERM)
        end = time.monotonic() + self._stop_seconds
        while self._bury() and time.monotonic() < end:
            time.sleep(0.02)
        self._everybody(signal.SIGKILL)
        return 0

    def _everybody(self, number: int) -> None:
        if self._first:
            with suppress(ProcessLookupError):
                os.kill(-1, number)
        else:
            self._tell(self._children, number)

    def _tell(self, children: list[Child], number: int) -> None:
        for child in children:
            if child.pid:
                with suppress(ProcessLookupError):
                    os.killpg(child.pid, number)


def image_command(image: dict[str, Any]) -> Callable[[], None]:
    """Return what becomes the image's own command, as the image's user, in its folder, with its environment."""

    def begin() -> None:
        environment = {**os.environ, **{str(name): str(value) for name, value in (image.get("environment") or {}).items()}}
        _as_user(str(image.get("user") or ""), environment)
        os.chdir(str(image.get("folder") or "/"))
        command = [str(word) for word in image["command"]]
        os.execvpe(command[0], command, environment)  # noqa: S606  # the image's own command, word by word, without a shell

    return begin


def user_of(said: str) -> tuple[int, int, str]:
    """Return user, group and name for what an image calls its user: names or numbers, with a group or without."""
    who, _, group = said.partition(":")
    try:
        known = pwd.getpwuid(int(who)) if who.isdecimal() else pwd.getpwnam(who)
    except KeyError:
        if not who.isdecimal():
            raise
        known = None
    uid = known.pw_uid if known else int(who)
    gid = known.pw_gid if known else 0
    if group:
        gid = int(group) if group.isdecimal() else grp.getgrnam(group).gr_gid
    return uid, gid, known.pw_name if known else ""


def _as_user(said: str, environment: dict[str, str]) -> None:
    """Become the user that the image names; nobody named is root."""
    if not said:
        return
    uid, gid, name = user_of(said)
    if os.geteuid() == 0:
        os.initgroups(name, gid) if name else os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    if name:
        environment["HOME"] = pwd.getpwnam(name).pw_dir


def _become(begin: Callable[[], None]) -> None:
    """Be the child, from the fork on; never returns."""
    try:
        signal.set_wakeup_fd(-1)
        for number in _HEARD:
            signal.signal(number, signal.SIG_DFL)
        os.setsid()
        begin()
        os._exit(0)
    except BaseException as error:  # noqa: BLE001  # nothing of the child may reach the parent's code
        say(f"cannot begin: {type(error).__name__}: {error}")
        os._exit(127)


def _hear() -> int:
    """Have signals written to a pipe; return its end to read."""
    reading, writing = os.pipe()
    for end in (reading, writing):
        os.set_blocking(end, False)
        os.set_inheritable(end, False)
    signal.set_wakeup_fd(writing)
    for number in _HEARD:
        signal.signal(number, lambda *_: None)
    return reading


def _read(heard: int) -> bytes:
    try:
        return os.read(heard, 512)
    except BlockingIOError:
        return b""


def _how(status: int) -> str:
    return f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else f"code {os.WEXITSTATUS(status)}"
