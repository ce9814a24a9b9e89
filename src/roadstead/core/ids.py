"""Identifiers: a prefix that names the kind of thing, then 16 random base32 characters."""

import secrets
from base64 import b32encode
from collections.abc import Callable
from functools import partial

_BYTES = 10  # 16 characters


def new_id(prefix: str) -> str:
    """Return a fresh identifier such as `app-mzxw6ytboi2gk3tu`; 80 random bits, never guessable."""
    return f"{prefix}-" + b32encode(secrets.token_bytes(_BYTES)).decode().lower()


def id_factory(prefix: str) -> Callable[[], str]:
    """Return a default for a primary key; a partial, because migrations can name it."""
    return partial(new_id, prefix)
