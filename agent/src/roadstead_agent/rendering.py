"""Trees as text, JSON and YAML: what the metadata service answers with, and what templates print."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

# Text that YAML reads as text, whatever its version: everything else is quoted as JSON does.
PLAIN = re.compile(r"[A-Za-z_./][A-Za-z0-9_./@+-]*")
LARGEST_WHOLE = 1e21
WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n", "~", ".", "..", ".inf", ".nan"})


def nested(values: Mapping[str, str], path: str) -> Any:
    """Return what is at or below a path as objects within objects. A path that has a value and others below it has it under no name."""
    start = len(path) if path == "/" else len(path) + 1
    below = {key[start:]: value for key, value in values.items()}
    if set(below) == {""}:
        return below[""]
    tree: dict[str, Any] = {}
    for key, value in sorted(below.items()):
        here = tree
        *folders, name = key.split("/")
        for folder in folders:
            inner = here.get(folder)
            if not isinstance(inner, dict):
                inner = here[folder] = {} if inner is None else {"": inner}
            here = inner
        if isinstance(here.get(name), dict):
            here[name][""] = value
        else:
            here[name] = value
    return tree


def listing(values: Mapping[str, str], path: str) -> str:
    """Return a value as it is, or a line for each value below a path; what would break a line is written as in JSON."""
    if set(values) == {path}:
        return values[path]
    lines = sorted((key[len(path.rstrip("/")) :] or "/", value) for key, value in values.items())
    return "".join(f"{_in_line(key)}\t{_in_line(value)}\n" for key, value in lines)


def to_json(value: Any, *, pretty: bool = False) -> str:
    """Return JSON as Go writes it: keys in order, and nothing that would be read as HTML."""
    text = json.dumps(
        _whole(value), ensure_ascii=False, sort_keys=True, indent=2 if pretty else None, separators=(",", ": " if pretty else ":")
    )
    return re.sub("[<>&\u2028\u2029]", lambda found: f"\\u{ord(found[0]):04x}", text)


def to_yaml(value: Any) -> str:
    """Return a document of YAML."""
    return "".join(f"{line}\n" for line in _lines(_whole(value)))


def _whole(value: Any) -> Any:
    """Return the same with floats that are integers as such: Go writes 1, not 1.0."""
    if isinstance(value, dict):
        return {key: _whole(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_whole(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < LARGEST_WHOLE else value


def _lines(value: Any) -> Iterator[str]:
    if isinstance(value, dict) and value:
        for key in sorted(value):
            yield from _member(f"{_scalar(key)}:", value[key])
    elif isinstance(value, list) and value:
        for item in value:
            first, *rest = _lines(item)
            yield f"- {first}"
            yield from (f"  {line}" for line in rest)
    else:
        yield _scalar(value)


def _member(head: str, value: Any) -> Iterator[str]:
    if isinstance(value, (dict, list)) and value:
        yield head
        # Lists stand at their key's own depth, as Go's encoders have them.
        indent = "  " if isinstance(value, dict) else ""
        yield from (indent + line for line in _lines(value))
    else:
        yield f"{head} {_scalar(value)}"


def _scalar(value: Any) -> str:
    if isinstance(value, str):
        plain = PLAIN.fullmatch(value) and value.lower() not in WORDS
        return value if plain else json.dumps(value, ensure_ascii=False)
    if isinstance(value, float) and not math.isfinite(value):
        return {math.inf: ".inf", -math.inf: "-.inf"}.get(value, ".nan")
    if isinstance(value, (dict, list)):
        return "{}" if isinstance(value, dict) else "[]"
    return json.dumps(value)


def _in_line(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1] if re.search(r"[\n\r\t]", text) else text
