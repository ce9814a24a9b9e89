"""Secrets at rest: each record is sealed with a data key of its own, which is sealed with the master key.

A token reads `rs1.<id of the master key>.<wrapped data key>.<sealed content>`. The context (the record's id) is authenticated with
it, so that a token copied to another record doesn't open there.
"""

import base64
import binascii
import hashlib
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from roadstead.core.errors import WrongState

_VERSION = "rs1"
_KEY_BYTES = 32
_NONCE_BYTES = 12


class SealedWithAnotherKey(WrongState):
    """The token names a master key that this installation doesn't have."""

    code = "sealed_with_another_key"
    words = _("This secret was sealed with the master key %(key)s, and Roadstead runs with another. Start it with that key.")


class SealBroken(WrongState):
    """The token was changed, cut, or belongs to another record."""

    code = "seal_broken"
    words = _("This stored secret can't be opened: it was changed, or it belongs to another record. Enter it again.")


def seal(plain: bytes, *, context: str) -> str:
    """Return a token that only `unseal` with the same context and master key turns back."""
    data_key = AESGCM.generate_key(bit_length=256)
    return _token(data_key, _text(_encrypt(data_key, plain, context)), context)


def reseal(token: str, *, context: str) -> str:
    """Return the same secret under the master key that seals now; its content isn't opened, only its data key."""
    data_key, content = _opened(token, context)
    return _token(data_key, content, context)


def unseal(token: str, *, context: str) -> bytes:
    """Return what was sealed; raises `SealedWithAnotherKey`, `SealBroken`."""
    data_key, content = _opened(token, context)
    try:
        return _decrypt(data_key, _bytes(content), context)
    except (InvalidTag, ValueError) as error:
        raise SealBroken from error


def key_id_of(token: str) -> str:
    """Return the name of the master key that a token is sealed with."""
    match token.split("."):
        case [version, key_id, _wrapped, _content] if version == _VERSION:
            return key_id
        case _:
            raise SealBroken


def _opened(token: str, context: str) -> tuple[bytes, str]:
    """Return a token's data key, and its content as it is."""
    name = key_id_of(token)
    # Keys may have been changed on the disk since this process began: whoever re-sealed this knew one that we don't yet.
    key = known_keys().get(name) or known_keys(anew=True).get(name)
    if key is None:
        raise SealedWithAnotherKey(key=name)
    _version, _name, wrapped, content = token.split(".")
    try:
        return _decrypt(key, _bytes(wrapped), context), content
    except (InvalidTag, ValueError) as error:
        raise SealBroken from error


def _token(data_key: bytes, content: str, context: str) -> str:
    master = _master_key()
    return ".".join((_VERSION, _key_id(master), _text(_encrypt(master, data_key, context)), content))


def key_id() -> str:
    """Return the name of the master key that seals now."""
    return _key_id(_master_key())


def known_keys(*, anew: bool = False) -> dict[str, bytes]:
    """Return every master key that opens something here, by its name; `anew` reads the data folder's again."""
    kept = settings.OPTIONS.kept_master_keys() if anew else []
    others = [key.get_secret_value() for key in (*settings.OPTIONS.other_master_keys, *kept)]
    return {_key_id(key): key for key in (_master_key(), *map(_read, others))}


def _master_key() -> bytes:
    return _read(settings.OPTIONS.master_key.get_secret_value())


def _read(text: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error:
        key = b""
    if len(key) != _KEY_BYTES:
        raise ImproperlyConfigured("ROADSTEAD_MASTER_KEY and every one of ROADSTEAD_OTHER_MASTER_KEYS must be 32 bytes in base64")
    return key


def _key_id(key: bytes) -> str:
    """Return a name for a key that says nothing about it."""
    return hashlib.sha256(b"roadstead master key" + key).hexdigest()[:8]


def _encrypt(key: bytes, plain: bytes, context: str) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, context.encode())


def _decrypt(key: bytes, sealed: bytes, context: str) -> bytes:
    return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], context.encode())


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
