"""How an agent and the platform know each other: what both sides compute from the secret that only they have.

A request is signed over its method, path, body, time and nonce, and so is its answer, over the nonce of the request. Bodies are
sealed besides, because a frontgate that relays for a node must be able neither to forge nor to read. The standard library has no
cipher; SHAKE-256 keyed and stretched to the length of the text is one, and HMAC-SHA256 over all of it says that nobody changed it.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

WINDOW_SECONDS = 300
"""A request that is further from the platform's clock than this is old."""
NONCE_BYTES = 16
_MAC_BYTES = 32


class Forged(Exception):
    """What was received was not made by whom it says, or not for this purpose."""


def fresh_nonce() -> str:
    """Return what makes a request unlike any other."""
    return secrets.token_hex(NONCE_BYTES)


def secret_from(token: bytes, agent: str, ours: str, theirs: str) -> bytes:
    """Return the machine's own secret: each side adds a nonce to the one-time token, and the secret itself never travels."""
    return _keyed(token, "secret", agent, ours, theirs)


def request_mac(secret: bytes, *, agent: str, method: str, path: str, body: bytes, time: int, nonce: str) -> str:
    """Return the signature of a request; `time` is in seconds since 1970."""
    digest = hashlib.sha256(body).hexdigest()
    return _keyed(secret, "request", agent, method, path, digest, str(time), nonce).hex()


def answer_mac(secret: bytes, *, agent: str, status: int, body: bytes, time: int, nonce: str) -> str:
    """Return the signature of an answer; `nonce` is the request's, so that no other request's answer fits."""
    digest = hashlib.sha256(body).hexdigest()
    return _keyed(secret, "answer", agent, str(status), digest, str(time), nonce).hex()


def same(one: str, other: str) -> bool:
    """Whether two signatures are the same, found out in a time that says nothing about them."""
    return hmac.compare_digest(one.encode(), other.encode())


def seal(secret: bytes, plain: bytes, *, purpose: str) -> bytes:
    """Return a text that only who has the secret can read, and only for the same purpose."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    hidden = _stretched(secret, nonce, plain, purpose)
    return nonce + hidden + _mac(secret, nonce + hidden, purpose)


def unseal(secret: bytes, sealed: bytes, *, purpose: str) -> bytes:
    """Return what was sealed; raises `Forged`."""
    content, mac = sealed[:-_MAC_BYTES], sealed[-_MAC_BYTES:]
    if len(content) < NONCE_BYTES or not hmac.compare_digest(mac, _mac(secret, content, purpose)):
        raise Forged
    return _stretched(secret, content[:NONCE_BYTES], content[NONCE_BYTES:], purpose)


def _mac(secret: bytes, content: bytes, purpose: str) -> bytes:
    return hmac.new(_keyed(secret, "sealed by", purpose), content, hashlib.sha256).digest()


def _stretched(secret: bytes, nonce: bytes, text: bytes, purpose: str) -> bytes:
    """Hide a text, or bring it out again."""
    stream = hashlib.shake_256(_keyed(secret, "hidden by", purpose) + nonce).digest(len(text))
    return (int.from_bytes(text, "big") ^ int.from_bytes(stream, "big")).to_bytes(len(text), "big")


def _keyed(secret: bytes, *words: str) -> bytes:
    """Return the HMAC of words; each goes in with its length, so that no two lists of words read alike."""
    text = b"".join(b"%d:%s" % (len(word.encode()), word.encode()) for word in ("roadstead agent 1", *words))
    return hmac.new(secret, text, hashlib.sha256).digest()
