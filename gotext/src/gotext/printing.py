"""Prints values as Go's `fmt` does: the verbs and flags of one argument. `gotext.printf` reads the formats."""

from typing import Final

from gotext.errors import Exhausted
from gotext.floats import SHORTEST, format_float
from gotext.quoting import can_backquote, quote, unicode_name, valid_rune
from gotext.values import MAX_DEPTH, NO_VALUE, Uint8, Value, bytes_of, sorted_keys, type_name

UNSIGNED_MASK: Final = (1 << 64) - 1
BASES: Final = {"d": "d", "v": "d", "b": "b", "o": "o", "O": "o", "x": "x", "X": "X"}
PREFIXES: Final = {"b": "0b", "x": "0x", "X": "0X"}
DEFAULT_PRECISION: Final = 6
INTEGERS: Final = frozenset({int, Uint8})


def printed(value: Value, room: int) -> str:
    """Return what an action writes; it may not be longer than `room`."""
    if value is NO_VALUE:
        return "<no value>"
    if type(value) is int:
        return str(value)
    printer = Printer(room)
    printer.argument(value, "v")
    return printer.text()


class Flags:
    """The flags, width and precision of one verb."""

    __slots__ = ("minus", "plus", "plus_v", "precision", "sharp", "sharp_v", "space", "width", "zero")

    def __init__(self) -> None:
        self.minus = self.plus = self.sharp = self.space = self.zero = False
        # `%+v` and `%#v` are not the flags `+` and `#` of the values inside.
        self.plus_v = self.sharp_v = False
        self.width: int | None = None
        self.precision: int | None = None

    def for_value(self) -> None:
        """Take `+` and `#` for what they mean before `v`."""
        self.sharp_v, self.sharp = self.sharp, False
        self.plus_v, self.plus = self.plus, False


class Printer:
    """Collects text, up to a length."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.parts: list[str] = []
        self.flags = Flags()

    def text(self) -> str:
        """Return all that was printed."""
        return "".join(self.parts)

    def write(self, text: str) -> None:
        """Add text as it stands."""
        self.room -= len(text)
        if self.room < 0:
            raise Exhausted("a value is longer than the output may be")
        self.parts.append(text)

    def argument(self, value: Value, verb: str) -> None:
        """Print one argument."""
        if value is None:
            if verb in "Tv":
                self.pad("<nil>")
            else:
                self.bad_verb(None, verb)
        elif verb == "T":
            self.string(type_name(value), "s")
        elif verb == "p" or (verb == "w" and isinstance(value, list | dict)):
            # There are no addresses to show, and no errors.
            self.bad_verb(value, verb)
        else:
            self.value(value, verb, 0)

    def value(self, value: Value, verb: str, depth: int) -> None:
        """Print a value, or one inside another."""
        if isinstance(value, str):
            self.string(value, verb)
        elif isinstance(value, bool):
            self.boolean(value, verb)
        elif isinstance(value, int):
            self.integer(value, verb)
        elif isinstance(value, float):
            self.floating(value, verb)
        elif value is None:
            self.write("interface {}(nil)" if self.flags.sharp_v else "<nil>")
        else:
            self.container(value, verb, depth)

    def container(self, value: Value, verb: str, depth: int) -> None:
        """Print a list or a map, with the flags for everything inside."""
        if depth > MAX_DEPTH:
            raise Exhausted("a value is nested too deeply to be printed")
        sharp = self.flags.sharp_v
        opening = type_name(value) + "{" if sharp else "[" if isinstance(value, list) else "map["
        self.write(opening)
        if isinstance(value, dict):
            for number, key in enumerate(sorted_keys(value)):
                self.separate(number, sharp)
                self.string(key, verb)
                self.write(":")
                self.value(value[key], verb, depth + 1)
        elif isinstance(value, list):
            for number, item in enumerate(value):
                self.separate(number, sharp)
                self.value(item, verb, depth + 1)
        self.write("}" if sharp else "]")

    def separate(self, number: int, sharp: bool) -> None:
        """Write what stands between two items."""
        if number:
            self.write(", " if sharp else " ")

    def bad_verb(self, value: Value, verb: str) -> None:
        """Say that a verb is none for this value."""
        self.write(f"%!{verb}(")
        if value is None:
            self.write("<nil>")
        else:
            self.write(f"{type_name(value)}=")
            self.value(value, "v", 0)
        self.write(")")

    def pad(self, text: str) -> None:
        """Write text in the width."""
        padding = (self.flags.width or 0) - len(text)
        if padding <= 0:
            self.write(text)
        elif self.flags.minus:
            self.write(text)
            self.write(" " * padding)
        else:
            self.write(("0" if self.flags.zero else " ") * padding)
            self.write(text)

    def pad_with_spaces(self, text: str) -> None:
        """Write text in the width, never with zeros."""
        zero, self.flags.zero = self.flags.zero, False
        self.pad(text)
        self.flags.zero = zero

    def boolean(self, value: bool, verb: str) -> None:
        """Print true or false."""
        if verb in "tv":
            self.pad("true" if value else "false")
        else:
            self.bad_verb(value, verb)

    def string(self, value: str, verb: str) -> None:
        """Print a string, cut to the precision."""
        flags = self.flags
        if verb in "xX":
            self.hexadecimal(value, verb)
        elif verb == "q" or (verb == "v" and flags.sharp_v):
            cut = value[: flags.precision]
            raw = flags.sharp and can_backquote(cut)
            self.pad(f"`{cut}`" if raw else quote(cut, ascii_only=flags.plus))
        elif verb in "sv":
            self.pad(value[: flags.precision])
        else:
            self.bad_verb(value, verb)

    def hexadecimal(self, value: str, verb: str) -> None:
        """Print the bytes of a string."""
        flags = self.flags
        raw = bytes_of(value)[: flags.precision]
        prefix = PREFIXES[verb] if flags.sharp else ""
        digits = [f"{byte:02{verb}}" for byte in raw]
        text = " ".join(prefix + pair for pair in digits) if flags.space else (prefix if raw else "") + "".join(digits)
        self.pad(text)

    def integer(self, value: int, verb: str) -> None:
        """Print an integer."""
        flags = self.flags
        if verb == "v" and flags.sharp_v and isinstance(value, Uint8):
            sharp, flags.sharp = flags.sharp, True
            self.digits(value, "x")
            flags.sharp = sharp
        elif verb in BASES:
            self.digits(value, verb)
        elif verb == "c":
            self.pad(chr(value) if valid_rune(value) else "\ufffd")
        elif verb == "q":
            self.pad(quote(chr(value) if valid_rune(value) else "\ufffd", mark="'", ascii_only=flags.plus))
        elif verb == "U":
            self.pad_with_spaces(unicode_name(value, width=flags.precision or 0, shown=flags.sharp))
        else:
            self.bad_verb(value, verb)

    def digits(self, value: int, verb: str) -> None:
        """Print an integer in the base of a verb."""
        flags = self.flags
        form = BASES[verb]
        if flags.precision == 0 and value == 0:
            self.pad_with_spaces("")
            return
        sign = "-" if value < 0 else "+" if flags.plus else " " if flags.space else ""
        least = flags.precision
        if least is None:
            # Zeros on the left leave room for the sign, not for the prefix.
            least = (flags.width or 0) - len(sign) if flags.zero and not flags.minus else 0
        text = format(abs(value), form).rjust(least, "0")
        if flags.sharp and form == "o" and text[0] != "0":
            text = "0" + text
        prefix = "0o" if verb == "O" else PREFIXES.get(form, "") if flags.sharp else ""
        self.pad_with_spaces(sign + prefix + text)

    def floating(self, value: float, verb: str) -> None:
        """Print a floating-point number."""
        flags = self.flags
        default = FLOAT_VERBS.get(verb)
        if default is None:
            self.bad_verb(value, verb)
            return
        form, precision = default
        text = format_float(value, form, precision if flags.precision is None else flags.precision)
        sign = text[0] if text[0] in "+-" else "+"
        text = text.lstrip("+-")
        if sign == "+" and flags.space and not flags.plus:
            sign = " "
        if text[0] in "IN":
            self.pad_with_spaces(_not_a_number(text, sign, plain=not flags.plus and not flags.space))
            return
        if flags.sharp and form != "b":
            text = _with_point(text, form, precision if flags.precision is None else flags.precision)
        shown = sign if flags.plus or sign != "+" else ""
        if shown and flags.zero and not flags.minus and (flags.width or 0) > len(text) + 1:
            self.write(shown + "0" * ((flags.width or 0) - len(text) - 1) + text)
        else:
            self.pad(shown + text)


FLOAT_VERBS: Final = {
    "v": ("g", SHORTEST),
    **{verb: (verb, SHORTEST) for verb in "bgGxX"},
    **{verb: (verb, DEFAULT_PRECISION) for verb in "feE"},
    "F": ("f", DEFAULT_PRECISION),
}


def _not_a_number(text: str, sign: str, *, plain: bool) -> str:
    return text if plain and text == "NaN" else sign + text


def _with_point(text: str, form: str, precision: int) -> str:
    """Return the number with a point, and with the zeros at the end that `%g` leaves out."""
    wanted = 0
    if form in "gGx":
        wanted = DEFAULT_PRECISION if precision == SHORTEST else precision
    marks = "pP" if form in "xX" else "eEpP"
    cut = min((place for place in map(text.find, marks) if place >= 0), default=len(text))
    head, tail = text[:cut], text[cut:]
    significant = head.replace(".", "").lstrip("0")
    wanted -= len(significant)
    if "." not in head:
        wanted -= head == "0"
        head += "."
    return head + "0" * wanted + tail
