"""The processes of machines, as this machine's kernel numbers them: containers of the tests' own engine, or those of the hall."""

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


def marked(mark: str) -> list[int]:
    """Return the processes that have this very variable in their environment."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            # Of one that has ended and waits for its parent nothing can be read.
            if mark.encode() in (place / "environ").read_bytes().split(b"\0"):
                found.append(int(place.name))
    return found


def kill_marked(mark: str) -> bool:
    """`kill -9` them; False if there was none."""
    found = marked(mark)
    for pid in found:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return bool(found)


def kill_child(first: int, mark: str) -> bool:
    """`kill -9` the agent, which is what this first process began and runs the same program; False if there is none."""
    for pid in marked(mark):
        with suppress(OSError, IndexError):
            parent = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
            if parent == first and Path(f"/proc/{pid}/cmdline").read_bytes() == Path(f"/proc/{first}/cmdline").read_bytes():
                os.kill(pid, signal.SIGKILL)
                return True
    return False


def runs(pid: int, command: str) -> bool:
    """Whether a process runs this command."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[:-1] == [word.encode() for word in command.split()]
    return False
