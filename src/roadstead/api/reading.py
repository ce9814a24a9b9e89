"""The OpenAPI document, arranged for people to read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from roadstead.api.assembly import the_api

PREFIX = "/api/v1/"
_BODY = "body"


@dataclass(frozen=True)
class FieldTold:
    """A parameter, or a field of a body or an answer; `place` is path, query, header or body."""

    name: str
    kind: str
    words: str = ""
    place: str = ""
    required: bool = False


@dataclass(frozen=True)
class OperationTold:
    """One operation; `answer` names the shape of its good answer."""

    id: str
    method: str
    path: str
    words: str
    scope: str
    public: bool
    takes: tuple[FieldTold, ...]
    answer: str
    statuses: tuple[str, ...]


@dataclass(frozen=True)
class ShapeTold:
    """What an answer is made of."""

    name: str
    words: str
    fields: tuple[FieldTold, ...]


@cache
def operations_by_tag() -> dict[str, list[OperationTold]]:
    """Return every operation below its tag, in the document's order."""
    document: Mapping[str, Any] = the_api().get_openapi_schema(path_prefix=PREFIX)
    told: dict[str, list[OperationTold]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            told.setdefault(operation["tags"][0], []).append(_operation(document, path, method, operation))
    return told


@cache
def shapes() -> list[ShapeTold]:
    """Return every shape that has fields, by name."""
    document: Mapping[str, Any] = the_api().get_openapi_schema(path_prefix=PREFIX)
    named = sorted(document["components"]["schemas"].items())
    return [ShapeTold(name, shape.get("description", ""), tuple(_fields(shape))) for name, shape in named if "properties" in shape]


def _operation(document: Mapping[str, Any], path: str, method: str, operation: Mapping[str, Any]) -> OperationTold:
    security = operation.get("security", ())
    scopes = [scope for scheme in security for held in scheme.values() for scope in held]
    good = next(answer for status, answer in operation["responses"].items() if int(status) < 300)  # noqa: PLR2004  # as HTTP has it
    return OperationTold(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        words=operation.get("description", ""),
        scope=scopes[0] if scopes else "",
        public=not security,
        takes=(*_parameters(operation), *_sent(document, operation)),
        answer=_named(next(iter(good.get("content", {"": {}}).values())).get("schema", {})),
        statuses=tuple(str(status) for status in sorted(operation["responses"])),
    )


def _parameters(operation: Mapping[str, Any]) -> Iterator[FieldTold]:
    for one in operation.get("parameters", ()):
        yield FieldTold(one["name"], _named(one["schema"]), one.get("description", ""), one["in"], one.get("required", False))


def _sent(document: Mapping[str, Any], operation: Mapping[str, Any]) -> Iterator[FieldTold]:
    for media in operation.get("requestBody", {}).get("content", {}).values():
        schema = media["schema"]
        yield from _fields(document["components"]["schemas"].get(_named(schema), schema), _BODY)


def _fields(shape: Mapping[str, Any], place: str = "") -> Iterator[FieldTold]:
    required = shape.get("required", ())
    for name, schema in shape.get("properties", {}).items():
        yield FieldTold(name, _named(schema), schema.get("description", ""), place, name in required)


def _named(schema: Mapping[str, Any]) -> str:
    """Say what kind of value a schema stands for: its name, its values, or its type."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "enum" in schema:
        return " | ".join(str(value) or "“”" for value in schema["enum"])
    if "anyOf" in schema:
        return " | ".join(_named(one) for one in schema["anyOf"])
    if schema.get("type") == "array":
        return f"{_named(schema.get('items', {}))}[]"
    return str(schema.get("format") or schema.get("type", ""))
