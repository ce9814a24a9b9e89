"""The questions of `config.json` as the form of a deployment: a group a role, each with its resources and its parameters."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from roadstead.core.problems import Words
from roadstead.packaging.questions import Form, Group, Kind, Question
from roadstead.packaging.vm.answers import data_of, word
from roadstead.packaging.vm.items import NETWORK_KEYS, NUMBERS, Item
from roadstead.packaging.vm.words import Words as AuthorsWords

# The page of a deployment asks for these itself.
ELSEWHERE = frozenset({("cluster", key) for key in ("name", "description", *NETWORK_KEYS)})
_KINDS = {"boolean": Kind.SWITCH, "password": Kind.SECRET, "integer": Kind.NUMBER, "number": Kind.NUMBER}
# What the sections of roles ask for by custom: how it is called where the author doesn't say, and in what it is counted.
_CUSTOMARY: Mapping[str, tuple[Words, str]] = {
    "cpu": (_("CPU cores"), ""),
    "memory": (_("Memory"), "MiB"),
    "gpu": (_("Graphics processors"), ""),
    "count": (_("Number of nodes"), ""),
    "replica": (_("Followers of each node"), ""),
    "volume_size": (_("Disk size"), "GiB"),
}
_MIB_A_GIB = 1024


def language() -> str:
    """The language of whoever reads."""
    return translation.get_language() or "en"


def form_of(config: Item, answers: Mapping[str, Any], words: AuthorsWords) -> Form:
    """Return the form, filled with answers and the package's own values."""
    data = data_of(config, answers, lambda item: item.sample)
    reading = _Reading(data, words)
    return Form(tuple(reading.groups(config)), tuple(reading.left))


def answers_of(group: Item, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers that make this data: those to the questions of the form."""
    answers: dict[str, Any] = {}
    for item in group.properties:
        if item.is_group:
            answers[item.key] = answers_of(item, data[item.key])
        elif item.path not in ELSEWHERE:
            answers[item.key] = data[item.key]
    return answers


class _Reading:
    """Walks the items in the order in which people are asked."""

    def __init__(self, data: Mapping[str, Any], words: AuthorsWords) -> None:
        self.data = data
        self.words = words
        self.left: list[str] = []

    def groups(self, config: Item) -> Iterator[Group]:
        """Yield each role with its resources and parameters, then what belongs to no role."""
        cluster, env = config.at("cluster") or Item(), config.at("env") or Item()
        yield from self._group(cluster, (), deeper=False)
        for section in cluster.properties:
            if section.is_group:
                yield from self._group(section, (self._title(section),))
                own = env.child(section.key)
                if own and own.is_group:
                    yield from self._group(own, (self._title(section), self._title(own) if own.label else ""))
        rest = [item for item in env.properties if not (item.is_group and (role := cluster.child(item.key)) and role.is_group)]
        if rest:
            yield from self._group(Item("env", env.type, env.path, env.label, env.description, tuple(rest)), (self._title(env),))

    def _group(self, group: Item, titles: tuple[str, ...], *, deeper: bool = True) -> Iterator[Group]:
        asked = [item for item in group.properties if not item.is_group and item.path not in ELSEWHERE and item.changeable_when_create]
        questions = tuple(self._question(item) for item in asked if item.type != "loadbalancer")
        self.left.extend(item.where for item in asked if item.type == "loadbalancer")
        yield Group(tuple(filter(None, titles)), self.words(group.description), questions)
        for item in group.properties if deeper else ():
            if item.is_group:
                yield from self._group(item, (*titles, self._title(item)))

    def _question(self, item: Item) -> Question:
        value: Any = self.data
        for key in item.path:
            value = value[key]
        if item.multichoice and isinstance(value, str):
            parts = {part for part in value.split(item.separator) if part}
            known = [option for option in item.range if word(option) in parts]
            value = [*known, *sorted(parts - {word(option) for option in known})]
        kind = _kind(item, value)
        # A default that belongs to no range is no choice; a text field would only hide that.
        types = {"array"} if kind is Kind.LIST else {item.type if item.type in {*NUMBERS, "boolean"} else "string"}
        return Question(item.path, kind, self._rules(item), frozenset(types), item.required, value)

    def _rules(self, item: Item) -> dict[str, Any]:
        """Say the item's rules as a chart's schema would."""
        rules = {
            "title": self._title(item),
            "description": self.words(item.description),
            "unit": _unit(item),
            "minimum": item.min,
            "maximum": item.max,
            "multipleOf": item.step,
            "pattern": item.pattern or None,
            "enum": list(item.range) or None,
            "items": {"type": "string"},
            "separator": item.separator if item.multichoice else None,
            "labels": {json.dumps(value): self._label(item, value) for value in item.range},
        }
        return {key: value for key, value in rules.items() if value not in (None, "")}

    def _title(self, item: Item) -> str:
        if not item.label and (custom := _customary(item)):
            return str(custom[0])
        return self.words(item.label or item.key)

    def _label(self, item: Item, value: Any) -> str:
        """Say a choice: in the author's words if it is a word, with its unit if it is a number."""
        if isinstance(value, str):
            return self.words(value)
        unit = _unit(item)
        if unit == "MiB" and isinstance(value, int) and value and value % _MIB_A_GIB == 0:
            value, unit = value // _MIB_A_GIB, "GiB"
        return f"{json.dumps(value)} {unit}".strip()


def _customary(item: Item) -> tuple[Words, str] | None:
    return _CUSTOMARY.get(item.key) if len(item.path) == len(("cluster", "role", "key")) and item.path[0] == "cluster" else None


def _unit(item: Item) -> str:
    custom = _customary(item)
    return item.unit or (custom[1] if custom else "")


def _kind(item: Item, value: Any) -> Kind:
    if item.range:
        return Kind.CHOICES if item.multichoice else Kind.CHOICE
    if item.type == "string" and (item.key == "description" or (isinstance(value, str) and "\n" in value)):
        return Kind.LINES
    return _KINDS.get(item.type, Kind.TEXT)
