"""The processes of a machine that is a container of the tests' own engine, as this machine's kernel numbers them."""

import os
import signal
from contextlib import suppress
from pathlib import Path

from tests.testbeds.groups import groups


def kill(engine: str, container: str, *, first: bool) -> bool:
    """`kill -9` a container's first process, or the agent below it; False if there is none."""
    for pid in _processes(engine, container):
        with suppress(OSError):
            if _is(pid, first=first):
                os.kill(pid, signal.SIGKILL)
                return True
    return False


def _processes(engine: str, container: str) -> list[int]:
    for group in groups(engine):
        with suppress(OSError):
            return [int(pid) for pid in (group / container / "cgroup.procs").read_text().split()]
    return []


def _is(pid: int, *, first: bool) -> bool:
    """Whether this is the process that is wanted: both run the same program, and only one is the first."""
    words = Path(f"/proc/{pid}/cmdline").read_bytes()
    status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines() if ":" in line)
    inner = int(status["NSpid"].split()[-1])
    if b"agent.pyz" not in words:
        return False
    return inner == 1 if first else inner != 1 and int(status["Threads"]) > 1
