"""Comparisons by Go's basic kinds: an integer is never equal to a float, and only numbers and strings have an order."""

from typing import Final

from gotext.errors import Failure
from gotext.machine import Run
from gotext.printf import sprintf
from gotext.values import NO_VALUE, Uint8, Value, bytes_of, type_name

KINDS: Final[dict[type, str]] = {bool: "bool", int: "int", Uint8: "uint", float: "float", str: "string"}
WHOLE: Final = frozenset({"int", "uint"})


def equal(run: Run, values: list[Value]) -> bool:
    """Whether the first argument equals one of the others."""
    first, *others = [NO_VALUE if value is None else value for value in values]
    if not others:
        raise Failure("missing argument for comparison")
    return any(_equal(run, first, other) for other in others)


def _equal(run: Run, one: Value, other: Value) -> bool:
    kind, other_kind = KINDS.get(type(one)), KINDS.get(type(other))
    if kind != other_kind and not {kind, other_kind} <= WHOLE:
        if NO_VALUE not in (one, other):
            raise Failure(f"incompatible types for comparison: {type_name(one)} and {type_name(other)}")
        return False
    if kind is not None:
        if isinstance(one, str):
            run.looked_through(len(one))
        return one == other
    if NO_VALUE in (one, other):
        return one is other
    if type(one) is not type(other):
        shown = sprintf("%s: %s, %s: %v", [one, type_name(one), type_name(other), other], run.limits.output)
        raise Failure(f"non-comparable types {shown}")
    raise Failure(f"non-comparable type {sprintf('%s: %s', [other, type_name(other)], run.limits.output)}")


def unequal(run: Run, values: list[Value]) -> Value:
    """Whether the two differ."""
    return not equal(run, values)


def less(run: Run, values: list[Value]) -> bool:
    """Whether the first is less than the second."""
    one, other = values
    kinds = []
    for value in values:
        kind = KINDS.get(type(value))
        if kind is None:
            raise Failure("invalid type for comparison")
        kinds.append(kind)
    if kinds[0] != kinds[1] and not set(kinds) <= WHOLE:
        raise Failure(f"incompatible types for comparison: {type_name(one)} and {type_name(other)}")
    if isinstance(one, str) and isinstance(other, str):
        run.looked_through(len(one) + len(other))
        return bytes_of(one) < bytes_of(other)
    if isinstance(one, int | float) and isinstance(other, int | float) and kinds[0] != "bool":
        return one < other
    raise Failure("invalid type for comparison")


def less_or_equal(run: Run, values: list[Value]) -> bool:
    """Whether the first is not greater."""
    return less(run, values) or equal(run, values)


def greater(run: Run, values: list[Value]) -> Value:
    """Whether the first is greater."""
    return not less_or_equal(run, values)


def greater_or_equal(run: Run, values: list[Value]) -> Value:
    """Whether the first is not less."""
    return not less(run, values)
