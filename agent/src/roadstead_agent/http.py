"""Requests over TCP, TLS or a Unix socket; every one has a deadline."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from urllib.parse import urlsplit

from roadstead_agent import wire

CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 30.0


class Away(Exception):
    """Nobody answered, or nothing that makes sense."""


class _UnixConnection(http.client.HTTPConnection):
    """HTTP through a socket in a folder."""

    def __init__(self, path: str) -> None:
        super().__init__("platform", timeout=CONNECT_SECONDS)
        self._path = path

    def connect(self) -> None:
        """Open the socket."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


class Line:
    """One connection to one place, kept as long as it holds; one request at a time."""

    def __init__(self, place: str, ca: str = "") -> None:
        self._place = place
        self._ca = ca
        self._lock = threading.Lock()
        self._open: http.client.HTTPConnection | None = None

    def post(self, request: wire.Request, seconds: float = ANSWER_SECONDS) -> wire.Answer:
        """Send a request and return its answer; raises `Away`."""
        headers = {**request.headers(), "content-type": "application/octet-stream"}
        status, said, body = self.ask("POST", request.path, request.body, headers, seconds)
        return wire.Answer.received(status, said, body)

    def ask(self, method: str, path: str, body: bytes, headers: dict[str, str], seconds: float) -> tuple[int, dict[str, str], bytes]:
        """Send anything; raises `Away`."""
        with self._lock:
            kept = self._open is not None
            try:
                return self._ask(method, path, body, headers, seconds)
            except (OSError, http.client.HTTPException) as error:
                self._hang_up()
                # One that was kept may have been closed meanwhile, before it took anything.
                if not kept or not isinstance(error, (http.client.RemoteDisconnected, BrokenPipeError)):
                    raise Away(f"{type(error).__name__}: {error}") from error
            try:
                return self._ask(method, path, body, headers, seconds)
            except (OSError, http.client.HTTPException) as error:
                self._hang_up()
                raise Away(f"{type(error).__name__}: {error}") from error

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str], seconds: float) -> tuple[int, dict[str, str], bytes]:
        if self._open is None:
            self._open = self._connection()
            self._open.connect()
        self._open.sock.settimeout(seconds)
        self._open.request(method, path, body, headers)
        answer = self._open.getresponse()
        content = answer.read(wire.MAX_ANSWER)
        if answer.read(1):
            raise http.client.HTTPException("answer too large")
        if answer.will_close:
            self._hang_up()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, content

    def _connection(self) -> http.client.HTTPConnection:
        if self._place.startswith("/"):
            return _UnixConnection(self._place)
        parts = urlsplit(self._place)
        if parts.scheme == "https":
            context = ssl.create_default_context(cadata=self._ca or None)
            return http.client.HTTPSConnection(parts.netloc, timeout=CONNECT_SECONDS, context=context)
        return http.client.HTTPConnection(parts.netloc, timeout=CONNECT_SECONDS)

    def close(self) -> None:
        """Hang up."""
        with self._lock:
            self._hang_up()

    def _hang_up(self) -> None:
        if self._open:
            self._open.close()
        self._open = None
