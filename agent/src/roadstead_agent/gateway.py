"""Talks to etcd's JSON gateway over TLS: one connection kept open, a log-in that is repeated when etcd has forgotten it, and watches."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar
from urllib.parse import urlsplit

T = TypeVar("T")
SECONDS = 10.0
# What etcd says to a token of before a restart or a change of its users: logging in again is the cure.
STALE_LOGIN = ("invalid auth token", "revision of auth store is old", "user name is empty")
CUT = (http.client.RemoteDisconnected, http.client.CannotSendRequest, ConnectionResetError, BrokenPipeError, ssl.SSLEOFError)


class EtcdError(Exception):
    """Etcd doesn't do what it was asked; `status` is HTTP's, 0 when nobody answered."""

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class Unreachable(EtcdError):
    """Nobody answers, or not as etcd does."""


class HungUp(Unreachable):
    """The connection was closed where an answer was due."""


class Refused(EtcdError):
    """Etcd knows who asks, and they may not; or it knows no such user and password."""


class Gateway:
    """Calls of one user. Threads may share it: calls take turns, watches have connections of their own."""

    def __init__(self, url: str, user: str, password: str, ca_file: str) -> None:
        parts = urlsplit(url)
        if parts.scheme != "https" or not parts.hostname:
            raise ValueError(f"etcd is reached over https only, not at {url}")
        self._host, self._port = parts.hostname, parts.port or 2379
        self._user, self._password = user, password
        self._tls = ssl.create_default_context(cafile=ca_file)
        self._lock = threading.RLock()
        self._connection: http.client.HTTPSConnection | None = None
        self._token = ""
        self._watches: set[http.client.HTTPSConnection] = set()
        self._closed = False

    def call(self, name: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Call one method, such as `kv/range`. Raises `EtcdError`."""
        with self._lock:
            try:
                return self._call(name, body)
            except EtcdError as problem:
                if not self._user or not any(word in str(problem) for word in STALE_LOGIN):
                    raise
                self._token = ""
                return self._call(name, body)

    def stream(self, body: str, seconds: float) -> Iterator[dict[str, Any]]:
        """Yield what a watch says, for so long at most. It ends early when `interrupt` was called or etcd goes away."""
        connection = http.client.HTTPSConnection(self._host, self._port, timeout=min(SECONDS, seconds), context=self._tls)
        with self._lock:
            # Etcd lets a watch with a log-in of another life wait for ever, so each has a fresh one.
            self._token = ""
            headers = self._insisting(self._headers)
            if self._closed:
                return
            self._watches.add(connection)
        try:
            connection.request("POST", "/v3/watch", body, headers)
            if self._closed:
                return
            answer = connection.getresponse()
            if answer.status != http.client.OK:
                raise self._error(answer.status, answer.read())
            yield from _lines(connection, answer, seconds)
        except socket.timeout:
            return
        except (OSError, http.client.HTTPException, ValueError) as problem:
            if not self._closed:
                raise Unreachable(f"the watch of etcd at {self._host} broke: {problem}") from problem
        finally:
            self._watches.discard(connection)
            connection.close()

    def interrupt(self) -> None:
        """End all watches, those that begin later too: nobody needs them any more."""
        self._closed = True
        for connection in list(self._watches):
            _hang_up(connection)

    def close(self) -> None:
        """Let go of everything."""
        self.interrupt()
        with self._lock:
            self._drop()

    def _headers(self) -> dict[str, str]:
        if self._user and not self._token:
            self._token = str(self._post("auth/authenticate", {"name": self._user, "password": self._password}, {})["token"])
        return {"Authorization": self._token} if self._token else {}

    def _call(self, name: str, body: Mapping[str, Any]) -> dict[str, Any]:
        return self._insisting(lambda: self._post(name, body, self._headers()))

    def _insisting(self, act: Callable[[], T]) -> T:
        """Do it again where a connection that was kept open had been closed: all calls say what shall be, so twice does no harm."""
        kept = self._connection is not None
        try:
            return act()
        except HungUp:
            if not kept:
                raise
            return act()

    def _post(self, name: str, body: Mapping[str, Any], headers: Mapping[str, str]) -> dict[str, Any]:
        try:
            return self._exchange(name, json.dumps(body), headers)
        except CUT as problem:
            self._drop()
            raise HungUp(f"etcd at {self._host} hung up: {problem}") from problem
        except (OSError, http.client.HTTPException) as problem:
            self._drop()
            raise Unreachable(f"etcd at {self._host} does not answer: {problem}") from problem

    def _exchange(self, name: str, content: str, headers: Mapping[str, str]) -> dict[str, Any]:
        if self._connection is None:
            self._connection = http.client.HTTPSConnection(self._host, self._port, timeout=SECONDS, context=self._tls)
        self._connection.request("POST", f"/v3/{name}", content, {**headers, "Content-Type": "application/json"})
        answer = self._connection.getresponse()
        said = answer.read()
        if answer.status != http.client.OK:
            raise self._error(answer.status, said)
        return _object(said)

    def _error(self, status: int, said: bytes) -> EtcdError:
        try:
            told = _object(said)
        except Unreachable:
            told = {}
        message = str(told.get("error") or told.get("message") or f"etcd answered {status}")
        refused = status == http.client.FORBIDDEN or "authentication failed" in message
        return (Refused if refused else EtcdError)(message, status)

    def _drop(self) -> None:
        # Who answers at the next connection may be an etcd that began from nothing, where a log-in of before waits for ever.
        self._token = ""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _object(said: bytes) -> dict[str, Any]:
    try:
        told = json.loads(said)
    except ValueError as problem:
        raise Unreachable("what answers at etcd's address is not etcd") from problem
    if not isinstance(told, dict):
        raise Unreachable("what answers at etcd's address is not etcd")
    return told


def _lines(connection: http.client.HTTPSConnection, answer: http.client.HTTPResponse, seconds: float) -> Iterator[dict[str, Any]]:
    """Yield the messages of a stream; each stands on a line."""
    deadline = time.monotonic() + seconds
    while connection.sock is not None:
        connection.sock.settimeout(max(0.001, deadline - time.monotonic()))
        line = answer.readline()
        if not line:
            return
        if line.strip():
            yield _object(line)


def _hang_up(connection: http.client.HTTPSConnection) -> None:
    """Wake whoever reads: closing alone would not."""
    if connection.sock is not None:
        try:
            # Not TLS's own shutdown, which would take the state away from under the reader.
            socket.socket.shutdown(connection.sock, socket.SHUT_RDWR)
        except OSError:
            return
