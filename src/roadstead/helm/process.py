"""Starts a throw-away process, speaks with it, and makes sure that it ends: the only place that spawns Helm."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import roadstead
from roadstead.helm.child import EXIT_MEMORY
from roadstead.helm.seam import HelmFailure, Progress

MIB = 1024 * 1024
# -I ignores the environment and the current folder; the package's own place is named instead.
_BOOT = "import sys; sys.path.append(sys.argv.pop()); from roadstead.helm.child import main; main()"
_ROOT = str(Path(roadstead.__file__).parents[1])
_MAX_LINE = 64 * MIB
_HEAD_BYTES = 4_000
_MEMORY_WORDS = ("out of memory", "cannot allocate memory", "pthread_create failed", "MemoryError")


@dataclass(frozen=True)
class Bounds:
    """What one process may use. 512 MiB of data leave Go some 370; a chart of ordinary size needs 70 resident."""

    memory_mib: int = 512
    output_bytes: int = 8 * MIB


def run(
    request: Mapping[str, Any], *, chart: bytes = b"", deadline: float, bounds: Bounds, progress: Progress | None = None
) -> dict[str, Any]:
    """Do one call in a process of its own and return its answer; raises HelmFailure."""
    with tempfile.TemporaryDirectory(prefix="roadstead-helm-", ignore_cleanup_errors=True) as folder:
        archive = Path(folder, "chart.tgz")
        archive.write_bytes(chart)
        message = {
            **request,
            "chart": str(archive),
            "progress": progress is not None,
            "memory_mib": bounds.memory_mib,
            "output_bytes": bounds.output_bytes,
            "cpu_seconds": int(deadline) * 2 + 5,
        }
        stderr = Path(folder, "stderr")
        with _spawned(folder, stderr) as process, _killed_after(deadline, process) as expired:
            answer = _converse(process, json.dumps(message).encode(), progress)
            if answer is None:
                process.wait()
        if answer is None:
            raise _silence(process.returncode, stderr, expired=expired.is_set())
    return _unwrapped(answer)


@contextlib.contextmanager
def _spawned(folder: str, stderr: Path) -> Iterator[subprocess.Popen[bytes]]:
    with stderr.open("wb") as errors:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter, arguments as a list
            [sys.executable, "-I", "-c", _BOOT, _ROOT],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            cwd=folder,
            env=_environment(folder),
            start_new_session=True,
        )
    with process:
        try:
            yield process
        finally:
            _kill(process)


def _environment(folder: str) -> dict[str, str]:
    """Nothing of the server's: no home, no proxies, no kubeconfig, no service account."""
    return {
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "HOME": folder,
        "TMPDIR": folder,
        "GOMAXPROCS": "2",
        "GOMEMLIMIT": "256MiB",
        "GOTRACEBACK": "none",
    }


@contextlib.contextmanager
def _killed_after(seconds: float, process: subprocess.Popen[bytes]) -> Iterator[threading.Event]:
    """Kill the process when the time is up, whatever either side is doing; the event says that it was."""
    expired = threading.Event()

    def expire() -> None:
        expired.set()
        _kill(process)

    timer = threading.Timer(seconds, expire)
    timer.daemon = True
    timer.start()
    try:
        yield expired
    finally:
        timer.cancel()
        timer.join()


def _kill(process: subprocess.Popen[bytes]) -> None:
    # Not reaped yet, so the number can't belong to anybody else.
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def _converse(process: subprocess.Popen[bytes], request: bytes, progress: Progress | None) -> dict[str, Any] | None:
    """Send the request, pass progress on, return the answer, or None when the process ended without one."""
    if process.stdin is None or process.stdout is None:
        return None
    _send(process.stdin.fileno(), request + b"\n")
    while (line := process.stdout.readline(_MAX_LINE)).endswith(b"\n"):  # else it was cut off in the middle
        message = json.loads(line)
        if "answer" in message:
            return dict(message["answer"])
        if progress:
            progress(message["progress"])
    return None


def _send(pipe: int, data: bytes) -> None:
    """Write everything; a process that died meanwhile is found out when it is read from."""
    rest = memoryview(data)
    with contextlib.suppress(BrokenPipeError):
        while rest:
            rest = rest[os.write(pipe, rest) :]


def _silence(code: int, stderr: Path, *, expired: bool) -> HelmFailure:
    """Say why a process ended without an answer."""
    # Go says why it gave up first, and then where.
    with stderr.open("rb") as errors:
        words = errors.read(_HEAD_BYTES).decode(errors="replace")
    if expired or code == -signal.SIGXCPU:
        return HelmFailure("timeout", "Helm did not finish in time and was stopped.")
    if code == EXIT_MEMORY or any(phrase in words for phrase in _MEMORY_WORDS):
        return HelmFailure("memory", "Helm needed more memory than it may use and was stopped.")
    return HelmFailure("crashed", f"Helm's process ended with {code}: {words.strip()[:500]}")


def _unwrapped(answer: dict[str, Any]) -> dict[str, Any]:
    if failure := answer.get("failure"):
        raise HelmFailure(failure["kind"], failure["text"])
    return {**answer["result"], "network_isolated": answer["network_isolated"]}
