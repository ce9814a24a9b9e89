"""The decrypting variants of a template's functions: values that were compressed, encrypted with OpenPGP and written in base 64."""

from __future__ import annotations

import base64
import gzip
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from roadstead_agent.confd.values import Values

SECONDS = 20.0
MOST_BYTES = 4 * 1024 * 1024


class Decrypting:
    """Values read with a private key, by the image's own `gpg`."""

    def __init__(self, values: Values, private_key: str) -> None:
        self._values, self._key = values, private_key

    def functions(self) -> dict[str, Callable[..., Any]]:
        """Return them by their names in templates."""
        return {"cget": self.cget, "cgets": self.cgets, "cgetv": self.cgetv, "cgetvs": self.cgetvs}

    def cget(self, key: str) -> dict[str, str]:
        """Return a key and its value."""
        return {"Key": key, "Value": self._clear(self._values.getv(key))}

    def cgets(self, pattern: str) -> list[dict[str, str]]:
        """Return the keys that match and their values."""
        return [{**pair, "Value": self._clear(pair["Value"])} for pair in self._values.gets(pattern)]

    def cgetv(self, key: str, *default: str) -> str:
        """Return a value."""
        return self._clear(self._values.getv(key, *default))

    def cgetvs(self, pattern: str) -> list[str]:
        """Return the values of the keys that match."""
        return sorted(self._clear(value) for value in self._values.getvs(pattern))

    def _clear(self, value: str) -> str:
        if not self._key:
            raise ValueError("the resource names no pgp_private_key")
        program = shutil.which("gpg")
        if program is None:
            raise ValueError("there is no gpg in this image to decrypt with")
        with tempfile.TemporaryDirectory(prefix="roadstead-gpg-") as home:
            options = [program, "--homedir", home, "--batch", "--quiet", "--trust-model", "always"]
            try:
                _run([*options, "--import", self._key], b"")
                packed = _run([*options, "--decrypt"], _bytes(value))
            finally:
                # It keeps the key in a process of its own.
                _run([str(Path(program).with_name("gpgconf")), "--homedir", home, "--kill", "all"], b"")
        try:
            return gzip.decompress(packed)[:MOST_BYTES].decode()
        except (OSError, EOFError, ValueError):
            raise ValueError("what was decrypted is not compressed text") from None


def _bytes(value: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except ValueError:
        raise ValueError("an encrypted value is written in base 64") from None


def _run(command: list[str], given: bytes) -> bytes:
    try:
        done = subprocess.run(command, input=given, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603  # our own words
    except (OSError, subprocess.TimeoutExpired):
        raise ValueError("gpg did not end") from None
    if done.returncode:
        raise ValueError("gpg could not decrypt a value with this key")
    return done.stdout
