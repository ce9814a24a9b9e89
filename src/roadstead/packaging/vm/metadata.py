"""`package.json`: what a package says of itself."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from roadstead.core.problems import Problem
from roadstead.packaging.chart import VERSION
from roadstead.packaging.telling import shown, type_of
from roadstead.packaging.vm import kinds

FILE = "package.json"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}")
_TEXTS = ("api_version", "apiVersion", "name", "version", "app_version", "description", "home", "icon")
_LISTS = ("screenshots", "keywords", "sources")
_KNOWN = frozenset({*_TEXTS, *_LISTS, "maintainers"})


def is_name(text: str) -> bool:
    """Whether a package may be called this."""
    return _NAME.fullmatch(text) is not None


def problems_in(found: Mapping[str, Any]) -> list[Problem]:
    """Say everything that is wrong with a parsed `package.json`."""
    return [*_of_types(found), *_of_identity(found), *_of_maintainers(found.get("maintainers"))]


def _of_types(found: Mapping[str, Any]) -> Iterator[Problem]:
    for key, value in found.items():
        if key not in _KNOWN:
            yield kinds.UNKNOWN_FIELD(file=FILE, where=key, name=key)
        elif key in _TEXTS and not isinstance(value, str | None):
            yield kinds.WRONG_TYPE(file=FILE, where=key, expected="string", found=type_of(value))
        elif key in _LISTS and value is not None and not _are_texts(value):
            yield kinds.WRONG_TYPE(file=FILE, where=key, expected="array of strings", found=type_of(value))


def _of_identity(found: Mapping[str, Any]) -> Iterator[Problem]:
    name, version = found.get("name"), found.get("version")
    if not name:
        yield kinds.NAME_EMPTY(file=FILE, where="name")
    elif isinstance(name, str) and not is_name(name):
        yield kinds.NAME_INVALID(file=FILE, where="name", found=name[:80])
    if version is None or (isinstance(version, str) and (version.startswith("v") or not VERSION.fullmatch(version))):
        yield kinds.VERSION_INVALID(file=FILE, where="version", found=(version or "")[:80])
    generations = {key: found[key] for key in ("api_version", "apiVersion") if isinstance(found.get(key), str)}
    if len(set(generations.values())) > 1:
        yield kinds.API_VERSIONS_DIFFER(file=FILE, where="apiVersion")
    elif generations and "v1" not in generations.values():
        yield kinds.API_VERSION(file=FILE, where=next(iter(generations)), found=next(iter(generations.values()))[:80])


def _of_maintainers(found: Any) -> Iterator[Problem]:
    if not isinstance(found, list | None):
        yield kinds.WRONG_TYPE(file=FILE, where="maintainers", expected="array", found=type_of(found))
        return
    for position, person in enumerate(found or ()):
        where = f"maintainers[{position}]"
        if not isinstance(person, dict):
            yield kinds.WRONG_TYPE(file=FILE, where=where, expected="object", found=type_of(person))
        elif not isinstance(person.get("name"), str) or not person["name"]:
            yield kinds.MISSING_FIELD(file=FILE, where=where, name="name")
        elif not isinstance(person.get("email") or "", str):
            yield kinds.WRONG_TYPE(file=FILE, where=f"{where}.email", expected="string", found=shown(person["email"]))


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
