"""The client of the benchmarks: one open connection and as little work as it can, for it shares the processor with the server."""

import json
import re
import socket
from typing import Any

LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
PIECE = 65_536
GOOD = {b"200", b"201", b"202", b"204", b"304"}


class Unexpected(Exception):
    """The server answered with something else than the page."""


class Client:
    """One connection; raises `OSError` where nobody listens."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)

    def get(self, path: str, header: str = "") -> tuple[bytes, bytes]:
        """Return head and body of an answer; every answer of ours says how long it is."""
        self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{header}\r\n".encode())
        return self._received(path)

    def _received(self, path: str) -> tuple[bytes, bytes]:
        received = self._more()
        while b"\r\n\r\n" not in received:
            received += self._more()
        head, _, body = received.partition(b"\r\n\r\n")
        if head[9:12] not in GOOD:
            raise Unexpected(f"{path}: {head.splitlines()[0].decode()} {body[:300].decode(errors='replace')}")
        length = LENGTH.search(head)
        while length and len(body) < int(length[1]):
            body += self._more()
        return head, body

    def json(self, path: str, header: str = "") -> Any:
        """Return an answer of the API."""
        return json.loads(self.get(path, header)[1])

    def post(self, path: str, header: str, body: bytes = b"{}", kind: str = "application/json") -> Any:
        """Send something to the API and return its answer."""
        head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\n{header}Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        self.socket.sendall(head.encode() + body)
        return json.loads(self._received(path)[1])

    def delete(self, path: str, header: str) -> None:
        """Have something taken away."""
        self.socket.sendall(f"DELETE {path} HTTP/1.1\r\nHost: localhost\r\n{header}\r\n".encode())
        self._received(path)

    def _more(self) -> bytes:
        received = self.socket.recv(PIECE)
        if not received:
            raise ConnectionResetError
        return received
