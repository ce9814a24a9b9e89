"""The metadata service of a node, on its own loopback: `GET /self/…` in text, JSON or YAML, with long polls.

It speaks as the format family's service does. It listens where only the node's own programs reach it, reads and never writes.
"""

from __future__ import annotations

import itertools
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from roadstead_agent.metadata import Metadata
from roadstead_agent.rendering import listing, nested, to_json, to_yaml

LONGEST_WAIT = 300.0
IDLE_SECONDS = 60.0
TEXT, JSON, YAML = "text/plain", "application/json", "application/yaml"
TYPES = {TEXT: TEXT, JSON: JSON, YAML: YAML, "application/x-yaml": YAML, "text/yaml": YAML, "text/x-yaml": YAML}


class Service(ThreadingHTTPServer):
    """The service; `server_port` says where."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, metadata: Metadata, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Request)
        self.metadata = metadata
        self.numbers = itertools.count(1)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Leave clients that hang up alone."""

    def stop(self) -> None:
        """End the service."""
        self.shutdown()
        self.server_close()


def serve(metadata: Metadata, port: int) -> Service:
    """Serve a node's metadata on its loopback, in threads of its own; port 0 takes a free one."""
    service = Service(metadata, port)
    threading.Thread(target=service.serve_forever, name="selfview", daemon=True).start()
    return service


def chosen(accept: str) -> str:
    """Return the type to answer in: the first of those that the client likes best; text when it names none of ours."""
    best, weight = TEXT, 0.0
    for part in accept.split(","):
        name, *parameters = (word.strip().lower() for word in part.split(";"))
        said = next((word[2:] for word in parameters if word.startswith("q=")), "1")
        try:
            liked = float(said)
        except ValueError:
            liked = 0.0
        if name in TYPES and liked > weight:
            best, weight = TYPES[name], liked
    return best


class _Request(BaseHTTPRequestHandler):
    """One connection."""

    server: Service
    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    wants: dict[str, str] = {}

    def do_GET(self) -> None:
        """Answer with a value or a tree."""
        # A program of the node that fetches what strangers ask it to passes this on with the request: it is no reader of ours.
        if self.headers.get("X-Forwarded-For") or self.headers.get("Forwarded"):
            self._answer(HTTPStatus.FORBIDDEN, {"code": 403, "message": "Forwarded requests are not answered", "type": "ERROR"})
            return
        address = urlsplit(self.path)
        path = "/" + unquote(address.path).strip("/")
        self.wants = {name: values[-1] for name, values in parse_qs(address.query).items()}
        if self.wants.get("wait", "").lower() == "true" and not self._awaited(path):
            self._answer(HTTPStatus.NOT_MODIFIED, None)
            return
        version, values = self.server.metadata.below(path)
        if not version:
            self._answer(HTTPStatus.SERVICE_UNAVAILABLE, {"code": 503, "message": "Metadata has not been read yet", "type": "ERROR"})
        elif not values:
            self._answer(HTTPStatus.NOT_FOUND, {"code": 404, "message": "Not found", "type": "ERROR"}, version)
        elif chosen(self.headers.get("Accept", "")) == TEXT:
            self._send(HTTPStatus.OK, TEXT, listing(values, path), version)
        else:
            self._answer(HTTPStatus.OK, nested(values, path), version)

    def do_HEAD(self) -> None:
        """Answer without the value."""
        self.do_GET()

    def _awaited(self, path: str) -> bool:
        """Wait for something newer than what the client has; without a version, than what is there now."""
        metadata = self.server.metadata
        try:
            version = int(self.wants.get("prev_version", "0"))
        except ValueError:
            version = -1
        return metadata.wait(version or metadata.version, LONGEST_WAIT, (path,))

    def _answer(self, status: HTTPStatus, content: Any, version: int | None = None) -> None:
        kind = chosen(self.headers.get("Accept", ""))
        if content is None:
            self._send(status, kind, "", version)
        elif kind == TEXT:
            self._send(status, kind, f"{content['message']}\n", version)
        else:
            pretty = self.wants.get("pretty", "false") != "false"
            self._send(status, kind, to_json(content, pretty=pretty) if kind == JSON else to_yaml(content), version)

    def _send(self, status: HTTPStatus, kind: str, text: str, version: int | None = None) -> None:
        body = text.encode("utf-8", "replace")
        said = str(self.server.metadata.version if version is None else version)
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        if status is not HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Metad-RequestID", f"REQ-{next(self.server.numbers)}")
        # Readers of two generations look for the version under two names.
        self.send_header("X-Metad-Version", said)
        self.send_header("X-Metad-OpVersion", said)
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD" and status is not HTTPStatus.NOT_MODIFIED:
            self.wfile.write(body)

    def version_string(self) -> str:
        """Say no more than what it is."""
        return "roadstead-agent"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # its parent's name
        """Say nothing: paths are many, and values are secrets."""
