"""`values.schema.json` of strangers: nothing is fetched, patterns run on RE2, and the work is bounded.

The schema is checked once when it is uploaded, values as often as somebody edits them.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

import jsonschema
import re2  # type: ignore[import-untyped]  # google-re2 brings no types
import referencing
import referencing.exceptions
from jsonschema.validators import validator_for

from roadstead.core.problems import Problem
from roadstead.packaging import kinds
from roadstead.packaging.schema_words import problem_of

_MOST = 50  # problems of one set of values
_MOST_STEPS = 50_000
_DRAFTS = frozenset(f"json-schema.org/{draft}/schema" for draft in ("draft-04", "draft-06", "draft-07", "draft/2019-09", "draft/2020-12"))
_REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")
# Helm's own validator checks these two when it renders; here they could walk a schema without being counted.
_LEFT_TO_HELM = ("unevaluatedProperties", "unevaluatedItems")
_OPTIONS = re2.Options()
_OPTIONS.log_errors = False

Keyword = Callable[[Any, Any, Any, Any], Iterator[jsonschema.ValidationError]]


class _TooCostlyError(Exception):
    """The schema makes the validator walk on and on."""


def problems_in(schema: Any, file: str) -> list[Problem]:
    """Say everything that is wrong with a schema itself."""
    if not isinstance(schema, dict | bool):
        return [kinds.NOT_A_MAPPING(file=file)]
    problems = list(_hostile(schema, file, ""))
    if problems or isinstance(schema, bool):
        return problems
    draft: Any = validator_for(schema, default=jsonschema.Draft202012Validator)
    try:
        draft.check_schema(schema, format_checker=jsonschema.FormatChecker(formats=()))
    except jsonschema.SchemaError as error:
        return [kinds.SCHEMA_INVALID(file=file, where=_dotted(error.absolute_path), reason=error.message[:300])]
    except RecursionError:
        return [kinds.SCHEMA_COSTLY(file=file)]
    return []


def check(schema: Any, values: Any, file: str) -> list[Problem]:
    """Check values against a schema in which `problems_in` found nothing."""
    draft: Any = validator_for(schema, default=jsonschema.Draft202012Validator)
    validator = _bounded(draft)(schema, registry=referencing.Registry())
    try:
        errors = list(islice(validator.iter_errors(values), _MOST))
    except (_TooCostlyError, RecursionError, ArithmeticError):  # the last: numbers of hundreds of digits
        return [kinds.SCHEMA_COSTLY(file=file)]
    except referencing.exceptions.Unresolvable as error:
        return [kinds.SCHEMA_REMOTE(file=file, found=error.ref)]
    ordered = sorted(errors, key=lambda error: (_dotted(error.absolute_path), error.message))
    return [problem_of(error, file, _dotted(error.absolute_path)) for error in ordered]


def _hostile(schema: Any, file: str, where: str) -> Iterator[Problem]:
    """Walk every branch for references that leave the file, unknown drafts, and patterns that RE2 does not run."""
    if isinstance(schema, list):
        for position, item in enumerate(schema):
            yield from _hostile(item, file, f"{where}[{position}]")
    if not isinstance(schema, dict):
        return
    for key, value in schema.items():
        here = f"{where}.{key}".lstrip(".")
        if isinstance(value, str):
            yield from _hostile_text(key, value, file, here)
        elif key == "patternProperties" and isinstance(value, dict):
            yield from (kinds.SCHEMA_PATTERN(file=file, where=here, found=pattern) for pattern in value if _pattern(pattern) is None)
        yield from _hostile(value, file, here)


def _hostile_text(key: str, value: str, file: str, where: str) -> Iterator[Problem]:
    if key in _REFERENCES and not value.startswith("#"):
        yield kinds.SCHEMA_REMOTE(file=file, where=where, found=value)
    if key == "$schema" and value.partition("://")[2].rstrip("#") not in _DRAFTS:
        yield kinds.SCHEMA_UNKNOWN(file=file, where=where, found=value)
    if key == "pattern" and _pattern(value) is None:
        yield kinds.SCHEMA_PATTERN(file=file, where=where, found=value)


def _pattern(source: str) -> Any:
    """Compile with RE2, which takes time in proportion to the text, or return None."""
    try:
        return re2.compile(source, _OPTIONS)
    except (re2.error, UnicodeEncodeError):
        return None


def _bounded(draft: Any) -> Any:
    """Return the draft's validator with our own patterns, and with every step counted."""
    left = [_MOST_STEPS]

    def counted(keyword: Keyword) -> Keyword:
        def check_keyword(validator: Any, value: Any, instance: Any, schema: Any) -> Iterator[jsonschema.ValidationError]:
            left[0] -= 1 + (len(value) if isinstance(value, list) else 0)
            if left[0] < 0:
                raise _TooCostlyError
            yield from keyword(validator, value, instance, schema) or ()

        return check_keyword

    ours = {key: keyword for key, keyword in {**draft.VALIDATORS, **_OURS}.items() if key not in _LEFT_TO_HELM}
    bounded: Any = jsonschema.validators.create(
        meta_schema=draft.META_SCHEMA,
        validators={key: counted(keyword) for key, keyword in ours.items()},
        type_checker=draft.TYPE_CHECKER,
        id_of=draft.ID_OF,
    )
    return bounded


def _check_pattern(validator: Any, source: str, instance: Any, _schema: Any) -> Iterator[jsonschema.ValidationError]:
    if validator.is_type(instance, "string") and not _matches(source, instance):
        yield jsonschema.ValidationError("pattern")


def _check_pattern_properties(
    validator: Any, patterns: Mapping[str, Any], instance: Any, _schema: Any
) -> Iterator[jsonschema.ValidationError]:
    if validator.is_type(instance, "object"):
        for source, schema in patterns.items():
            for key, value in instance.items():
                if _matches(source, str(key)):
                    yield from validator.descend(value, schema, path=key, schema_path=source)


def _check_additional(validator: Any, allowed: Any, instance: Any, schema: Mapping[str, Any]) -> Iterator[jsonschema.ValidationError]:
    if not validator.is_type(instance, "object"):
        return
    for key, value in instance.items():
        if key in schema.get("properties", {}) or any(_matches(source, str(key)) for source in schema.get("patternProperties", {})):
            continue
        if validator.is_type(allowed, "object"):
            yield from validator.descend(value, allowed, path=key)
        elif allowed is False:
            yield jsonschema.ValidationError(str(key))


def _check_unique(validator: Any, wanted: Any, instance: Any, _schema: Any) -> Iterator[jsonschema.ValidationError]:
    # The library compares each with each; a set of texts does not.
    if wanted and validator.is_type(instance, "array"):
        # Twice, because keys that are numbers become texts first; those of both kinds have no order.
        texts = {json.dumps(json.loads(json.dumps(item, default=str)), sort_keys=True) for item in instance}
        if len(texts) < len(instance):
            yield jsonschema.ValidationError("uniqueItems")


def _matches(source: str, text: str) -> bool:
    pattern = _pattern(source)
    return pattern is not None and pattern.search(text.encode("utf-8", "replace").decode()) is not None


_OURS: dict[str, Keyword] = {
    "pattern": _check_pattern,
    "patternProperties": _check_pattern_properties,
    "additionalProperties": _check_additional,
    "uniqueItems": _check_unique,
}


def _dotted(path: Any) -> str:
    """Write a path as people do: `db.users[0].name`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")
