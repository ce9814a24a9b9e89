"""What can go wrong, worded as Go words it wherever Go has words for it."""

import re

SURROGATES = re.compile("[\ud800-\udfff]")


class GotextError(Exception):
    """Anything that this package refuses; `line` counts from 1, `column` counts bytes from 0 as Go does."""

    def __init__(self, message: str, *, line: int | None = None, column: int | None = None) -> None:
        # Bytes that are no UTF-8 are for outputs, not for people.
        self.message = SURROGATES.sub("\ufffd", message)
        super().__init__(self.message)
        self.line = line
        self.column = column


class ParseError(GotextError):
    """The text is not a template."""


class ExecutionError(GotextError):
    """The template cannot be carried out with this data."""


class LimitExceeded(ExecutionError):
    """The template asked for more steps, output or depth than it was given."""


class DataError(GotextError):
    """The data holds what no Go value stands for."""


class Failure(Exception):
    """A function refuses its arguments; the evaluator adds where that happened."""


class Exhausted(Failure):
    """A limit was reached; the evaluator adds where."""
