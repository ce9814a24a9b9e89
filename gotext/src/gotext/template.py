"""A template, ready to be rendered as often as wanted."""

from collections.abc import Callable, Mapping
from typing import Any, Final, Literal

from gotext.builtin import BUILTINS
from gotext.calls import wrapped
from gotext.errors import LimitExceeded, ParseError
from gotext.machine import Limits, Source, carry_out
from gotext.parser import parse
from gotext.program import compile_all
from gotext.values import bytes_of, imported

MissingKey = Literal["default", "invalid", "zero", "error"]
NO_ROOM: Final = "no room left on Python's stack"
DEFAULT_LIMITS: Final = Limits()


class Template:
    """One text, parsed and compiled; it keeps nothing between renderings, so threads may share it."""

    def __init__(
        self,
        text: str,
        *,
        name: str = "template",
        functions: Mapping[str, Callable[..., Any]] | None = None,
        missing_key: MissingKey = "default",
        delimiters: tuple[str, str] = ("{{", "}}"),
    ) -> None:
        """Parse, or raise `ParseError`. `functions` are called with Go's values in Python; annotated parameters are checked."""
        if missing_key not in {"default", "invalid", "zero", "error"}:
            raise ValueError(f"unrecognized option: missingkey={missing_key}")
        if not all(delimiters):
            raise ValueError("a delimiter must not be empty")
        known = {**BUILTINS, **wrapped(functions or {})}
        self.name = name
        try:
            trees = parse(name, text, delimiters, frozenset(known))
            self._unit = compile_all(Source(name, text), trees, known, missing_key)[name]
        except RecursionError as problem:  # the caller's own stack is almost used up: we need little of it
            raise ParseError(f"template: {name}: {NO_ROOM}") from problem

    def render(self, data: object = None, *, limits: Limits = DEFAULT_LIMITS) -> str:
        """Return the output; a byte that is no UTF-8 is shown as U+FFFD."""
        return self.render_bytes(data, limits=limits).decode("utf-8", "replace")

    def render_bytes(self, data: object = None, *, limits: Limits = DEFAULT_LIMITS) -> bytes:
        """Return the output exactly as Go writes it; raises `ExecutionError`, `LimitExceeded` or `DataError`."""
        try:
            return bytes_of("".join(carry_out(self._unit, imported(data), limits)))
        except RecursionError as problem:
            raise LimitExceeded(f"template: {self.name}: {NO_ROOM}") from problem
