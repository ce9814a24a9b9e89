"""Sums and comparisons of templates: numbers and texts that are numbers may be mixed."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Union

Number = Union[int, float]
BITS = 64


def number(value: Any) -> Number:
    """Return a value as a number. What is none is not shown: it may be a password."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    if isinstance(value, str):
        try:
            return float(value) if "." in value else wrapped(int(value, 10)) if value.strip() == value and "_" not in value else _no()
        except ValueError:
            pass
    return _no()


def wrapped(value: int) -> int:
    """Return an integer as 64 bits hold it."""
    return (value + (1 << (BITS - 1))) % (1 << BITS) - (1 << (BITS - 1))


def add(one: Any, other: Any) -> Number:
    """Return the sum."""
    return _computed(lambda a, b: a + b, one, other)


def sub(one: Any, other: Any) -> Number:
    """Return the difference."""
    return _computed(lambda a, b: a - b, one, other)


def mul(one: Any, other: Any) -> Number:
    """Return the product."""
    return _computed(lambda a, b: a * b, one, other)


def div(one: Any, other: Any) -> Number:
    """Return the quotient; that of integers is one, cut towards zero."""
    a, b = number(one), number(other)
    if b == 0:
        raise ValueError("can't divide by 0")
    if isinstance(a, int) and isinstance(b, int):
        return wrapped(abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1))
    return a / b


def mod(one: Any, other: Any) -> int:
    """Return the remainder; it has the sign of the first."""
    a, b = number(one), number(other)
    if not isinstance(a, int) or not isinstance(b, int):
        raise ValueError("mod takes whole numbers only")  # noqa: TRY004  # templates know one kind of failure
    if b == 0:
        raise ValueError("can't divide by 0")
    return int(math.copysign(abs(a) % abs(b), a)) if abs(a) < 1 << 53 else (abs(a) % abs(b)) * (1 if a >= 0 else -1)


def largest(one: Any, other: Any) -> float:
    """Return the larger one."""
    return float(max(number(one), number(other)))


def smallest(one: Any, other: Any) -> float:
    """Return the smaller one."""
    return float(min(number(one), number(other)))


def equal(one: Any, *others: Any) -> bool:
    """Whether the first equals one of the others."""
    if not others:
        raise ValueError("missing argument for comparison")
    return any(_alike(one, other) for other in others)


def unequal(one: Any, other: Any) -> bool:
    """Whether the two differ."""
    return not _alike(one, other)


def less(one: Any, other: Any) -> bool:
    """Whether the first comes before the second: by number, two texts that are none by their letters, lists by their length."""
    if isinstance(one, str) and isinstance(other, str) and not (_is_number(one) or _is_number(other)):
        return one < other
    return _weight(one) < _weight(other)


def less_or_equal(one: Any, other: Any) -> bool:
    """Whether the first does not come after the second."""
    return not less(other, one)


def greater(one: Any, other: Any) -> bool:
    """Whether the first comes after the second."""
    return less(other, one)


def greater_or_equal(one: Any, other: Any) -> bool:
    """Whether the first does not come before the second."""
    return not less(one, other)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "add": add,
    "sub": sub,
    "mul": mul,
    "div": div,
    "mod": mod,
    "max": largest,
    "min": smallest,
    "eq": equal,
    "ne": unequal,
    "lt": less,
    "le": less_or_equal,
    "gt": greater,
    "ge": greater_or_equal,
}


def _no() -> Number:
    raise ValueError("a value is no number")


def _computed(how: Callable[[Number, Number], Number], one: Any, other: Any) -> Number:
    result = how(number(one), number(other))
    return wrapped(result) if isinstance(result, int) else result


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _alike(one: Any, other: Any) -> bool:
    a, b = (_normal(value) for value in (one, other))
    return type(a) is type(b) and bool(a == b)


def _normal(value: Any) -> Any:
    try:
        return float(number(value))
    except ValueError:
        return value


def _weight(value: Any) -> float:
    if isinstance(value, (list, dict)):
        return float(len(value))
    if isinstance(value, str):
        return float(value) if _is_number(value) else 0.0
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else 0.0
