"""A way from a build on the tests' engine to this machine's own source of Debian's packages, and to nothing else.

What was fetched is kept: packages never change, and of a list an old copy does when the source doesn't answer.
"""

import hashlib
import tempfile
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from tests.testbeds.debian import mirror
from tests.testbeds.kubernetes.build import cache

SECONDS = 60


class _Relay(BaseHTTPRequestHandler):
    """Passes on what apt asks a proxy for."""

    protocol_version = "HTTP/1.1"
    source = ""

    def do_GET(self) -> None:
        if urlsplit(self.path).netloc != self.source:
            self._answer(403, b"")
            return
        kept = cache() / "relay" / hashlib.sha256(self.path.encode()).hexdigest()
        if self.path.endswith(".deb") and kept.exists():
            self._answer(200, kept.read_bytes())
            return
        try:
            with urllib.request.urlopen(self.path, timeout=SECONDS) as answer:
                content = answer.read()
        except urllib.error.HTTPError as refusal:
            self._answer(refusal.code, b"")
        except OSError:
            self._answer(200 if kept.exists() else 502, kept.read_bytes() if kept.exists() else b"")
        else:
            keep(kept, content)
            self._answer(200, content)

    def _answer(self, status: int, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *words: object) -> None:  # noqa: A002  # the base class names it
        """Write nothing."""


def keep(file: Path, content: bytes) -> None:
    """Write a file whole, whoever else does so at this moment."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as half:
        half.write(content)
    Path(half.name).replace(file)


@contextmanager
def relay(address: str) -> Iterator[str]:
    """Have one at an address of this machine that only the tests' engine leads to; gives what apt calls its proxy."""
    handler = type("Relay", (_Relay,), {"source": urlsplit(mirror()).netloc})
    with ThreadingHTTPServer((address, 0), handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://{address}:{server.server_port}"
        finally:
            server.shutdown()
