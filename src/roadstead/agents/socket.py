"""The door for frontgates on this machine: a Unix socket in a folder of its own, which is mounted into them and nothing else.

Whoever sees the folder may connect, since a frontgate's user is not ours; the folder above it lets nobody else through.
"""

import hashlib
import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

NAME = "platform.sock"
LONGEST = 107
"""Bytes of a path that fit into the address of a Unix socket."""


def relay_folder() -> Path:
    """Return the folder that holds the socket, the same at every start: in the data folder, or where paths are short."""
    folder: Path = settings.OPTIONS.data_dir / "agents" / "relay"
    if len(os.fsencode(folder / NAME)) <= LONGEST:
        return folder
    mark = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    return Path(tempfile.gettempdir(), f"roadstead-{os.geteuid()}-{mark}", "relay")


@contextmanager
def listening_for_agents() -> Iterator[socket.socket]:
    """Open the door; it is gone afterwards, unless another process has opened it since."""
    folder = relay_folder()
    _make(folder)
    path, aside = folder / NAME, folder / f".{os.getpid()}"
    aside.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
        door.bind(os.fsencode(aside))
        aside.chmod(0o666)
        ours = aside.stat().st_ino
        door.listen(512)
        aside.replace(path)
        try:
            yield door
        finally:
            with suppress(OSError):
                if path.stat().st_ino == ours:
                    path.unlink()


def _make(folder: Path) -> None:
    """Make the folders; the upper one is ours alone, whoever made it."""
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    known = folder.parent.lstat()
    if known.st_uid != os.geteuid():
        raise PermissionError(f"{folder.parent} belongs to somebody else")
    folder.parent.chmod(0o700)
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
