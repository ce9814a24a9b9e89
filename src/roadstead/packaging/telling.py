"""How values and their types are named in problems."""

import json
from typing import Any

_MOST_LETTERS = 80
_TYPES = ((bool, "boolean"), (int, "integer"), (float, "number"), (str, "string"), (list, "array"), (dict, "object"))


def type_of(value: Any) -> str:
    """Return the name that JSON Schema has for the type of a value."""
    return next((name for kind, name in _TYPES if isinstance(value, kind)), "null")


def shown(value: Any) -> str:
    """Write a value as JSON, cut where it gets long."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _MOST_LETTERS else text[: _MOST_LETTERS - 1] + "…"
