"""Who may run the jobs of a data folder: the one process that holds its lock.

There is no giving back: a step may outlive the worker by a while, and the lock goes with the process, however that ends.
"""

import fcntl
import os
from pathlib import Path

from roadstead.jobs.errors import FolderInUse


def hold_folder(folder: Path) -> None:
    """Hold a data folder until this process ends, or raise `FolderInUse` with the number of the process that does."""
    # A record lock, not flock: a subprocess that outlives us would keep that one.
    file = os.open(folder / "engine.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        holder = os.pread(file, 20, 0).decode() or "?"
        os.close(file)
        raise FolderInUse(process=holder, folder=folder) from error
    # The file stays open: closing it would give the lock back.
    os.ftruncate(file, 0)
    os.pwrite(file, str(os.getpid()).encode(), 0)
