"""What an agent asks of the machine's kernel."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from pathlib import Path

from roadstead_agent.shell import end_group


def since(process: int) -> str:
    """Return when a process began, by the machine's own count, with the boot that it counts from; nothing if it is gone."""
    with suppress(OSError, IndexError):
        words = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        return f"{Path('/proc/sys/kernel/random/boot_id').read_text().strip()} {words[19]}"
    return ""


def end_left_over(group: int, begun: str, life: str) -> None:
    """End what an agent before this one left running on the same start of the machine, if it is still that very process group."""
    if group > 1 and begun and life == machine_life() and since(group) in (begun, ""):
        end_group(group, lambda: not since(group))


def machine_life() -> str:
    """Return what names this start of the machine: its first process, which is our parent."""
    return since(os.getppid())


def own_address() -> str:
    """Return this machine's address in its network."""
    with suppress(OSError):
        address = socket.gethostbyname(socket.gethostname())
        if not address.startswith("127."):
            return address
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        # Nothing is sent: the kernel only says from where it would be.
        probe.connect(("192.0.2.1", 9))
        return str(probe.getsockname()[0])
    return "127.0.0.1"


def resident_kib() -> int:
    """Return how much memory this process has."""
    with suppress(OSError, IndexError, ValueError):
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024
    return 0
