"""The questions of `config.json` as the form of a deployment: a group a role, each with its resources and its parameters."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils import translation

from roadstead.packaging.questions import Form, Group, Kind, Question
from roadstead.packaging.vm.answers import data_of
from roadstead.packaging.vm.items import NETWORK_KEYS, NUMBERS, Item
from roadstead.packaging.vm.words import Words

# The page of a deployment asks for these itself.
ELSEWHERE = frozenset({("cluster", key) for key in ("name", "description", *NETWORK_KEYS)})
_UNITS = {"cpu": "", "memory": "MiB", "volume_size": "GiB"}
_KINDS = {"boolean": Kind.SWITCH, "password": Kind.SECRET, "integer": Kind.NUMBER, "number": Kind.NUMBER}


def language() -> str:
    """The language of whoever reads."""
    return translation.get_language() or "en"


def form_of(config: Item, answers: Mapping[str, Any], words: Words) -> Form:
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

    def __init__(self, data: Mapping[str, Any], words: Words) -> None:
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
            value = [part for part in value.split(item.separator) if part]
        kind = _kind(item, value)
        # A default that belongs to no range is no choice; a text field would only hide that.
        types = {"array"} if kind is Kind.LIST else {item.type if item.type in {*NUMBERS, "boolean"} else "string"}
        return Question(item.path, kind, self._rules(item), frozenset(types), item.required, value)

    def _rules(self, item: Item) -> dict[str, Any]:
        """Say the item's rules as a chart's schema would."""
        rules = {
            "title": self._title(item),
            "description": self.words(item.description),
            "unit": item.unit or _UNITS.get(item.key, ""),
            "minimum": item.min,
            "maximum": item.max,
            "multipleOf": item.step,
            "pattern": item.pattern or None,
            "enum": list(item.range) or None,
            "items": {"type": "string"},
        }
        return {key: value for key, value in rules.items() if value not in (None, "")}

    def _title(self, item: Item) -> str:
        return self.words(item.label or item.key)


def _kind(item: Item, value: Any) -> Kind:
    if item.range:
        return Kind.LIST if item.multichoice else Kind.CHOICE
    if item.type == "string" and (item.key == "description" or (isinstance(value, str) and "\n" in value)):
        return Kind.LINES
    return _KINDS.get(item.type, Kind.TEXT)
