"""What a chart's `values.schema.json` lets people be asked: a flat list of questions in groups, each with the answer that holds now.

Only the shape of the form is told here. Whether an answer will do is `schema.check`'s business alone.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import yaml
from django.utils.translation import gettext as _

MOST = 200
_DEEPEST = 5
_MOST_LETTERS = 300
_SIMPLE = frozenset({"string", "integer", "number", "boolean", "null"})
_SLIDER = 100  # positions
_FEW = 5  # choices that are all shown at once

# No octal numbers and no times: nobody who types 010 into a form means 8.
_WHOLE = re.compile(r"-?\d{1,18}")
_DECIMAL = re.compile(r"-?\d{1,15}\.\d{1,15}")

Path = tuple[str, ...]


class Kind(StrEnum):
    """How a question is asked."""

    TEXT = "text"
    LINES = "lines"  # text of several lines
    SECRET = "secret"
    NUMBER = "number"
    SWITCH = "switch"
    CHOICE = "choice"
    CHOICES = "choices"  # several of some, kept as one text
    LIST = "list"  # simple values, one a line


@dataclass(frozen=True)
class Question:
    """One value that can be asked for; `answer` is what holds now, with the package's defaults."""

    path: Path
    kind: Kind
    rules: Mapping[str, Any]
    types: frozenset[str]
    required: bool
    answer: Any

    @property
    def name(self) -> str:
        """A name for a form's field: the same in every version that knows this path."""
        return f"v-{hashlib.sha256(json.dumps(self.path).encode()).hexdigest()[:12]}"

    @property
    def where(self) -> str:
        """The path as problems say it."""
        return ".".join(self.path)

    @property
    def title(self) -> str:
        """What it is called."""
        return _words(self.rules, "title") or self.path[-1]

    @property
    def description(self) -> str:
        """What the author says about it."""
        return _words(self.rules, "description")

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What can be chosen: values as JSON, and as words. What is set although it isn't among them stays one."""
        allowed = self.rules["enum"]
        chosen = self.answer if self.kind is Kind.CHOICES else [self.answer]
        offered = [*(one for one in chosen if not any(_is(one, value) for value in allowed)), *allowed]
        labels = _mapping(self.rules, "labels")
        return [(key, labels.get(key) or _word(value)) for key, value in ((json.dumps(value), value) for value in offered)]

    @property
    def bounds(self) -> tuple[float | None, float | None]:
        """The least and the greatest number."""
        low, high = (_number(self.rules.get(key)) for key in ("minimum", "maximum"))
        return low, high

    @property
    def unit(self) -> str:
        """What is counted, such as GiB."""
        return _words(self.rules, "unit")

    @property
    def step(self) -> int:
        """How far whole numbers are apart, where a field that counts from its least number can say so."""
        low, step = self.bounds[0] or 0, self.rules.get("multipleOf")
        return step if isinstance(step, int) and not isinstance(step, bool) and step > 0 and low % step == 0 else 1

    @property
    def slides(self) -> bool:
        """Whether it is a whole number of a small range."""
        low, high = self.bounds
        if self.types != {"integer"} or low is None or high is None or not isinstance(self.answer, int):
            return False
        return 0 < (high - low) / self.step <= _SLIDER

    @property
    def fixed(self) -> bool:
        """Whether it is a number that can only be this one."""
        low, high = self.bounds
        return low is not None and low == high == self.answer

    @property
    def is_row(self) -> bool:
        """Whether its choices are a few numbers, which are best seen side by side."""
        numbers = all(_number(value) is not None for value in self.rules.get("enum", ()))
        return self.kind is Kind.CHOICE and numbers and len(self.choices) <= _FEW

    @property
    def shown(self) -> Any:
        """The answer as a field holds it."""
        if self.kind is Kind.CHOICE:
            return json.dumps(self.answer)
        if self.kind is Kind.CHOICES:
            return [json.dumps(one) for one in self.answer]
        if self.kind is Kind.SWITCH:
            return self.answer is True
        if self.kind is Kind.LIST:
            return "\n".join(map(_scalar, self.answer or ()))
        return _scalar(self.answer)

    @property
    def told(self) -> str | None:
        """What a browser sends while nobody touches the field."""
        if self.kind is Kind.SWITCH:
            return "on" if self.answer is True else None
        return "\n".join(self.shown) if self.kind is Kind.CHOICES else str(self.shown)

    def heard(self, told: str | None) -> Any:
        """Return the value that a field's text stands for, of several choices one a line. What doesn't fit is for the schema to refuse."""
        if self.kind is Kind.SWITCH:
            return told is not None
        text = (told or "").replace("\r\n", "\n")
        if self.kind is Kind.CHOICES:
            picked = text.split("\n")
            return str(self.rules["separator"]).join(_scalar(json.loads(key)) for key, _words in self.choices if key in picked)
        if self.kind is Kind.CHOICE:
            return next((json.loads(key) for key, _words in self.choices if key == text), self.answer)
        if self.kind is Kind.LIST:
            types = _types(self.rules.get("items", {}))
            return [_value(line.strip(), types) for line in text.split("\n") if line.strip()]
        return _value(text, self.types)


@dataclass(frozen=True)
class Group:
    """An object of the schema with the questions right in it."""

    titles: tuple[str, ...]
    description: str
    questions: tuple[Question, ...]

    @property
    def title(self) -> str:
        """Its name with those of the groups around it; nothing for the outermost."""
        return " · ".join(self.titles)


@dataclass(frozen=True)
class Form:
    """All questions, and the paths that only the text can say."""

    groups: tuple[Group, ...]
    left: tuple[str, ...]

    @property
    def questions(self) -> list[Question]:
        """Every question of every group."""
        return [question for group in self.groups for question in group.questions]


def told_anew(form: Form | None, told: Mapping[str, str]) -> dict[str, Any]:
    """Return the answers that a form changed, as a tree; what nobody touched isn't in it, however it was written."""
    tree: dict[str, Any] = {}
    for question in form.questions if form else ():
        heard = question.heard(told.get(question.name))
        if repr(heard) == repr(question.heard(question.told)):
            continue
        branch = tree
        for step in question.path[:-1]:
            branch = branch.setdefault(step, {})
        branch[question.path[-1]] = heard
    return tree


@dataclass(frozen=True)
class Asked:
    """A schema, the values that answer it, and the path below which they lie."""

    schema: Any
    values: Mapping[str, Any]
    path: Path = ()


def form_of(schema: Any, values: Mapping[str, Any]) -> Form:
    """Return the form that a schema makes, filled with values."""
    return form_of_all([Asked(schema, values)])


def form_of_all(schemas: Iterable[Asked]) -> Form:
    """Return the form of several schemas, each below the names of its path; what one has asked for, the next leaves out."""
    reading = _Reading()
    groups = [group for one in schemas for group in reading.groups_of(one)]
    # What one schema only names may be what another asks for in parts.
    told = {".".join(path[:depth]) for path in reading.met for depth in range(1, len(path) + 1)}
    return Form(tuple(groups), tuple(where for where in reading.left if where not in told))


class _Reading:
    """Walks schemas and counts what it finds, because strangers write them."""

    def __init__(self) -> None:
        self.root: Any = None
        self.met: set[Path] = set()
        self.left: list[str] = []

    def groups_of(self, one: Asked) -> Iterator[Group]:
        """Yield the groups of one schema."""
        self.root = one.schema
        yield from self.groups(one.schema, one.values, one.path, one.path)

    def groups(self, schema: Any, values: Any, path: Path, titles: tuple[str, ...]) -> Iterator[Group]:
        """Yield an object's own questions as one group, then the objects in it."""
        rules = self._followed(schema)
        known = values if isinstance(values, Mapping) else {}
        questions, inner = [], []
        for key, part in _mapping(rules, "properties").items():
            here, below = (*path, key), self._followed(part)
            if "properties" in below and len(here) < _DEEPEST and isinstance(known.get(key), Mapping | None):
                inner.append((below, known.get(key), here, (*titles, _words(below, "title") or key)))
            elif question := self._question(below, known.get(key), here, required=key in _listed(rules, "required")):
                questions.append(question)
            elif len(self.left) < MOST:
                self.left.append(".".join(here))
        yield Group(titles, _words(rules, "description") if path else "", tuple(questions))
        for one in inner:
            yield from self.groups(*one)

    def _question(self, rules: Mapping[str, Any], answer: Any, path: Path, *, required: bool) -> Question | None:
        types = _types(rules) or _types_of(answer)
        kind = _kind(rules, types, answer, path[-1])
        if kind is None or path in self.met or len(self.met) >= MOST:
            return None
        self.met.add(path)
        return Question(path, kind, rules, types, required, answer)

    def _followed(self, schema: Any) -> Mapping[str, Any]:
        """Follow references inside the file, a few steps."""
        for _step in range(_DEEPEST):
            reference = schema.get("$ref") if isinstance(schema, Mapping) else None
            if not isinstance(reference, str):
                break
            schema = _pointed_at(self.root, reference)
        return schema if isinstance(schema, Mapping) else {}


def _kind(rules: Mapping[str, Any], types: frozenset[str], answer: Any, key: str) -> Kind | None:
    if not types or not types <= _SIMPLE or isinstance(answer, list | Mapping):
        return Kind.LIST if types == {"array"} and _is_simple_list(rules, answer) else None
    real = types - {"null"}
    if _listed(rules, "enum"):
        return Kind.CHOICE
    if real == {"boolean"}:
        return Kind.SWITCH if isinstance(answer, bool | None) else None
    if real <= {"integer", "number"} and not isinstance(answer, str):
        return Kind.NUMBER
    if rules.get("format") == "password" or rules.get("writeOnly") is True or key.lower().endswith("password"):
        return Kind.SECRET
    return Kind.LINES if isinstance(answer, str) and "\n" in answer else Kind.TEXT


def _is_simple_list(rules: Mapping[str, Any], answer: Any) -> bool:
    """Whether each item goes into a line."""
    types = _types(rules.get("items", {}))
    items = answer if isinstance(answer, list) else [] if answer is None else [answer, None]
    return bool(types) and types <= _SIMPLE and all(isinstance(item, str | int | float) and "\n" not in str(item) for item in items)


def _types(rules: Any) -> frozenset[str]:
    """Return the types that a part of a schema allows, as far as it says so."""
    if not isinstance(rules, Mapping):
        return frozenset()
    if isinstance(rules.get("type"), str):
        return frozenset({rules["type"]})
    if isinstance(rules.get("type"), list):
        return frozenset(map(str, rules["type"]))
    if isinstance(rules.get("enum"), list):
        return frozenset().union(*map(_types_of, rules["enum"]))
    for key in ("anyOf", "oneOf"):
        found = [_types(part) for part in _listed(rules, key)]
        if found and all(found):
            return frozenset().union(*found)
    return frozenset()


def _types_of(value: Any) -> frozenset[str]:
    kinds = ((bool, "boolean"), (int, "integer"), (float, "number"), (str, "string"))
    return frozenset([name for kind, name in kinds if isinstance(value, kind)][:1])


def _value(text: str, types: frozenset[str]) -> Any:
    """Read a text as the type that is asked for; it stays text where it isn't written as that."""
    bare = text.strip()
    if not text and "string" not in types:
        return None
    if types & {"integer", "number"} and _WHOLE.fullmatch(bare):
        return int(bare)
    if _DECIMAL.fullmatch(bare) and ("number" in types or types == {"integer"}):
        return float(bare)
    return bare == "true" if "boolean" in types and bare in ("true", "false") else text


def _scalar(value: Any) -> str:
    """Write a simple value as YAML does, but a text as it is."""
    if value is None:
        return ""
    return value if isinstance(value, str) else str(yaml.safe_dump(value)).removesuffix("\n").removesuffix("\n...")


def _word(value: Any) -> str:
    return _("not set") if value is None else _scalar(value) or _("empty")


def _is(one: Any, other: Any) -> bool:
    return json.dumps(one, default=str) == json.dumps(other, default=str)


def _number(value: Any) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _mapping(rules: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = rules.get(key)
    return found if isinstance(found, Mapping) else {}


def _listed(rules: Mapping[str, Any], key: str) -> list[Any]:
    found = rules.get(key)
    return found if isinstance(found, list) else []


def _words(rules: Mapping[str, Any], key: str) -> str:
    found = rules.get(key)
    return found.strip()[:_MOST_LETTERS] if isinstance(found, str) else ""


def _pointed_at(root: Any, reference: str) -> Any:
    found = root
    for step in reference.removeprefix("#").strip("/").split("/"):
        found = found.get(step.replace("~1", "/").replace("~0", "~")) if isinstance(found, Mapping) else None
    return found
