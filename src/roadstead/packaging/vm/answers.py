"""Answers of a person against the questions of `config.json`: every violation at once, each by its dotted path."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from roadstead.core.problems import Problem
from roadstead.packaging.telling import listed, most, shown, type_of
from roadstead.packaging.vm import kinds
from roadstead.packaging.vm.items import NETWORK_KEYS, NUMBERS, Item

_LARGEST = 2**63 - 1
_SECTIONS = ("cluster", "env", "service_params")
_HIDDEN = "•••"


@dataclass(frozen=True)
class Link:
    """An instance that may be chosen where a package links to one."""

    app: str
    version: str
    network: str
    active: bool = True


@dataclass(frozen=True)
class Answers:
    """What is wrong with the answers, and the data that the template sees: defaults with the answers laid over them."""

    problems: tuple[Problem, ...]
    data: Mapping[str, Any] = field(repr=False)


def answer(
    config: Item,
    given: Mapping[str, Any],
    *,
    before: Mapping[str, Any] | None = None,
    links: Mapping[str, Link] | None = None,
) -> Answers:
    """Check answers and build the template's data.

    `before` is the data of an instance that is there already: what was fixed at its creation must stay. `links` are the instances that
    may be linked, by id; None where nobody can tell yet.
    """
    checking = _Checking(given, before, links)
    data = data_of(config, given)
    return Answers(tuple(most(checking.of_group(config, given, data))), data)


def defaults(config: Item) -> Answers:
    """Check what the package itself offers, without asking for what only a person can give."""
    data = data_of(config, {}, lambda item: item.sample)
    wrong = [
        problem
        for item in config.leaves()
        if not _is_empty(item.sample) and (item.default is not None or item.range or item.type in NUMBERS)
        for problem in _of_value(item, item.sample)
    ]
    return Answers(tuple(most(wrong)), data)


def data_of(config: Item, given: Mapping[str, Any], initial: Callable[[Item], Any] = lambda item: item.initial) -> dict[str, Any]:
    """Return the object that a template is rendered with."""
    return {**{section: {} for section in _SECTIONS}, **_data(config, given, initial)}


def _data(group: Item, given: Any, initial: Callable[[Item], Any]) -> dict[str, Any]:
    known = given if isinstance(given, Mapping) else {}
    data: dict[str, Any] = {}
    for item in group.properties:
        answer = _told(item, known)
        if item.is_group:
            data[item.key] = _data(item, answer, initial)
        else:
            data[item.key] = _joined(item, initial(item) if answer is None else answer)
    # Older packages call the network vxnet; their templates may use either name.
    if group.path == ("cluster",) and (both := NETWORK_KEYS & data.keys()):
        data |= dict.fromkeys(NETWORK_KEYS, data[min(both)])
    return data


def _told(item: Item, known: Mapping[str, Any]) -> Any:
    """Return the answer to an item; null is none, and the network goes by both its names."""
    if item.path in {("cluster", key) for key in NETWORK_KEYS}:
        return next((known[key] for key in sorted(NETWORK_KEYS) if known.get(key) is not None), None)
    return known.get(item.key)


def _joined(item: Item, value: Any) -> Any:
    if item.multichoice and isinstance(value, list | tuple):
        return item.separator.join(word(one) for one in value)
    return value


def word(value: Any) -> str:
    """Write one of several choices as it stands in their text."""
    return value if isinstance(value, str) else shown(value)


class _Checking:
    """Walks the questions beside the answers."""

    def __init__(self, given: Mapping[str, Any], before: Mapping[str, Any] | None, links: Mapping[str, Link] | None) -> None:
        cluster = given.get("cluster")
        known = cluster if isinstance(cluster, Mapping) else {}
        self.network = next((known[key] for key in sorted(NETWORK_KEYS) if known.get(key)), "")
        self.before = before
        self.links = links

    def of_group(self, group: Item, given: Any, data: Mapping[str, Any]) -> Iterator[Problem]:
        """Check a group and all that is in it."""
        if not isinstance(given, Mapping):
            yield kinds.NOT_A_GROUP(where=group.where, found=type_of(given))
            return
        known = {item.key for item in group.properties}
        if group.path == ("cluster",) and known & NETWORK_KEYS:
            known |= NETWORK_KEYS
        for key in given:
            if key not in known:
                yield kinds.UNKNOWN_KEY(where=".".join((*group.path, str(key))), name=str(key))
        for item in group.properties:
            answer = _told(item, given)
            if item.is_group:
                yield from self.of_group(item, {} if answer is None else answer, data[item.key])
            else:
                yield from self._of_leaf(item, answer, data[item.key])

    def _of_leaf(self, item: Item, answer: Any, value: Any) -> Iterator[Problem]:
        if answer is not None and not item.changeable_when_create and _joined(item, answer) != item.initial:
            yield kinds.NOT_ASKED(where=item.where)
        elif self._is_fixed(item, value):
            yield kinds.NOT_CHANGEABLE(where=item.where)
        elif item.required and item.key not in NETWORK_KEYS and _is_empty(item.default if answer is None else answer):
            yield kinds.REQUIRED(where=item.where)
        elif answer is not None and not (not item.required and _is_empty(answer) and isinstance(answer, str)):
            yield from _of_value(item, answer)
            yield from self._of_link(item, answer)

    def _is_fixed(self, item: Item, value: Any) -> bool:
        if self.before is None or item.changeable:
            return False
        was: Any = self.before
        for key in item.path:
            was = was.get(key) if isinstance(was, Mapping) else None
        return not _same(was, value)

    def _of_link(self, item: Item, answer: Any) -> Iterator[Problem]:
        if item.type != "service" or self.links is None or not isinstance(answer, str):
            return
        for chosen in answer.split():
            link = self.links.get(chosen)
            if link is None or not link.active or link.network != self.network or not _is_allowed(item, link):
                yield kinds.LINK_NOT_ALLOWED(where=item.where, found=chosen)


def _is_allowed(item: Item, link: Link) -> bool:
    versions = item.limits.get(link.app)
    return not item.limits or (versions is not None and (not versions or link.version in versions))


def _of_value(item: Item, value: Any) -> Iterator[Problem]:
    """Check one value by itself."""
    if item.multichoice and item.range:
        yield from _of_choices(item, value)
        return
    wrong = _TYPES.get(item.type, _of_text)(item, value)
    if wrong:
        yield wrong
        return
    if item.range and not any(_same(value, option) for option in item.range):
        yield _not_in_range(item, value)
    if item.type in NUMBERS:
        yield from _of_limits(item, value)
    elif item.pattern and isinstance(value, str) and not item.matches(value):
        yield kinds.PATTERN_MISMATCH(where=item.where, found=_found(item, value), expected=shown(item.pattern))


def _of_choices(item: Item, value: Any) -> Iterator[Problem]:
    parts = value.split(item.separator) if isinstance(value, str) else value
    if not isinstance(parts, list | tuple):
        yield kinds.NOT_STRING(where=item.where, found=type_of(value))
        return
    options = {word(option) for option in item.range}
    for part in parts:
        if word(part) not in options:
            yield _not_in_range(item, part)


def _not_in_range(item: Item, value: Any) -> Problem:
    expected = listed(_HIDDEN if item.is_secret else shown(option) for option in item.range)
    return kinds.NOT_IN_RANGE(where=item.where, found=_found(item, value), expected=expected)


def _of_limits(item: Item, value: float) -> Iterator[Problem]:
    if item.max is not None and value > item.max:
        yield kinds.ABOVE_MAX(where=item.where, found=value, limit=item.max)
    if item.min is not None and value < item.min:
        yield kinds.BELOW_MIN(where=item.where, found=value, limit=item.min)
    # Packages count steps from 0 or from the least that is allowed.
    if item.step and value % item.step and (value - (item.min or 0)) % item.step:
        yield kinds.NOT_ON_STEP(where=item.where, found=value, step=item.step)


def _of_integer(item: Item, value: Any) -> Problem | None:
    fits = isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _LARGEST
    return None if fits else kinds.NOT_INTEGER(where=item.where, found=shown(value))


def _of_number(item: Item, value: Any) -> Problem | None:
    fits = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= _LARGEST and math.isfinite(value)
    return None if fits else kinds.NOT_NUMBER(where=item.where, found=shown(value))


def _of_boolean(item: Item, value: Any) -> Problem | None:
    return None if isinstance(value, bool) else kinds.NOT_BOOLEAN(where=item.where, found=shown(value))


def _of_text(item: Item, value: Any) -> Problem | None:
    return None if isinstance(value, str) else kinds.NOT_STRING(where=item.where, found=type_of(value))


def _of_balancers(item: Item, value: Any) -> Problem | None:
    fits = isinstance(value, list) and all(isinstance(one, Mapping) for one in value)
    return None if fits else kinds.WRONG_TYPE(where=item.where, expected="array of objects", found=type_of(value))


_TYPES: Mapping[str, Callable[[Item, Any], Problem | None]] = {
    "integer": _of_integer,
    "number": _of_number,
    "boolean": _of_boolean,
    "loadbalancer": _of_balancers,
}


def _found(item: Item, value: Any) -> str:
    return _HIDDEN if item.is_secret else shown(value)


def _same(one: Any, other: Any) -> bool:
    """Whether two values are one; 1 and 1.0 are, 1 and true aren't."""
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _is_empty(value: Any) -> bool:
    return value is None or value in ("", [])
