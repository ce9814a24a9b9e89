"""Reads the formats of `printf`, and prints several values one after the other."""

import re
from collections.abc import Sequence
from typing import Final

from gotext.printing import Flags, Printer
from gotext.values import Value, type_name

# A width or precision beyond this is none.
MAX_NUMBER: Final = 1_000_000
MOST_DIGITS: Final = 8
DIGITS = re.compile("[0-9]+")
FLAGS: Final = {"#": "sharp", "0": "zero", "+": "plus", "-": "minus", " ": "space"}


def sprint(values: Sequence[Value], room: int) -> str:
    """Print values, with a space between two that are no strings."""
    printer = Printer(room)
    after_string = True
    for value in values:
        is_string = isinstance(value, str)
        if not is_string and not after_string:
            printer.write(" ")
        printer.argument(value, "v")
        after_string = is_string
    return printer.text()


def sprintln(values: Sequence[Value], room: int) -> str:
    """Print values with spaces between them and a line's end after them."""
    printer = Printer(room)
    for number, value in enumerate(values):
        if number:
            printer.write(" ")
        printer.argument(value, "v")
    printer.write("\n")
    return printer.text()


def sprintf(form: str, values: Sequence[Value], room: int) -> str:
    """Print values as a format says."""
    return _Format(form, values, room).print()


class _Format(Printer):
    """One format and what it has used of the values."""

    def __init__(self, form: str, values: Sequence[Value], room: int) -> None:
        super().__init__(room)
        self.form = form
        self.values = values
        self.at = 0
        self.next_value = 0
        # Whether an argument's number `[n]` stands right before here, whether all such were good, whether there was any.
        self.after_index = False
        self.good = True
        self.reordered = False

    def print(self) -> str:
        while True:
            percent = self.form.find("%", self.at)
            self.write(self.form[self.at : percent if percent >= 0 else len(self.form)])
            if percent < 0:
                break
            self.at = percent + 1
            if not self._verb():
                break
        self._rest()
        return self.text()

    def _verb(self) -> bool:
        """Print what stands after one percent sign; False at the end of the format."""
        self.flags = Flags()
        self.good = True
        self.after_index = False
        while self._char() in FLAGS:
            setattr(self.flags, FLAGS[self._char()], True)
            self.at += 1
        if not ("a" <= self._char() <= "z" and self.next_value < len(self.values)):
            self._index()
            self._width()
            if self._char() == "." and self.at + 1 < len(self.form):
                self._precision()
            if not self.after_index:
                self._index()
        verb = self._char()
        if not verb:
            self.write("%!(NOVERB)")
            return False
        self.at += 1
        self._print_next("\ufffd" if "\ud800" <= verb <= "\udfff" else verb)
        return True

    def _print_next(self, verb: str) -> None:
        if verb == "%":
            self.write("%")
        elif not self.good:
            self.write(f"%!{verb}(BADINDEX)")
        elif self.next_value >= len(self.values):
            self.write(f"%!{verb}(MISSING)")
        else:
            if verb in "vw":
                self.flags.for_value()
            self.argument(self.values[self.next_value], verb)
            self.next_value += 1

    def _char(self) -> str:
        return self.form[self.at : self.at + 1]

    def _number(self) -> int | None:
        """Read digits; a number that is too large swallows the rest of the format."""
        found = DIGITS.match(self.form, self.at)
        if not found:
            return None
        number = _number(found[0])
        self.at = len(self.form) if number is None else found.end()
        return number

    def _index(self) -> None:
        """Read the number of an argument, `[n]`."""
        self.after_index = False
        if self._char() != "[":
            return
        self.reordered = True
        closing = self.form.find("]", self.at)
        if closing < 0 or len(self.form) - self.at < len("[n]"):
            self.at += 1
            self.good = False
            return
        digits = self.form[self.at + 1 : closing]
        self.at = closing + 1
        number = _number(digits) if DIGITS.fullmatch(digits) else None
        self.after_index = number is not None
        if number is not None and 0 < number <= len(self.values):
            self.next_value = number - 1
        else:
            self.good = False

    def _from_value(self) -> int | None:
        """Take a width or precision from the next argument."""
        value = self.values[self.next_value] if self.next_value < len(self.values) else None
        self.next_value += self.next_value < len(self.values)
        is_number = isinstance(value, int) and not isinstance(value, bool) and abs(value) <= MAX_NUMBER
        return value if is_number and isinstance(value, int) else None

    def _width(self) -> None:
        flags = self.flags
        if self._char() == "*":
            self.at += 1
            flags.width = self._from_value()
            if flags.width is None:
                self.write("%!(BADWIDTH)")
            elif flags.width < 0:
                flags.width, flags.minus, flags.zero = -flags.width, True, False
            self.after_index = False
            return
        flags.width = self._number()
        if self.after_index and flags.width is not None:
            self.good = False

    def _precision(self) -> None:
        flags = self.flags
        self.at += 1
        if self.after_index:
            self.good = False
        self._index()
        if self._char() == "*":
            self.at += 1
            flags.precision = self._from_value()
            if flags.precision is not None and flags.precision < 0:
                flags.precision = None
            if flags.precision is None:
                self.write("%!(BADPREC)")
            self.after_index = False
            return
        flags.precision = self._number() or 0

    def _rest(self) -> None:
        """Name the arguments that no verb used."""
        if self.reordered or self.next_value >= len(self.values):
            return
        self.flags = Flags()
        self.write("%!(EXTRA ")
        for number, value in enumerate(self.values[self.next_value :]):
            if number:
                self.write(", ")
            if value is None:
                self.write("<nil>")
            else:
                self.write(f"{type_name(value)}=")
                self.argument(value, "v")
        self.write(")")


def _number(digits: str) -> int | None:
    """Return a width, precision or index; more than Go takes is none."""
    significant = digits.lstrip("0") or "0"
    return int(significant) if len(significant) <= MOST_DIGITS and int(significant[:-1] or 0) <= MAX_NUMBER else None
