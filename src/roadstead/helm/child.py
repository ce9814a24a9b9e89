"""The throw-away process: reads one request from standard input, does it, writes lines of JSON, ends.

Standard input stays open for as long as the parent lives; its end means that the parent is gone, and then so is this process, together
with its private folder (which holds a copy of the kubeconfig). A SIGKILL tied to the parent's death would leave that folder behind.
"""

import importlib
import json
import logging
import os
import select
import shutil
import sys
import threading
from typing import BinaryIO

from roadstead.helm import isolation
from roadstead.helm.failures import shortened

EXIT_MEMORY = 77
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
    request = json.loads(sys.stdin.buffer.readline())
    lines = _Lines(os.fdopen(os.dup(1), "wb"))
    os.dup2(2, 1)  # nothing else may write where the parent reads
    isolation.set_limits(memory_mib=request["memory_mib"], cpu_seconds=request["cpu_seconds"])
    isolated = isolation.cut_network() if request["offline"] else False
    threading.Thread(target=_watch, args=(request["memory_mib"],), daemon=True).start()
    # Helm's library is loaded after this process is bound: it starts threads, and the network can only be cut while there is one.
    answer = importlib.import_module("roadstead.helm.calls").perform(request, lines)
    answer["network_isolated"] = isolated
    lines.send("answer", answer)
    os._exit(0)  # Go's threads have nothing left to say


def _watch(memory_mib: int) -> None:
    """End this process with its parent, or when it grows too large (the limit on data does not hold everywhere)."""
    while True:
        readable, _, _ = select.select([0], [], [], _WATCH_SECONDS)
        if readable and not os.read(0, 1):
            shutil.rmtree(os.environ["TMPDIR"], ignore_errors=True)
            os._exit(0)
        if isolation.resident_mib() > memory_mib:
            os._exit(EXIT_MEMORY)
