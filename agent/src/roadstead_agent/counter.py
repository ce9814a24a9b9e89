"""The frontgate's counter, where its nodes ask: a small HTTP server, because Python's own costs more memory than all the rest here."""

from __future__ import annotations

import json
import socketserver
import threading
from typing import Any
from urllib.parse import parse_qs, urlsplit

from roadstead_agent import wire
from roadstead_agent.relay import PostBox, Relay

MOST_THREADS = 512
IDLE_SECONDS = 90
_LINE, _LINES = 8192, 50
_WORDS = {wire.OK: "OK", wire.NOTHING: "No Content"}


class BadRequest(Exception):
    """Nothing that a node says."""


class Counter(socketserver.ThreadingTCPServer):
    """Answers nodes on a port."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, port: int, relay: Relay, box: PostBox) -> None:
        self.relay = relay
        self.box = box
        self._places = threading.Semaphore(MOST_THREADS)
        # Threads that only wait need little.
        threading.stack_size(256 * 1024)
        super().__init__(("", port), _Node)

    def start(self) -> None:
        """Answer from now on."""
        threading.Thread(target=self.serve_forever, name="counter", daemon=True).start()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Give a connection a thread, if there is one left."""
        if self._places.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Answer a connection until it ends."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()


class _Node(socketserver.StreamRequestHandler):
    """One connection of a node."""

    server: Counter
    timeout = IDLE_SECONDS

    def handle(self) -> None:
        """Answer requests until the node hangs up or says what no node says."""
        try:
            while line := self.rfile.readline(_LINE):
                self._answer(*self._request(line))
        except (OSError, BadRequest, ValueError):
            return

    def _request(self, line: bytes) -> tuple[str, str, dict[str, str], bytes]:
        method, target, _version = line.decode("latin-1").split()
        headers: dict[str, str] = {}
        while (line := self.rfile.readline(_LINE)) not in (b"\r\n", b"\n", b""):
            name, colon, value = line.decode("latin-1").partition(":")
            if not colon or len(headers) >= _LINES:
                raise BadRequest
            headers[name.strip().lower()] = value.strip()
        length = int(headers.get("content-length", "0"))
        if not 0 <= length <= wire.MAX_BODY:
            raise BadRequest
        return method, target, headers, self.rfile.read(length)

    def _answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> None:
        path = urlsplit(target).path
        if method == "GET" and path == wire.PARCEL:
            self._parcel(parse_qs(urlsplit(target).query))
        elif method == "POST" and path in (wire.ENROL, wire.REPORT):
            answer = self.server.relay.passed_on(wire.Request.received(method, path, headers, body))
            self._send(answer.status, answer.headers(), answer.body)
        else:
            self._send(404, {}, b"")

    def _parcel(self, query: dict[str, list[str]]) -> None:
        agent, have = (query.get(name, [""])[0] for name in ("agent", "have"))
        parcel = self.server.box.wait_for(agent, have, wire.HOLD_SECONDS)
        self._send(wire.OK if parcel else wire.NOTHING, {}, json.dumps(parcel).encode() if parcel else b"")

    def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
        lines = [f"HTTP/1.1 {status} {_WORDS.get(status, 'No')}", *(f"{name}: {value}" for name, value in headers.items())]
        if status != wire.NOTHING:
            lines.append(f"content-length: {len(body)}")
        self.wfile.write("\r\n".join([*lines, "", ""]).encode("latin-1") + body)
