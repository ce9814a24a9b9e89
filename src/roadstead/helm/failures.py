"""Sorts Helm's errors into the kinds of the seam: by their words first, because the library's codes are coarse."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from roadstead.helm.seam import FailureKind

_MAX_TEXT = 4_000
_MEMORY_WORDS = ("out of memory", "cannot allocate memory", "pthread_create failed", "MemoryError")

# The first that matches counts. A time-out arrives as "cancelled": only its words tell.
_WORDS: "tuple[tuple[str, FailureKind], ...]" = (
    (r"context deadline exceeded|timed out waiting", "timeout"),
    (r"asked for the client to provide credentials|Unauthorized", "credential"),
    (r"is forbidden: User", "credential"),
    (
        r"cluster unreachable|reachability check failed|connection refused|no such host|i/o timeout|failed to verify certificate",
        "unreachable",
    ),
    (r"another operation .* is in progress|has no deployed releases", "pending"),
    (r"cannot reuse a name that is still in use|invalid ownership metadata|already exists", "conflict"),
    (r'namespaces "[^"]*" not found|release: not found', "missing"),
    (r"don't meet the specifications of the schema|^failed to parse values\.yaml", "values"),
    (r"^execution error at|^template: |parse error at \(|YAML parse error on|executing \"", "render"),
)
_CODES: "dict[int, FailureKind]" = {
    -5: "crashed",
    -6: "timeout",
    -7: "missing",
    -22: "values",
    -23: "render",
    -60: "unreachable",
}


def kind_of(code: int | None, text: str) -> "FailureKind":
    """Return the kind for an error code of the library and its message."""
    for words, kind in _WORDS:
        if re.search(words, text, re.MULTILINE):
            return kind
    return _CODES.get(code or 0, "invalid")


def is_memory(words: str) -> bool:
    """Whether a process that died with these words had no memory left."""
    return any(phrase in words for phrase in _MEMORY_WORDS)


def shortened(text: str) -> str:
    """Keep both ends of a message: a recursive template repeats its middle a thousand times."""
    text = text.strip()
    half = _MAX_TEXT // 2
    return text if len(text) <= _MAX_TEXT else f"{text[:half]} … {text[-half:]}"
