"""Go's values in Python: int, float, str, bool, list, dict and None stand for int, float64, string, bool, []any, map[string]any and nil.

A Go string is bytes. Here it is a `str` in which a byte that is no UTF-8 is the lone surrogate of `surrogateescape`; every
string that is made goes through `text_of`, so that equal bytes are always equal strings.
"""

import re
from types import NoneType
from typing import Any, Final

from gotext.errors import DataError

INT_MIN: Final = -(1 << 63)
INT_MAX: Final = (1 << 63) - 1
MAX_DEPTH: Final = 100
# Surrogates that stand for no byte.
STRAY = re.compile("[\ud800-\udc7f\udd00-\udfff]")
Value = object


class Uint8(int):
    """One byte of a string: what `index` gives for a string."""

    __slots__ = ()


class Nothing:
    """A mark that is no value of the data."""

    __slots__ = ("meaning",)

    def __init__(self, meaning: str) -> None:
        self.meaning = meaning

    def __repr__(self) -> str:
        return f"<{self.meaning}>"


# What a missing key, a nil that was taken out of its interface, and an absent dot are: printed as `<no value>`.
NO_VALUE: Final = Nothing("no value")


class Boxed:
    """An element of a list or map, still in its interface, for a function that does not look inside."""

    __slots__ = ()


BOXED: Final = Boxed()
TYPE_NAMES: Final[dict[type, str]] = {
    dict: "map[string]interface {}",
    list: "[]interface {}",
    str: "string",
    int: "int",
    float: "float64",
    bool: "bool",
    Uint8: "uint8",
    NoneType: "interface {}",
    Boxed: "interface {}",
}


def type_name(value: Value) -> str:
    """Return the name of the Go type that a value stands for."""
    return TYPE_NAMES[type(value)]


def is_true(value: Value) -> bool:
    """Whether `if` takes the value for true: anything but its type's zero; nil is false."""
    return value is not NO_VALUE and bool(value)


def bytes_of(text: str) -> bytes:
    """Return the bytes of a Go string."""
    return text.encode("utf-8", "surrogateescape")


def text_of(raw: bytes) -> str:
    """Return the Go string of these bytes."""
    return raw.decode("utf-8", "surrogateescape")


def joined(text: str) -> str:
    """Return the same string after pieces were put together, which may have completed a character."""
    return text if text.isascii() else text_of(bytes_of(text))


def size_of(text: str) -> int:
    """Return the length in bytes."""
    return len(text) if text.isascii() else len(bytes_of(text))


def sorted_keys(mapping: dict[str, Value]) -> list[str]:
    """Return the keys in Go's order: by bytes."""
    return sorted(mapping, key=bytes_of)


def imported(data: object) -> Value:
    """Return plain copies of everything in the data, so that nothing that runs later meets a stranger's class."""
    return _Import().take(data, 0)


class _Import:
    """One walk through the data; what is shared in it is shared in the copy."""

    def __init__(self) -> None:
        self.done: dict[int, Value] = {}

    def take(self, value: object, depth: int) -> Value:
        """Return the copy of one value."""
        if value is None or type(value) is bool or type(value) is Uint8 or value is NO_VALUE:
            return value
        if isinstance(value, str):
            return _text(value)
        if isinstance(value, int):
            return _integer(int.__int__(value))
        if isinstance(value, float):
            return float.__float__(value)
        if isinstance(value, dict | list | tuple):
            return self._container(value, depth)
        raise DataError(f"data: no Go value stands for a {type(value).__name__}")

    def _container(self, value: dict[Any, Any] | list[Any] | tuple[Any, ...], depth: int) -> Value:
        if depth >= MAX_DEPTH:
            raise DataError(f"data: nested more than {MAX_DEPTH} deep")
        key = id(value)
        if key in self.done:
            found = self.done[key]
            if found is NO_VALUE:
                raise DataError("data: it contains itself")
            return found
        self.done[key] = NO_VALUE
        copy: Value
        # A subclass is asked by its parent's methods, so none of its own runs.
        if isinstance(value, dict):
            copy = {_key(name): self.take(item, depth + 1) for name, item in dict.items(value)}
        else:
            items = list.__iter__(value) if isinstance(value, list) else tuple.__iter__(value)
            copy = [self.take(item, depth + 1) for item in items]
        self.done[key] = copy
        return copy


def _text(value: str) -> str:
    # The string itself, whatever a subclass makes of it.
    text = str.__str__(value)
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return joined(STRAY.sub("\ufffd", text))
    return text


def _integer(value: int) -> int:
    if INT_MIN <= value <= INT_MAX:
        return value
    raise DataError("data: an integer is too large for 64 bits")


def _key(name: object) -> str:
    if isinstance(name, str):
        return _text(name)
    raise DataError(f"data: a key must be a string, not a {type(name).__name__}")
