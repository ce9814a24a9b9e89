"""The shapes of what agents and the platform say to each other; `docs/explanation/agents.md` tells the whole.

Every body is JSON, sealed. A request carries who asks, when, a nonce and the signature in four headers; an answer the time and the
signature in two. A frontgate passes requests of its nodes on as they are, many in one of its own.
"""

from __future__ import annotations

import base64
import json
import time as clock
from dataclasses import dataclass
from typing import Any

from roadstead_agent import signing

ROOT = "/agents/v1/"
ENROL, POLL, RELAY, REPORT = f"{ROOT}enrol", f"{ROOT}poll", f"{ROOT}relay", f"{ROOT}report"
PARCEL = f"{ROOT}parcel"
"""Asked of a frontgate only, by a node, unsigned: a parcel is sealed for its receiver."""
AGENT, TIME, NONCE, MAC = "roadstead-agent", "roadstead-time", "roadstead-nonce", "roadstead-mac"
OK, NOTHING = 200, 204
HOLD_SECONDS = 25.0
"""So long a poll waits for something to do."""
MAX_BODY = 2 * 1024 * 1024
MAX_ANSWER = 16 * 1024 * 1024
OUTPUT_BYTES = 64 * 1024
_DIGITS = 16


@dataclass(frozen=True)
class Request:
    """A request as it travels."""

    agent: str
    method: str
    path: str
    time: int
    nonce: str
    mac: str
    body: bytes

    @classmethod
    def signed(cls, secret: bytes, agent: str, path: str, body: bytes, *, time: int) -> Request:
        """Sign a request."""
        nonce = signing.fresh_nonce()
        mac = signing.request_mac(secret, agent=agent, method="POST", path=path, body=body, time=time, nonce=nonce)
        return cls(agent, "POST", path, time, nonce, mac, body)

    @classmethod
    def received(cls, method: str, path: str, headers: dict[str, str], body: bytes) -> Request:
        """Read a request from its headers, in small letters; what is missing or no number makes one that nobody signed."""
        time = headers.get(TIME, "")
        said = (headers.get(AGENT, ""), method, path, _number(time))
        return cls(*said, headers.get(NONCE, ""), headers.get(MAC, ""), body)

    def signed_with(self, secret: bytes) -> bool:
        """Whether who has this secret signed it."""
        mac = signing.request_mac(
            secret, agent=self.agent, method=self.method, path=self.path, body=self.body, time=self.time, nonce=self.nonce
        )
        return signing.same(mac, self.mac)

    def headers(self) -> dict[str, str]:
        """Return what goes into the headers."""
        return {AGENT: self.agent, TIME: str(self.time), NONCE: self.nonce, MAC: self.mac}

    def packed(self) -> dict[str, Any]:
        """Return it for a relay's body."""
        return {"method": self.method, "path": self.path, **self.headers(), "body": text(self.body)}

    @classmethod
    def unpacked(cls, packed: Any) -> Request:
        """Read what `packed` made; raises `ValueError`, `KeyError`, `TypeError`."""
        headers = {name: str(packed.get(name, "")) for name in (AGENT, TIME, NONCE, MAC)}
        return cls.received(str(packed["method"]), str(packed["path"]), headers, raw(str(packed["body"])))


@dataclass(frozen=True)
class Answer:
    """An answer as it travels. Without a signature it says no more than its status."""

    status: int
    body: bytes = b""
    time: int = 0
    mac: str = ""

    @classmethod
    def signed(cls, secret: bytes, request: Request, status: int, body: bytes, *, time: int) -> Answer:
        """Sign the answer to a request."""
        mac = signing.answer_mac(secret, agent=request.agent, status=status, body=body, time=time, nonce=request.nonce)
        return cls(status, body, time, mac)

    @classmethod
    def received(cls, status: int, headers: dict[str, str], body: bytes) -> Answer:
        """Read an answer from its headers, in small letters."""
        time = headers.get(TIME, "")
        return cls(status, body, _number(time), headers.get(MAC, ""))

    def signed_with(self, secret: bytes, request: Request) -> bool:
        """Whether who has this secret gave it, to this request."""
        mac = signing.answer_mac(secret, agent=request.agent, status=self.status, body=self.body, time=self.time, nonce=request.nonce)
        return signing.same(mac, self.mac)

    def headers(self) -> dict[str, str]:
        """Return what goes into the headers."""
        return {TIME: str(self.time), MAC: self.mac} if self.mac else {}

    def packed(self) -> dict[str, Any]:
        """Return it for a relay's body."""
        return {"status": self.status, "body": text(self.body), **self.headers()}

    @classmethod
    def unpacked(cls, packed: Any) -> Answer:
        """Read what `packed` made; raises `ValueError`, `KeyError`, `TypeError`."""
        headers = {name: str(packed.get(name, "")) for name in (TIME, MAC)}
        return cls.received(int(packed["status"]), headers, raw(str(packed["body"])))


def sealed(secret: bytes, content: Any, *, purpose: str) -> bytes:
    """Return JSON that only the other side reads."""
    return signing.seal(secret, json.dumps(content, separators=(",", ":")).encode(), purpose=purpose)


def opened(secret: bytes, body: bytes, *, purpose: str) -> dict[str, Any]:
    """Read what `sealed` made; raises `Forged`."""
    try:
        content = json.loads(signing.unseal(secret, body, purpose=purpose))
    except ValueError as error:
        raise signing.Forged from error
    if not isinstance(content, dict):
        raise signing.Forged
    return content


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < _DIGITS else 0


def text(data: bytes) -> str:
    """Return bytes as text for JSON."""
    return base64.b64encode(data).decode()


def raw(data: str) -> bytes:
    """Return the bytes of a text; raises `ValueError`."""
    return base64.b64decode(data, validate=True)


def moment() -> int:
    """Return this machine's time as requests say it."""
    return int(clock.time())
