"""Starts a throw-away process, speaks with it, and makes sure that it ends: the only place that spawns Helm."""

import atexit
import contextlib
import importlib.util
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import roadstead
from roadstead.helm.child import EXIT_MEMORY, PATIENCE_SECONDS
from roadstead.helm.failures import is_memory
from roadstead.helm.seam import HelmFailure, Progress

MIB = 1024 * 1024
# -I ignores the environment and the current folder, -S what is installed; the places of our package and of Helm's library are named
# instead. Our packages stand for their folders only: the child has no use for what they import.
_BOOT = """
import sys, types
root, library = sys.argv[1:]
sys.path.append(library)
for name in ("roadstead", "roadstead.helm"):
    package = sys.modules[name] = types.ModuleType(name)
    package.__path__ = ["/".join((root, *name.split(".")))]
from roadstead.helm.child import main
main()
"""
_ROOT = str(Path(roadstead.__file__).parents[1])
_MAX_LINE = 64 * MIB
_HEAD_BYTES = 4_000
# A spare that waited longer may be about to leave.
_FRESH_SECONDS = PATIENCE_SECONDS - 30


@dataclass(frozen=True)
class Bounds:
    """What one process may use. 512 MiB of data leave Go some 370; a chart of ordinary size needs 70 resident."""

    memory_mib: int = 512
    output_bytes: int = 8 * MIB


class _Child:
    """A throw-away process in a private folder. It binds itself, makes itself ready and waits for the one request that it will serve."""

    def __init__(self, binding: Mapping[str, Any]) -> None:
        self.binding = binding
        self.born = time.monotonic()
        self._folder = tempfile.TemporaryDirectory(prefix="roadstead-helm-", ignore_cleanup_errors=True)
        self.folder = Path(self._folder.name)
        self.stderr = self.folder / "stderr"
        with self.stderr.open("wb") as errors:
            self.process = subprocess.Popen(  # noqa: S603 - our own interpreter, arguments as a list
                [sys.executable, "-I", "-S", "-c", _BOOT, _ROOT, _library()],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                cwd=self.folder,
                env=_environment(self._folder.name, rendering=binding["offline"]),
                start_new_session=True,
            )
        self.send(binding)

    def send(self, message: Mapping[str, Any]) -> None:
        """Write one line; a process that died meanwhile is found out when it is read from."""
        rest = memoryview(json.dumps(message).encode() + b"\n")
        with contextlib.suppress(BrokenPipeError):
            while rest and self.process.stdin:
                rest = rest[os.write(self.process.stdin.fileno(), rest) :]

    def kill(self) -> None:
        """Kill it with all that it started."""
        # Not reaped yet, so the number can't belong to anybody else.
        if self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def end(self) -> None:
        """Leave nothing of it."""
        self.kill()
        with self.process:
            pass
        self._folder.cleanup()


class _Spare:
    """A process that is ready for the next rendering, so that nobody waits for Helm to be loaded; each is used once."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._child: _Child | None = None

    def taken(self, binding: Mapping[str, Any]) -> _Child:
        """Return a process with this binding, waiting or new."""
        with self._turn:
            child, self._child = self._child, None
        if child and child.binding == binding and child.process.poll() is None and time.monotonic() - child.born < _FRESH_SECONDS:
            return child
        if child:
            child.end()
        return _Child(binding)

    def refill(self, binding: Mapping[str, Any]) -> None:
        """Have one wait for the next."""
        with self._turn:
            if self._child is None:
                self._child = _Child(binding)

    def drop(self) -> None:
        """Keep none waiting."""
        with self._turn:
            child, self._child = self._child, None
        if child:
            child.end()


SPARE = _Spare()
atexit.register(SPARE.drop)


def run(
    request: Mapping[str, Any], *, chart: bytes = b"", deadline: float, bounds: Bounds, command: str = "", progress: Progress | None = None
) -> dict[str, Any]:
    """Do one call in a process of its own and return its answer; raises HelmFailure."""
    with _process({"memory_mib": bounds.memory_mib, "offline": request.get("offline", False), "command": command}) as child:
        archive = child.folder / "chart.tgz"
        archive.write_bytes(chart)
        message = {
            **request,
            "command": command,
            "chart": str(archive),
            "progress": progress is not None,
            "output_bytes": bounds.output_bytes,
            "cpu_seconds": int(deadline) * 2 + 5,
        }
        with _killed_after(deadline, child) as expired:
            child.send(message)
            answer = _answer(child, progress)
            if answer is None:
                # Dead, but not reaped: what it started is killed by its number.
                os.waitid(os.P_PID, child.process.pid, os.WEXITED | os.WNOWAIT)
                child.kill()
                child.process.wait()
        if answer is None:
            raise _silence(child, expired=expired.is_set())
    return _unwrapped(answer)


@contextlib.contextmanager
def _process(binding: dict[str, Any]) -> Iterator[_Child]:
    """Give a process, and see that it ends; where renderings happen, the next one will find one waiting."""
    child = SPARE.taken(binding) if binding["offline"] else _Child(binding)
    try:
        yield child
    finally:
        child.end()
        if binding["offline"]:
            SPARE.refill(binding)


@cache
def _library() -> str:
    """Return the folder that Helm's library is installed in; finding it doesn't load it."""
    found = importlib.util.find_spec("helm_python")
    return str(Path(found.origin).parents[1]) if found and found.origin else ""


def _environment(folder: str, *, rendering: bool) -> dict[str, str]:
    """Nothing of the server's: no home, no proxies, no kubeconfig, no service account.

    A rendering is over before collecting garbage would pay, and waits for nobody.
    """
    return {
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "HOME": folder,
        "TMPDIR": folder,
        **({"GOMAXPROCS": "1", "GOGC": "off"} if rendering else {"GOMAXPROCS": "2"}),
        "GOMEMLIMIT": "256MiB",
        "GOTRACEBACK": "none",
    }


@contextlib.contextmanager
def _killed_after(seconds: float, child: _Child) -> Iterator[threading.Event]:
    """Kill the process when the time is up, whatever either side is doing; the event says that it was."""
    expired = threading.Event()

    def expire() -> None:
        expired.set()
        child.kill()

    timer = threading.Timer(seconds, expire)
    timer.daemon = True
    timer.start()
    try:
        yield expired
    finally:
        timer.cancel()
        timer.join()


def _answer(child: _Child, progress: Progress | None) -> dict[str, Any] | None:
    """Pass progress on and return the answer, or None when the process ended without one."""
    if child.process.stdout is None:
        return None
    while (line := child.process.stdout.readline(_MAX_LINE)).endswith(b"\n"):  # else it was cut off in the middle
        message = json.loads(line)
        if "answer" in message:
            return dict(message["answer"])
        if progress:
            progress(message["progress"])
    return None


def _silence(child: _Child, *, expired: bool) -> HelmFailure:
    """Say why a process ended without an answer."""
    code = child.process.returncode
    # Go says why it gave up first, and then where.
    with child.stderr.open("rb") as errors:
        words = errors.read(_HEAD_BYTES).decode(errors="replace")
    if expired or code == -signal.SIGXCPU:
        return HelmFailure("timeout", "Helm did not finish in time and was stopped.")
    if code == EXIT_MEMORY or is_memory(words):
        return HelmFailure("memory", "Helm needed more memory than it may use and was stopped.")
    return HelmFailure("crashed", f"Helm's process ended with {code}: {words.strip()[:500]}")


def _unwrapped(answer: dict[str, Any]) -> dict[str, Any]:
    if failure := answer.get("failure"):
        raise HelmFailure(failure["kind"], failure["text"])
    return {**answer["result"], "network_isolated": answer["network_isolated"]}
