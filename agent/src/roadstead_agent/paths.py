"""Paths of the metadata tree, and which keys of the store stand at or below one. `/` parts segments, nothing else does."""

from __future__ import annotations

from collections.abc import Iterable

Range = tuple[str, str]
"""From a key (included) to a key (not included); an empty end means the first key alone."""


def join(*parts: str) -> str:
    """Put segments together; each may hold slashes of its own."""
    return "/" + "/".join(part.strip("/") for part in parts if part.strip("/"))


def holds(path: str, key: str) -> bool:
    """Whether a key is this path or lies below it: `/a/x` holds `/a/x/y`, never `/a/xy`."""
    return key == path or key.startswith("/" if path == "/" else f"{path}/")


def below(path: str) -> Range:
    """Return the keys below a path, without itself."""
    return ("/", "0") if path == "/" else (f"{path}/", f"{path}0")


def at_and_below(path: str) -> list[Range]:
    """Return the path itself and the keys below it: two ranges, for between them lie the path's longer namesakes."""
    return [below(path)] if path == "/" else [(path, ""), below(path)]


def outermost(paths: Iterable[str]) -> list[str]:
    """Leave out what another path holds."""
    kept: list[str] = []
    for path in sorted(set(paths), key=lambda path: path.split("/")):
        if not any(holds(other, path) for other in kept):
            kept.append(path)
    return kept


def moved(values: dict[str, str], source: str, target: str) -> dict[str, str]:
    """Return what is at or below one path as it would be at another."""
    return {target + key[len(source) :]: value for key, value in values.items() if holds(source, key)}
