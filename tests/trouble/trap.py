"""A trap on the way to the engine: before a call of some kind is passed on, something else happens."""

import re
import select
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingUnixStreamServer

MACHINE_MADE = rb"POST /v[\d.]+/containers/create\?name=cl-"
FRONTGATE_MADE = rb"POST /v[\d.]+/containers/create\?name=\w+-\w+_frontgate"
STARTED = rb"POST /v[\d.]+/containers/\w+/start"
DISK_DELETED = rb"DELETE /v[\d.]+/volumes/"
_PIECE = 65_536


class Trap(ThreadingUnixStreamServer):
    """What stands where the engine was asked; the engine itself is asked `behind` it. `sprung` counts."""

    daemon_threads = True

    def __init__(self, path: Path, behind: Path, call: bytes, act: Callable[[], object], times: int) -> None:
        self.behind, self.sprung = behind, 0
        self._call, self._act, self._times = call, act, times
        self._turn = threading.Lock()
        super().__init__(str(path), _Way)

    def look(self, said: bytes) -> None:
        """Act before a call that is waited for, the first few times."""
        if re.match(self._call, said):
            with self._turn:
                if self.sprung < self._times:
                    self.sprung += 1
                    self._act()


class _Way(BaseRequestHandler):
    """Passes on what is said on one connection, both ways."""

    server: Trap

    def handle(self) -> None:
        """Until one of the two has no more to say."""
        with suppress(OSError), socket.socket(socket.AF_UNIX) as engine:
            engine.connect(str(self.server.behind))
            other = {self.request: engine, engine: self.request}
            while True:
                for end in select.select(list(other), [], [])[0]:
                    said = end.recv(_PIECE)
                    if not said:
                        return
                    if end is self.request:
                        self.server.look(said)
                    other[end].sendall(said)


@contextmanager
def trapped(path: Path, call: bytes, act: Callable[[], object], times: int = 1) -> Iterator[Trap]:
    """Have a trap before the engine's socket. An engine that was started anew meanwhile has a socket of its own again."""
    behind = path.with_suffix(".behind")
    path.rename(behind)
    with Trap(path, behind, call, act, times) as trap:
        ours = path.stat().st_ino
        threading.Thread(target=trap.serve_forever, daemon=True).start()
        try:
            yield trap
        finally:
            trap.shutdown()
            if path.exists() and path.stat().st_ino == ours:
                behind.rename(path)
            else:
                behind.unlink(missing_ok=True)
