"""Reads `config.json` and says everything that is wrong with it."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from roadstead.core.problems import Problem
from roadstead.packaging import kinds as common
from roadstead.packaging.telling import most, shown, type_of
from roadstead.packaging.vm import kinds
from roadstead.packaging.vm.items import GROUP, NUMBERS, TEXTS, TYPES, Item, compiled

FILE = "config.json"
_MOST_LEVELS = 12
_FLAGS = {"yes": True, "no": False}
Reader = Callable[[Any], Any]


class _UnfitError(Exception):
    """A value isn't what its field holds; `expected` says what that would be."""

    def __init__(self, expected: str) -> None:
        super().__init__(expected)
        self.expected = expected


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise _UnfitError("string")
    return value


def _flag(value: Any) -> bool:
    # The family of formats writes yes and no.
    found = _FLAGS.get(value) if isinstance(value, str) else value
    if not isinstance(found, bool):
        raise _UnfitError("boolean")
    return found


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _UnfitError("number")
    return value


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _UnfitError("integer")
    return value


def _positive(value: Any) -> int:
    if _whole(value) < 1:
        raise _UnfitError("integer ≥ 1")
    return int(value)


def _list(value: Any) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise _UnfitError("array")
    return tuple(value)


def _simple(value: Any) -> tuple[Any, ...]:
    if not isinstance(value, list) or any(isinstance(item, list | dict) or item is None for item in value):
        raise _UnfitError("array of simple values")
    return tuple(value)


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(map(_text, _list(value)))


def _ports(value: Any) -> tuple[int, ...]:
    return tuple(map(_whole, value if isinstance(value, list) else [value]))


def _objects(value: Any) -> tuple[Mapping[str, Any], ...]:
    if not all(isinstance(item, dict) for item in _list(value)):
        raise _UnfitError("array of objects")
    return tuple(value)


def _versions(value: Any) -> Mapping[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        raise _UnfitError("object")
    return {app: _texts(versions) for app, versions in value.items()}


_READERS: Mapping[str, Reader] = {
    "label": _text,
    "description": _text,
    "required": _flag,
    "range": _simple,
    "min": _number,
    "max": _number,
    "step": _positive,
    "pattern": _text,
    "multichoice": _flag,
    "separator": _text,
    "changeable": _flag,
    "limits": _versions,
    "allowed_operations": _texts,
    "port": _ports,
    "unit": _text,
    "changeable_when_create": _flag,
    "customizable": _flag,
    "resource_group": _list,
    "auto_scale_step": _whole,
    "system": _flag,
    "expanded": _flag,
    "dependencies": _objects,
    "associate_mode": _whole,
}
_KNOWN = frozenset({*_READERS, "key", "type", "properties", "default"})


def read(value: Any) -> tuple[Item, list[Problem]]:
    """Return the tree that a parsed `config.json` describes; what is wrong is left out of it."""
    reading = _Reading()
    root = reading.group(value, (), "") if isinstance(value, dict) else None
    if root is None:
        reading.problems.append(common.NOT_A_MAPPING(file=FILE))
    elif root.child("cluster") is None:
        reading.problems.append(kinds.MISSING_FIELD(file=FILE, where="properties", name="cluster"))
    return root or Item(), most(reading.problems)


class _Reading:
    """Walks the items and notes what is wrong."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def group(self, value: Mapping[str, Any], path: tuple[str, ...], where: str) -> Item | None:
        """Read an item, and those below it if it is a group."""
        kind = value.get("type", GROUP if "properties" in value else "string")
        if kind not in TYPES:
            self.problems.append(kinds.UNKNOWN_TYPE(file=FILE, where=where, found=shown(kind), expected=", ".join(TYPES)))
            return None
        facts = dict(self._facts(value, where))
        below = tuple(self._below(value, path, where)) if kind == GROUP else ()
        default = value.get("default") if kind != GROUP else None
        item = Item(path[-1] if path else "", kind, path, properties=below, default=default, **facts)
        self._judge(item, where)
        return item

    def _facts(self, value: Mapping[str, Any], where: str) -> Iterator[tuple[str, Any]]:
        for name, given in value.items():
            here = f"{where}.{name}".lstrip(".")
            if name not in _KNOWN:
                self.problems.append(kinds.UNKNOWN_FIELD(file=FILE, where=here, name=name))
            elif name in _READERS and given is not None:
                try:
                    yield name, _READERS[name](given)
                except _UnfitError as unfit:
                    self.problems.append(kinds.WRONG_TYPE(file=FILE, where=here, expected=unfit.expected, found=type_of(given)))

    def _below(self, value: Mapping[str, Any], path: tuple[str, ...], where: str) -> Iterator[Item]:
        found = value.get("properties")
        if not isinstance(found, list) or not found:
            self.problems.append(kinds.EMPTY_GROUP(file=FILE, where=where or "properties"))
            return
        if len(path) >= _MOST_LEVELS:
            self.problems.append(common.DOCUMENT_TOO_DEEP(file=FILE, where=where, limit=_MOST_LEVELS))
            return
        seen: set[str] = set()
        for position, one in enumerate(found):
            key = one.get("key") if isinstance(one, dict) else None
            if not isinstance(key, str) or not key or any(letter.isspace() for letter in key):
                self.problems.append(kinds.BAD_KEY(file=FILE, where=f"{where or 'properties'}[{position}]", found=shown(key)))
                continue
            here = f"{where}.{key}".lstrip(".")
            if key in seen:
                self.problems.append(kinds.DUPLICATE_ITEM(file=FILE, where=here, name=key))
                continue
            seen.add(key)
            if item := self.group(one, (*path, key), here):
                yield item

    def _judge(self, item: Item, where: str) -> None:
        """Find rules that contradict themselves, and patterns that aren't understood."""
        if item.pattern and compiled(item.pattern) is None:
            self.problems.append(common.SCHEMA_PATTERN(file=FILE, where=f"{where}.pattern", found=item.pattern))
        if item.min is not None and item.max is not None and item.min > item.max:
            self.problems.append(kinds.LIMITS_CROSSED(file=FILE, where=where, low=item.min, high=item.max))
        if not item.is_group and not item.required and item.default is None and item.type in {*TEXTS, *NUMBERS, "boolean"}:
            self.problems.append(kinds.NO_DEFAULT(file=FILE, where=where))
