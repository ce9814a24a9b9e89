"""Calls to one API server: the official client's transport, configured by hand, with a limit on the time of each call and of all.

Nothing of this machine takes part: no kubeconfig, no proxy of the environment, no redirect, and no address that must never be reached.
"""

import ipaddress
import json
import re
import socket
import ssl
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import urllib3
from kubernetes.client.api_client import ApiClient
from kubernetes.client.configuration import Configuration
from kubernetes.client.exceptions import ApiException
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NameResolutionError, NewConnectionError, ReadTimeoutError

from roadstead.core.problems import Problem
from roadstead.providers.addresses import forbidden_address
from roadstead.providers.kubernetes.kubeconfig import Kubeconfig
from roadstead.providers.kubernetes.problems import (
    BAD_TLS,
    FORBIDDEN,
    NAME_UNKNOWN,
    NO_ANSWER,
    NO_TLS,
    NOT_AN_API,
    SERVER_FORBIDDEN,
    SERVER_SAID_NO,
    SERVER_TROUBLE,
    UNAUTHORIZED,
    UNREACHABLE,
)
from roadstead.runtimes.sdk import CredentialRefused, NotThere, ProviderError, Refused, TimedOut, Unreachable

CALL_SECONDS = 10.0
CONNECT_SECONDS = 5.0
MAX_ANSWER = 32 * 1024 * 1024
_ONLY_METADATA = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
_GOOD = range(200, 300)
_CHUNK = 256 * 1024
_DISTRUST = re.compile(r"certificate verify failed: ([^(\n]*[^(\n ])")
Json = dict[str, Any]


class Conflict(Refused):
    """The object exists already, or changed since it was read."""

    permanent = False


class _ForbiddenAddress(HTTPError):
    """A name led to an address that must never be reached."""


class _Connection(HTTPSConnection):
    """Looks at where a name really led, before a byte is sent."""

    def _new_conn(self) -> socket.socket:
        connected = super()._new_conn()
        if forbidden_address(ipaddress.ip_address(connected.getpeername()[0].partition("%")[0])):
            connected.close()
            raise _ForbiddenAddress(self.host)
        return connected


class _Pool(HTTPSConnectionPool):
    ConnectionCls = _Connection


class Api:
    """One API server. `seconds` is what all calls together may take; without it each has `CALL_SECONDS`."""

    def __init__(self, config: Kubeconfig, *, seconds: float | None = None) -> None:
        self.server = urlsplit(config.server).netloc
        self._base = config.server.rstrip("/")
        self._headers = {"Authorization": f"Bearer {config.token}"} if config.token else {}
        self._seconds = seconds or CALL_SECONDS
        self._deadline = time.monotonic() + seconds if seconds else None
        # An empty proxy is one that was set: None would ask the environment.
        self._client = ApiClient(Configuration(host=self._base, proxy="", no_proxy="*"))
        pools = urllib3.PoolManager(ssl_context=_context(config), retries=False, maxsize=8)
        pools.pool_classes_by_scheme = {"https": _Pool}
        self._client.rest_client.pool_manager = pools

    def get(self, path: str) -> Json:
        """Read an object or a list; raises `NotThere`."""
        return self.call("GET", path)

    def find(self, path: str) -> Json | None:
        """Read an object, or None when it isn't there."""
        try:
            return self.get(path)
        except NotThere:
            return None

    def items(self, path: str) -> list[Json]:
        """Read the objects of a list; an empty one may come as null."""
        return self.get(path).get("items") or []

    def metadata(self, path: str, **query: str) -> list[Json]:
        """Read the metadata of a list's objects without what they hold."""
        listed = self.call("GET", path, query=query, accept=_ONLY_METADATA)
        return [item["metadata"] for item in listed.get("items") or ()]

    def text(self, path: str, **query: str) -> str:
        """Read something that isn't JSON, such as a log."""
        status, answer = self._answer("GET", path, query=query, accept="*/*")
        if status not in _GOOD:
            self._understood(status, answer)
        return answer.decode(errors="replace")

    def call(
        self, method: str, path: str, *, body: Json | None = None, query: dict[str, str] | None = None, accept: str = "application/json"
    ) -> Json:
        """Make one call and return its JSON; every failure is a `ProviderError`."""
        return self._understood(*self._answer(method, path, body=body, query=query, accept=accept))

    def _answer(self, method: str, path: str, *, body: Json | None = None, query: dict[str, str] | None, accept: str) -> tuple[int, bytes]:
        kind = "application/merge-patch+json" if method == "PATCH" else "application/json"
        address = self._base + path + (f"?{urlencode(query)}" if query else "")
        deadline = self._call_deadline()
        left = max(deadline - time.monotonic(), 0.01)
        try:
            answer = self._client.call_api(
                method,
                address,
                header_params={**self._headers, "Accept": accept, "Content-Type": kind},
                body=body,
                _request_timeout=(min(left, CONNECT_SECONDS), left),
            )
            return answer.status, _read(answer.response, deadline)
        except (HTTPError, ApiException, OSError, TimeoutError) as error:
            raise self._failed(error) from None

    def _call_deadline(self) -> float:
        deadline = time.monotonic() + CALL_SECONDS if self._deadline is None else self._deadline
        if deadline <= time.monotonic():
            raise self._late()
        return deadline

    def _understood(self, status: int, text: bytes) -> Json:
        try:
            told = json.loads(text)
        except ValueError:
            told = None
        if not isinstance(told, dict):
            raise Refused(NOT_AN_API(server=self.server))
        if status in _GOOD:
            return told
        if told.get("kind") != "Status":
            raise Refused(NOT_AN_API(server=self.server))
        raise self._refused(status, str(told.get("message") or "").rstrip("."))

    def _refused(self, status: int, reason: str) -> ProviderError:
        """Say what the server's refusal means."""
        match status:
            case 401:
                return CredentialRefused(UNAUTHORIZED(server=self.server))
            case 403:
                return CredentialRefused(FORBIDDEN(reason=reason))
            case 404:
                return NotThere(SERVER_SAID_NO(reason=reason))
            case 409:
                return Conflict(SERVER_SAID_NO(reason=reason))
            case 429 | 500 | 502 | 503 | 504:
                return Unreachable(SERVER_TROUBLE(status=status, reason=reason))
            case _:
                return Refused(SERVER_SAID_NO(reason=reason))

    def _failed(self, error: Exception) -> ProviderError:
        """Say what went wrong on the way, without the addresses and objects that libraries put into their words."""
        host = self.server.rpartition(":")[0] or self.server
        if isinstance(error, ReadTimeoutError | TimeoutError):
            return self._late()
        if isinstance(error, _ForbiddenAddress):
            return CredentialRefused(SERVER_FORBIDDEN(host=host))
        if isinstance(error, NameResolutionError):
            return Unreachable(NAME_UNKNOWN(host=host))
        if isinstance(error, ApiException):
            return Unreachable(self._distrust(error))
        late = isinstance(error, ConnectTimeoutError) and not isinstance(error, NewConnectionError)
        return Unreachable(UNREACHABLE(server=self.server, reason="no connection in time" if late else _reason(error)))

    def _distrust(self, error: ApiException) -> Problem:
        """Say why TLS failed; the client hides that behind an exception of its own."""
        found = _DISTRUST.search(str(error.reason))
        return BAD_TLS(server=self.server, reason=found[1]) if found else NO_TLS(server=self.server)

    def _late(self) -> TimedOut:
        return TimedOut(NO_ANSWER(server=self.server, seconds=round(self._seconds)))


def _read(answer: urllib3.BaseHTTPResponse, deadline: float) -> bytes:
    """Read an answer piece by piece: neither an endless nor a dripping one holds us longer than the deadline."""
    pieces, size = [], 0
    while piece := answer.read1(_CHUNK):
        pieces.append(piece)
        size += len(piece)
        if size > MAX_ANSWER:
            answer.close()
            raise HTTPError("the answer is too large")
        if time.monotonic() > deadline:
            answer.close()
            raise TimeoutError
    answer.release_conn()
    return b"".join(pieces)


def _context(config: Kubeconfig) -> ssl.SSLContext:
    """Return what TLS needs. Python loads a client certificate from files only: they live in a private folder for that moment."""
    context = ssl.create_default_context(cadata=config.authority or None)
    if config.certificate:
        with tempfile.TemporaryDirectory(prefix="roadstead-") as folder:
            pair = Path(folder, "pair.pem")
            pair.touch(mode=0o600)
            pair.write_text(config.key + config.certificate)
            context.load_cert_chain(pair)
    return context


def _reason(error: Exception) -> str:
    """Return the system's words, such as "Connection refused"."""
    inner: BaseException | None = error
    while inner is not None and not (isinstance(inner, OSError) and inner.strerror):
        inner = inner.__cause__ or inner.__context__
    return str(inner.strerror) if isinstance(inner, OSError) else type(error).__name__
