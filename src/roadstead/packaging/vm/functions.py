"""The functions that `cluster.json.tmpl` knows beside Go's own."""

import json as text
from collections.abc import Callable, Mapping
from typing import Any

_LEAST_FACTORS = 2
_LARGEST = 2**63


def literal(value: Any) -> str:
    """Write a value as JSON."""
    return text.dumps(value, ensure_ascii=False, separators=(",", ":"))


def inside(value: Any) -> str:
    """Write a value into a JSON string: text is escaped, nothing stands for what is missing."""
    if value is None:
        return ""
    written = value if isinstance(value, str) else literal(value)
    return text.dumps(written, ensure_ascii=False)[1:-1]


def plain(value: Any) -> str:
    """Write text as it is, and everything else as JSON."""
    return value if isinstance(value, str) else literal(value)


def default(fallback: Any, value: Any = None) -> Any:
    """Return a value, or the fallback where it is empty."""
    return value or fallback


def ternary(when_true: Any, when_false: Any, condition: Any) -> Any:
    """Return the first where the condition holds, else the second."""
    return when_true if condition else when_false


def add(*values: Any) -> Any:
    """Add numbers."""
    return sum(map(_number, values))


def sub(first: Any, second: Any) -> Any:
    """Subtract a number from another."""
    return _number(first) - _number(second)


def mul(*values: Any) -> Any:
    """Multiply numbers."""
    if len(values) < _LEAST_FACTORS:
        raise ValueError("wants two numbers or more")
    product = _number(values[0])
    for value in values[1:]:
        product = _bounded(product * _number(value))
    return product


def div(first: Any, second: Any) -> Any:
    """Divide; whole numbers give a whole number, cut off towards zero as in Go."""
    dividend, divisor = _number(first), _number(second)
    if not divisor:
        raise ValueError("division by zero")
    if isinstance(dividend, int) and isinstance(divisor, int):
        quotient = abs(dividend) // abs(divisor)
        return quotient if (dividend < 0) == (divisor < 0) else -quotient
    return dividend / divisor


def join(separator: str, values: list) -> str:  # type: ignore[type-arg]  # the engine reads the bare type
    """Join the items of a list."""
    return separator.join(map(plain, values))


def lower(value: str) -> str:
    """Write in small letters."""
    return value.lower()


def upper(value: str) -> str:
    """Write in capitals."""
    return value.upper()


def env(parameters: Mapping[str, Any], name: str) -> Any:
    """Return a parameter by its name; names with dots and dashes are names too, else a dot leads into a group."""
    if name in parameters:
        return parameters[name]
    found: Any = parameters
    for key in name.split("."):
        found = found.get(key) if isinstance(found, Mapping) else None
    return found


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"wants a number, not {literal(value)[:40]}")
    return value


def _bounded(value: Any) -> Any:
    if abs(value) > _LARGEST:
        raise ValueError("the number is too large")
    return value


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "literal": literal,
    "inside": inside,
    "plain": plain,
    "json": literal,
    "default": default,
    "ternary": ternary,
    "add": add,
    "sub": sub,
    "mul": mul,
    "div": div,
    "join": join,
    "lower": lower,
    "upper": upper,
}
