"""What `roadstead up` takes with a full store: seconds until it is ready, and memory when nobody wants anything."""

import re
import statistics
import time
from pathlib import Path

from bench.client import Client
from bench.installation import APPS, filled, server

STARTS = 3
IDLE_SECONDS = 10
TARGET_SECONDS, TARGET_MIB = 3.0, 220


def resident(process: int) -> float:
    """Return a process's memory in MiB."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024


def once() -> tuple[float, float, float]:
    """Start once; return seconds until ready, MiB after the first page, MiB after the idle time."""
    with server(filled()) as running:
        Client(running.port).get("/")
        after_page = resident(running.process)
        time.sleep(IDLE_SECONDS)
        return running.started, after_page, resident(running.process)


def main() -> None:
    """Print the table."""
    print(f"{f'{STARTS} starts with {APPS:,} apps':30}{'min':>7}{'median':>8}{'max':>7}{'target':>10}")
    seconds, page, idle = zip(*(once() for _ in range(STARTS)), strict=True)
    rows = (
        ("start to /readyz, s", seconds, TARGET_SECONDS, 2),
        ("memory after a page, MiB", page, TARGET_MIB, 0),
        (f"memory {IDLE_SECONDS} s later, MiB", idle, TARGET_MIB, 0),
    )
    for name, figures, target, digits in rows:
        middle = statistics.median(figures)
        cells = f"{min(figures):7.{digits}f}{middle:8.{digits}f}{max(figures):7.{digits}f}{target:10}"
        print(f"{name:30}{cells}  {'met' if middle <= target else 'MISSED'}")


if __name__ == "__main__":
    main()
