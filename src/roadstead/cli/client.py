"""Calls an installation's API: with a token, never to anywhere else, and a create twice only under the same key."""

import json
import os
import re
import secrets
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any

from roadstead import __version__
from roadstead.cli import speech
from roadstead.cli.api_errors import NOT_SIGNED_IN, UNREACHABLE, Refusal, Stopped
from roadstead.cli.kept_login import kept_login

SECONDS = 60
_UNUSUAL = re.compile(r"[^A-Za-z0-9._+-]")
_TRIES, _PAUSE_SECONDS = 3, 1.0


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the token to another address."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        """Follow none."""
        return


@dataclass(frozen=True)
class Api:
    """One installation, as one person."""

    url: str
    token: str = ""

    def get(self, path: str, **query: Any) -> Any:
        """Read."""
        return self._json("GET", path, query=query)

    def rows(self, path: str, limit: int, **query: Any) -> list[Any]:
        """Read a list, page by page, until there are enough rows."""
        found: list[Any] = []
        for page in self._pages(path, limit, query):
            found += page
            if len(found) >= limit:
                break
        return found[:limit]

    def _pages(self, path: str, limit: int, query: Mapping[str, Any]) -> Iterator[list[Any]]:
        cursor, more = "", True
        while more:
            answer = self.get(path, **query, limit=min(limit, 100), cursor=cursor)
            yield answer["items"]
            cursor = answer["next_cursor"]
            more = bool(cursor)

    def send(self, path: str, sent: Mapping[str, Any] | None = None, *, method: str = "POST", **query: Any) -> Any:
        """Do something that may be done once only."""
        body = json.dumps(sent).encode() if sent is not None else b""
        return self._json(method, path, query=query, body=body, kind="application/json")

    def create(self, path: str, sent: Mapping[str, Any]) -> Any:
        """Make something; a connection that breaks is tried again under the same key, so that it is made once."""
        return self._json("POST", path, body=json.dumps(sent).encode(), kind="application/json", key=secrets.token_hex(16))

    def upload(self, path: str, file: Path, *, once: bool = False, **fields: str) -> Any:
        """Send a package."""
        body, kind = _multipart(file, fields)
        return self._json("POST", path, body=body, kind=kind, key=secrets.token_hex(16) if once else "")

    def download(self, path: str) -> bytes:
        """Fetch a file."""
        return self._call("GET", path)

    def _json(self, method: str, path: str, **more: Any) -> Any:
        answer = self._call(method, path, **more)
        try:
            return json.loads(answer) if answer else None
        except ValueError as error:
            raise Stopped(f"{self.url} is no Roadstead: its answer is no JSON", UNREACHABLE) from error

    def _call(
        self, method: str, path: str, *, query: Mapping[str, Any] | None = None, body: bytes = b"", kind: str = "", key: str = ""
    ) -> bytes:
        request = urllib.request.Request(self._address(path, query or {}), body or None, self._headers(kind, key), method=method)  # noqa: S310  # the address was checked
        for attempt in range(_TRIES if key or method == "GET" else 1):
            time.sleep(_PAUSE_SECONDS * attempt)
            try:
                return self._opened(request)
            except (OSError, HTTPException) as error:
                problem = error
        raise Stopped(f"{self.url} can't be reached: {_why(problem)}", UNREACHABLE) from problem

    def _opened(self, request: urllib.request.Request) -> bytes:
        try:
            with urllib.request.build_opener(_NoRedirect).open(request, timeout=SECONDS) as answer:
                whole: bytes = answer.read()
                return whole
        except urllib.error.HTTPError as refused:
            raise _refusal(refused) from refused

    def _address(self, path: str, query: Mapping[str, Any]) -> str:
        asked = urllib.parse.urlencode({name: _plain(value) for name, value in query.items() if value not in ("", None)})
        return f"{self.url}/api/v1{urllib.parse.quote(path)}" + (f"?{asked}" if asked else "")

    def _headers(self, kind: str, key: str) -> dict[str, str]:
        named = {
            "Authorization": f"Bearer {self.token}" if self.token else "",
            "Accept-Language": speech.here(),
            "Content-Type": kind,
            "Idempotency-Key": key,
            "User-Agent": f"roadstead/{__version__}",
        }
        return {name: value for name, value in named.items() if value}


def _refusal(refused: urllib.error.HTTPError) -> Refusal:
    try:
        problem = json.loads(refused.read())
    except (OSError, ValueError):
        problem = {}
    return Refusal(refused.code, problem if isinstance(problem, dict) else {})


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _why(problem: OSError | HTTPException) -> str:
    reason = getattr(problem, "reason", None) or problem
    return str(getattr(reason, "strerror", None) or reason or type(reason).__name__)


def _multipart(file: Path, fields: Mapping[str, str]) -> tuple[bytes, str]:
    boundary = secrets.token_hex(16)
    name = _UNUSUAL.sub("_", file.name)
    parts = [f'name="{field}"\r\n\r\n{value}'.encode() for field, value in fields.items()]
    parts += [f'name="package"; filename="{name}"\r\nContent-Type: application/octet-stream\r\n\r\n'.encode() + file.read_bytes()]
    start = f"--{boundary}\r\nContent-Disposition: form-data; ".encode()
    body = b"".join(start + part + b"\r\n" for part in parts) + f"--{boundary}--\r\n".encode()
    return body, f"multipart/form-data; boundary={boundary}"


def signed_in() -> Api:
    """Return the installation and token of the environment, or those of the last `roadstead login`."""
    kept = kept_login()
    url = os.environ.get("ROADSTEAD_URL") or kept.get("url", "")
    # A token belongs to the address that it was kept with.
    own = kept.get("token", "") if url.rstrip("/") == kept.get("url") else ""
    token = os.environ.get("ROADSTEAD_TOKEN") or own
    if not url or not token:
        raise Stopped("sign in first: roadstead login, or set ROADSTEAD_URL and ROADSTEAD_TOKEN", NOT_SIGNED_IN)
    return Api(checked_url(url), token)


def anybody() -> Api:
    """Return the installation for what needs no token."""
    url = os.environ.get("ROADSTEAD_URL") or kept_login().get("url", "")
    if not url:
        raise Stopped("name the installation first: roadstead login, or set ROADSTEAD_URL", NOT_SIGNED_IN)
    return Api(checked_url(url))


def checked_url(url: str) -> str:
    """Return an address without its last slash, if it is one."""
    parts = urllib.parse.urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Stopped(f"“{url}” is no address; it begins with https:// or http://", 2)
    return url.rstrip("/")
