"""The functions by which a template reads metadata; keys are those of its resource, without the prefix."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from roadstead_agent import paths

Function = Callable[..., Any]


class Values:
    """What a template may read."""

    def __init__(self, view: Mapping[str, str], keys: tuple[str, ...], prefix: str) -> None:
        start = 0 if prefix == "/" else len(prefix)
        self._values = {path[start:]: value for path, value in view.items() if any(paths.holds(key, path) for key in keys)}

    def functions(self) -> dict[str, Function]:
        """Return them by their names in templates."""
        return {
            "exists": self.exists,
            "get": self.get,
            "gets": self.gets,
            "getv": self.getv,
            "getvs": self.getvs,
            "ls": self.ls,
            "lsdir": self.lsdir,
        }

    def exists(self, key: str) -> bool:
        """Whether a key has a value."""
        return key in self._values

    def get(self, key: str) -> dict[str, str]:
        """Return a key and its value."""
        return {"Key": key, "Value": self.getv(key)}

    def gets(self, pattern: str) -> list[dict[str, str]]:
        """Return the keys that match, in order, and their values."""
        matches = matching(pattern)
        return [{"Key": key, "Value": value} for key, value in sorted(self._values.items()) if matches(key)]

    def getv(self, key: str, *default: str) -> str:
        """Return a value; without it, the default."""
        if key in self._values:
            return self._values[key]
        if default:
            return default[0]
        raise LookupError(f"key does not exist: {key}")

    def getvs(self, pattern: str) -> list[str]:
        """Return the values of the keys that match, in order of the values."""
        return sorted(pair["Value"] for pair in self.gets(pattern))

    def ls(self, path: str) -> list[str]:
        """Return the names right below a path; for a key itself, its own name."""
        clean = path.rstrip("/")
        found = {key[len(clean) + 1 :].split("/")[0] for key in self._values if key.startswith(f"{clean}/")}
        return sorted(found | {path.rpartition("/")[2] for key in self._values if key == path})

    def lsdir(self, path: str) -> list[str]:
        """Return the names right below a path that have names below them."""
        clean = path.rstrip("/")
        below = [key[len(clean) + 1 :] for key in self._values if key.startswith(f"{clean}/")]
        return sorted({name.split("/")[0] for name in below if "/" in name})


def matching(pattern: str) -> Callable[[str], bool]:
    """Return what says whether a key matches a pattern of Go's `path.Match`: stars, question marks and classes; none crosses a slash."""
    parts: list[str] = []
    rest = pattern
    while rest:
        char, rest = rest[0], rest[1:]
        if char == "*":
            parts.append("[^/]*")
        elif char == "?":
            parts.append("[^/]")
        elif char == "[":
            group = re.match(r"(\^?)((?:(?:\\.|[^\\\]-])(?:-(?:\\.|[^\\\]-]))?)+)\]", rest, re.DOTALL)
            if not group:
                raise ValueError("syntax error in pattern")
            parts.append(f"(?!/)[{group[1]}{_class(group[2])}]")
            rest = rest[group.end() :]
        else:
            if char == "\\":
                if not rest:
                    raise ValueError("syntax error in pattern")
                char, rest = rest[0], rest[1:]
            parts.append(re.escape(char))
    expression = re.compile("".join(parts), re.DOTALL)
    return lambda key: expression.fullmatch(key) is not None


def _class(inner: str) -> str:
    """Return the inside of a class for Python, where more characters mean something."""
    found = re.findall(r"(\\.|[^\\])(?:-(\\.|[^\\]))?", inner, re.DOTALL)
    pairs = [(low[-1], high[-1:] or low[-1]) for low, high in found]
    return "".join(f"{re.escape(low)}-{re.escape(high)}" for low, high in pairs if low <= high) or "^\\s\\S"
