"""How problems name values and their types, and how many of them are worth reading."""

import json
from collections.abc import Iterable
from itertools import islice
from typing import Any

from roadstead.core.problems import Problem
from roadstead.packaging import kinds

_MOST_LETTERS = 80
_MOST_NAMED = 20
_MOST_PROBLEMS = 100
_TYPES = ((bool, "boolean"), (int, "integer"), (float, "number"), (str, "string"), (list, "array"), (dict, "object"))


def type_of(value: Any) -> str:
    """Return the name that JSON Schema has for the type of a value."""
    return next((name for kind, name in _TYPES if isinstance(value, kind)), "null")


def shown(value: Any) -> str:
    """Write a value as JSON, cut where it gets long."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _MOST_LETTERS else text[: _MOST_LETTERS - 1] + "…"


def listed(values: Iterable[Any]) -> str:
    """Name what may be chosen; of many the first ones."""
    first = list(islice(values, _MOST_NAMED + 1))
    named = [value if isinstance(value, str) else shown(value) for value in first[:_MOST_NAMED]]
    return ", ".join((*named, "…") if len(first) > _MOST_NAMED else named)


def most(problems: Iterable[Problem]) -> list[Problem]:
    """Keep the first problems, and say how many more there are."""
    rest = iter(problems)
    first = list(islice(rest, _MOST_PROBLEMS))
    more = sum(1 for _problem in rest)
    return [*first, kinds.MORE_PROBLEMS(count=more)] if more else first
