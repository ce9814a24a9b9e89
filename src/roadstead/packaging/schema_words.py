"""Turns what JSON Schema finds into problems that people read; the library's own sentences exist in English only."""

import re
from typing import Any

import jsonschema

from roadstead.core.problems import Problem
from roadstead.packaging import kinds
from roadstead.packaging.telling import shown, type_of

_RANGES = {
    "minimum": "≥",
    "maximum": "≤",
    "exclusiveMinimum": ">",
    "exclusiveMaximum": "<",
    "multipleOf": "n ×",
    "minLength": "≥",
    "maxLength": "≤",
    "minItems": "≥",
    "maxItems": "≤",
    "minProperties": "≥",
    "maxProperties": "≤",
}


def problem_of(error: jsonschema.ValidationError, file: str, where: str) -> Problem:
    """Say one finding; `where` is the path of the value."""
    rule = str(error.validator)
    expected: Any = error.validator_value
    found: Any = error.instance
    known = {
        "required": lambda: kinds.VALUE_REQUIRED(file=file, where=where, name=_quoted_name(error.message)),
        "additionalProperties": lambda: kinds.VALUE_UNKNOWN(file=file, where=where, name=error.message),
        "type": lambda: kinds.VALUE_TYPE(file=file, where=where, expected=_types(expected), found=type_of(found)),
        "enum": lambda: kinds.VALUE_CHOICE(file=file, where=where, expected=shown(expected), found=shown(found)),
        "const": lambda: kinds.VALUE_CHOICE(file=file, where=where, expected=shown(expected), found=shown(found)),
        "pattern": lambda: kinds.VALUE_PATTERN(file=file, where=where, expected=shown(expected), found=shown(found)),
    }
    if rule in _RANGES:
        size = found if isinstance(found, int | float) else len(found)
        return kinds.VALUE_RANGE(file=file, where=where, rule=_RANGES[rule], expected=shown(expected), found=shown(size))
    return known[rule]() if rule in known else kinds.VALUE_RULE(file=file, where=where, rule=rule)


def _types(expected: Any) -> str:
    return " / ".join(map(str, expected)) if isinstance(expected, list) else str(expected)


def _quoted_name(message: str) -> str:
    quoted = re.match(r"(['\"])(.*)\1 is a required", message)
    return quoted[2] if quoted else message
