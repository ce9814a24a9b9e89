"""The kernel's groups of processes, by the name of the testbed that they belong to."""

import contextlib
import os
import time
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")
SECONDS = 20


def groups(name: str) -> list[Path]:
    """Return where the groups of that name are, or would be: one under every controller, or one for all."""
    if (ROOT / "cgroup.controllers").exists():
        return [ROOT / name]
    return [root / name for root in ROOT.iterdir() if root.is_dir() and not root.is_symlink()]


def remove(name: str) -> None:
    """Take the groups away with all below them; nobody may be in them any more, but the kernel needs a moment to notice."""
    deadline = time.monotonic() + SECONDS
    while any(group.exists() for group in groups(name)) and time.monotonic() < deadline:
        for group in groups(name):
            _remove(group)
        time.sleep(0.05)


def _remove(group: Path) -> None:
    for below, _folders, _files in os.walk(group, topdown=False):
        with contextlib.suppress(OSError):
            Path(below).rmdir()
