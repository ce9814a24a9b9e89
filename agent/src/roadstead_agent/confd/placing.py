"""Puts a rendered file in its place: whole or not at all, with the mode and owner that it shall have."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

DEFAULT_MODE = 0o644
# A file that is a mount of its own can't be replaced, only filled.
BUSY = frozenset({errno.EBUSY, errno.EXDEV})


@dataclass(frozen=True)
class Look:
    """A file's mode and owner."""

    mode: int
    uid: int
    gid: int


def wanted(dest: Path, mode: int | None, uid: int | None, gid: int | None) -> Look:
    """Return how a file shall look: as said, else with the mode that it has, and owned by who we are."""
    if mode is None:
        mode = stat.S_IMODE(dest.stat().st_mode) if dest.exists() else DEFAULT_MODE
    return Look(mode, os.geteuid() if uid is None else uid, os.getegid() if gid is None else gid)


def content_of(dest: Path) -> bytes | None:
    """Return what is there; None where nothing is."""
    try:
        return dest.read_bytes()
    except FileNotFoundError:
        return None


def stage(dest: Path, content: bytes, look: Look) -> Path:
    """Write the new content beside the file, for nobody else's eyes than the file's own readers."""
    handle, name = tempfile.mkstemp(prefix=f".{dest.name}.", dir=dest.parent)
    staged = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        dress(staged, look)
    except BaseException:
        staged.unlink(missing_ok=True)
        raise
    return staged


def dress(path: Path, look: Look) -> None:
    """Give a file its owner and mode, where it hasn't."""
    now = path.stat()
    if (now.st_uid, now.st_gid) != (look.uid, look.gid):
        os.chown(path, look.uid, look.gid)
    if stat.S_IMODE(now.st_mode) != look.mode:
        path.chmod(look.mode)


def put(staged: Path, dest: Path, look: Look) -> None:
    """Put a staged file in the place of another."""
    try:
        staged.replace(dest)
    except OSError as problem:
        if problem.errno not in BUSY:
            raise
        content = staged.read_bytes()
        with dest.open("r+b") as file:
            file.write(content)
            file.truncate()
        dress(dest, look)
