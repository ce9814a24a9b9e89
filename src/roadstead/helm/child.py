"""The throw-away process: binds itself, makes itself ready, reads one request from standard input, does it, writes lines of JSON, ends.

Standard input stays open for as long as the parent lives; its end means that the parent is gone, and then so is this process, together
with its private folder (which holds a copy of the kubeconfig). A SIGKILL tied to the parent's death would leave that folder behind.

Every rendering starts one, so what is imported here, and by what this imports, is weighed: half of a start was imports that nobody used.
"""

import importlib
import json
import logging
import os
import select
import sys
import threading
from typing import Any, BinaryIO, NoReturn

from roadstead.helm import isolation
from roadstead.helm.failures import shortened

EXIT_MEMORY = 77
# So long a process that is ready waits for its request.
PATIENCE_SECONDS = 600.0
_WATCH_SECONDS = 0.05


class _Lines(logging.Handler):
    """Writes answers and Helm's own log lines as JSON, one a line."""

    def __init__(self, out: BinaryIO) -> None:
        super().__init__()
        self._out = out
        self._turn = threading.Lock()

    def send(self, kind: str, content: object) -> None:
        """Write one line; Helm logs from threads of its own."""
        with self._turn:
            self._out.write(json.dumps({kind: content}).encode() + b"\n")
            self._out.flush()

    def emit(self, record: logging.LogRecord) -> None:
        """Pass a line of Helm's log on."""
        self.send("progress", shortened(record.getMessage()))


def main() -> None:
    """Serve one request."""
    binding = json.loads(sys.stdin.buffer.readline())
    lines = _Lines(os.fdopen(os.dup(1), "wb"))
    os.dup2(2, 1)  # nothing else may write where the parent reads
    isolation.set_limits(memory_mib=binding["memory_mib"])
    isolated = isolation.cut_network() if binding["offline"] else False
    # Helm's library is loaded after this process is bound: it starts threads, and the network can only be cut while there is one.
    calls = importlib.import_module("roadstead.helm.command" if binding["command"] else "roadstead.helm.calls")
    request = _request()
    isolation.limit_processor(request["cpu_seconds"])
    threading.Thread(target=_watch, args=(binding["memory_mib"],), daemon=True).start()
    answer = calls.perform(request, lines)
    answer["network_isolated"] = isolated
    lines.send("answer", answer)
    os._exit(0)  # Go's threads have nothing left to say


def _request() -> dict[str, Any]:
    """Wait for the request; who gets none in time, or has lost its parent, leaves."""
    patience = threading.Timer(PATIENCE_SECONDS, _leave)
    patience.daemon = True
    patience.start()
    line = sys.stdin.buffer.readline()
    patience.cancel()
    if not line:
        _leave()
    request: dict[str, Any] = json.loads(line)
    return request


def _watch(memory_mib: int) -> None:
    """End this process with its parent, or when it and what it started grow too large (the limit on data does not hold everywhere)."""
    while True:
        readable, _, _ = select.select([0], [], [], _WATCH_SECONDS)
        if readable and not os.read(0, 1):
            _leave()
        if isolation.resident_mib() > memory_mib:
            isolation.kill_children()
            os._exit(EXIT_MEMORY)


def _leave() -> NoReturn:
    """End, and leave nothing behind."""
    isolation.kill_children()
    importlib.import_module("shutil").rmtree(os.environ["TMPDIR"], ignore_errors=True)
    os._exit(0)
