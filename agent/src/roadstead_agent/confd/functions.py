"""The functions of templates that need no metadata: strings, structures, the machine. Messages never show a value: it may be a password."""

from __future__ import annotations

import base64
import json as python_json
import os
import posixpath
import re
import socket
import time
from collections.abc import Callable
from typing import Any

from roadstead_agent.confd.arithmetic import FUNCTIONS as ARITHMETIC
from roadstead_agent.confd.arithmetic import number
from roadstead_agent.confd.srv import lookup_srv
from roadstead_agent.rendering import to_json, to_yaml

LONGEST_SEQUENCE = 1_000_000
TRUE, FALSE = ("1", "t", "T", "TRUE", "true", "True"), ("0", "f", "F", "FALSE", "false", "False")
INTEGER = re.compile(r"[+-]?[0-9]+")


class Misused(ValueError):
    """A function was given what it does not take."""


def atoi(text: str) -> int:
    """Return a text as an integer."""
    if not INTEGER.fullmatch(text):
        raise ValueError("atoi: the text is no integer")
    return int(text)


def base(path: str) -> str:
    """Return the last part of a path."""
    stripped = path.rstrip("/")
    return stripped.rpartition("/")[2] if stripped else "/" if path else "."


def folder(path: str) -> str:
    """Return a path without its last part."""
    head = posixpath.normpath(path.rpartition("/")[0] or ("/" if path.startswith("/") else "."))
    return "/" + head.lstrip("/") if head.startswith("/") else head


def split(text: str, separator: str) -> list[str]:
    """Return the parts of a text; without a separator, its characters."""
    return text.split(separator) if separator else list(text)


def join(items: Any, separator: str) -> str:
    """Put texts together."""
    texts = _listed(items)
    if not all(isinstance(item, str) for item in texts):
        raise Misused("join takes a list of texts")
    return separator.join(texts)


def replace(text: str, old: str, new: str, count: int) -> str:
    """Replace the first so many, or all for a count below 0."""
    if old:
        return text.replace(old, new, max(-1, count))
    # Go puts the new text before every character and at the end.
    places = len(text) + 1 if count < 0 else min(count, len(text) + 1)
    return "".join(new + char for char in text[:places]) + text[places:] + (new if places > len(text) else "")


def contains(text: str, part: str) -> bool:
    """Whether a text has a part."""
    return part in text


def trim_suffix(text: str, suffix: str) -> str:
    """Return a text without an ending."""
    return text[: -len(suffix)] if suffix and text.endswith(suffix) else text


def to_upper(text: str) -> str:
    """Return a text in capitals."""
    # One character for one, as Go does it: ß stays.
    return "".join(char.upper() if len(char.upper()) == 1 else char for char in text)


def to_lower(text: str) -> str:
    """Return a text in small letters."""
    return "".join(char.lower()[0] for char in text)


def encode(text: str) -> str:
    """Return a text in base 64."""
    return base64.b64encode(text.encode("utf-8", "surrogateescape")).decode()


def decode(text: str) -> str:
    """Return what a text in base 64 says."""
    try:
        return base64.b64decode(re.sub(r"[\r\n]", "", text), validate=True).decode("utf-8", "surrogateescape")
    except ValueError:
        raise ValueError("base64Decode: the text is no base 64") from None


def matches(expression: str, items: Any) -> list[Any]:
    """Return the texts that match a regular expression, and the pairs whose value does."""
    try:
        pattern = re.compile(expression)
    except re.error as problem:
        raise ValueError(f"filter: {problem}") from None
    return [item for item in _listed(items) if pattern.search(str(item.get("Value", "") if isinstance(item, dict) else item))]


def parse_bool(text: str) -> bool:
    """Return a text as true or false."""
    if text not in (*TRUE, *FALSE):
        raise ValueError("parseBool: the text is neither true nor false")
    return text in TRUE


def json(text: str) -> dict[str, Any]:
    """Return the object that a text of JSON is."""
    return dict(_json(text, dict))


def json_array(text: str) -> list[Any]:
    """Return the list that a text of JSON is."""
    return list(_json(text, list))


def _json(text: str, kind: type) -> Any:
    try:
        # Go has one kind of number for JSON.
        value = python_json.loads(text, parse_int=float)
    except ValueError as problem:
        raise ValueError(f"json: {str(problem).partition(':')[0]}") from None
    if not isinstance(value, kind):
        raise Misused("json: the text is of another kind")
    return value


def mapping(*values: Any) -> dict[str, Any]:
    """Return an object of names and values by turns."""
    if len(values) % 2:
        raise ValueError("invalid map call")
    names = values[::2]
    if not all(isinstance(name, str) for name in names):
        raise ValueError("map keys must be strings")
    return dict(zip(names, values[1::2]))


def sequence(first: Any, last: Any) -> list[int]:
    """Return the integers from the first to the last."""
    start, end = int(number(first)), int(number(last))
    if end - start >= LONGEST_SEQUENCE:
        raise ValueError("seq: too many numbers")
    return list(range(start, end + 1))


def backwards(items: Any) -> list[Any]:
    """Return a list from its end."""
    return _listed(items)[::-1]


def by_length(items: Any) -> list[Any]:
    """Return texts, the shortest first."""
    return sorted(_listed(items), key=lambda item: len(str(item).encode()))


def pairs_by_length(items: Any) -> list[Any]:
    """Return pairs, the one with the shortest key first."""
    return sorted(_listed(items), key=lambda item: len(str(item["Key"]).encode()))


def now() -> str:
    """Return the time as Go prints it."""
    moment = time.time()
    return time.strftime(f"%Y-%m-%d %H:%M:%S.{int(moment % 1 * 1e9):09d} %z %Z", time.localtime(moment))


def variable(name: str, *default: str) -> str:
    """Return a variable of the environment; where it is not set or empty, the default."""
    return os.environ.get(name) or (default[0] if default else "")


def file_exists(path: str) -> bool:
    """Whether there is a file."""
    return os.path.exists(path)  # noqa: PTH110  # a path with a zero in it is no file, and no error


def addresses(name: str, *families: socket.AddressFamily) -> list[str]:
    """Return the addresses that a name has, in order; none for a name that nobody knows."""
    try:
        found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return sorted({str(entry[4][0]) for entry in found if not families or entry[0] in families})


def lookup_ip(name: str) -> list[str]:
    """Return all addresses of a name."""
    return addresses(name)


def lookup_ipv4(name: str) -> list[str]:
    """Return the short ones."""
    return addresses(name, socket.AF_INET)


def lookup_ipv6(name: str) -> list[str]:
    """Return the long ones."""
    return addresses(name, socket.AF_INET6)


def _listed(items: Any) -> list[Any]:
    if not isinstance(items, list):
        raise Misused("a list is needed here")
    return items


FUNCTIONS: dict[str, Callable[..., Any]] = {
    **ARITHMETIC,
    "atoi": atoi,
    "base": base,
    "dir": folder,
    "split": split,
    "join": join,
    "replace": replace,
    "contains": contains,
    "trimSuffix": trim_suffix,
    "toUpper": to_upper,
    "toLower": to_lower,
    "base64Encode": encode,
    "base64Decode": decode,
    "filter": matches,
    "parseBool": parse_bool,
    "json": json,
    "jsonArray": json_array,
    "toJson": to_json,
    "toYaml": to_yaml,
    "map": mapping,
    "seq": sequence,
    "reverse": backwards,
    "sortByLength": by_length,
    "sortKVByLength": pairs_by_length,
    "datetime": now,
    "getenv": variable,
    "fileExists": file_exists,
    "lookupIP": lookup_ip,
    "lookupIPV4": lookup_ipv4,
    "lookupIPV6": lookup_ipv6,
    "lookupSRV": lookup_srv,
}
