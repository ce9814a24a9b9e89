"""Numbers as a template writes them: hexadecimal, octal, binary, with underscores, with exponents, characters."""

import re
from dataclasses import dataclass
from typing import Final

from gotext.quoting import BadQuoting, character, quote
from gotext.values import INT_MAX, INT_MIN

INTEGER = re.compile(r"(?P<sign>[+-]?)(?P<prefix>0[xX](?=.)|0[oO](?=.)|0[bB](?=.)|0(?=.)|)(?P<digits>[0-9a-fA-F_]+)")
DECIMAL = re.compile(r"[+-]?(?=[_]*\.?[_]*[0-9])[0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9][0-9_]*)?")
HEXADECIMAL = re.compile(r"[+-]?0[xX](?=[_]*\.?[_]*[0-9a-fA-F])[0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?[pP][+-]?[0-9][0-9_]*")
BASES: Final = {"0x": 16, "0o": 8, "0b": 2, "0": 8, "": 10}
UINT_MAX: Final = (1 << 64) - 1
LARGEST_EXPONENT: Final = 10_000


class BadNumber(ValueError):
    """Something that looks like a number and is none, in Go's words."""


@dataclass(frozen=True, slots=True)
class Constant:
    """An untyped number: what it is as an integer and as a float, where it is one, and which of them it means by itself."""

    integer: int | None
    floating: float | None
    value: int | float | None
    """None where it overflows an int."""


def constant(text: str) -> Constant:
    """Read a number."""
    if text.startswith("'"):
        code = _rune(text)
        return Constant(code, float(code), code)
    if text.endswith("i") and _float(text[:-1]) is not None:
        raise BadNumber(f"complex numbers are not supported: {text}")
    whole = _integer(text)
    if whole is not None and INT_MIN <= whole <= INT_MAX:
        return Constant(whole, float(whole), whole)
    if whole is not None and 0 <= whole <= UINT_MAX and text[0] not in "+-":
        return Constant(None, float(whole), None)
    floating = _float(text)
    if floating is None:
        raise BadNumber(f"illegal number syntax: {quote(text)}")
    if not set(text) & set(".eEpP"):
        raise BadNumber(f"integer overflow: {quote(text)}")
    integral = floating.is_integer() and INT_MIN <= floating <= INT_MAX - 1023
    return Constant(int(floating) if integral else None, floating, floating)


def _rune(text: str) -> int:
    try:
        _, code, end = character(text, 1, "'")
    except BadQuoting as problem:
        raise BadNumber(str(problem)) from problem
    if text[end:] != "'":
        raise BadNumber(f"malformed character constant: {text}")
    return code


def _underscores_fit(text: str) -> bool:
    """Whether every underscore has a digit (or the base's prefix) before it and a digit after it."""
    if "_" not in text:
        return True
    bare = text.lstrip("+-")
    prefix = 2 if bare[:2].lower() in {"0x", "0o", "0b"} else 0
    digits = set("0123456789abcdefABCDEF" if bare[:2].lower() == "0x" else "0123456789")
    places = [place for place, char in enumerate(bare) if char == "_"]
    return all((0 < place == prefix or bare[place - 1 : place] in digits) and bare[place + 1 : place + 2] in digits for place in places)


def _integer(text: str) -> int | None:
    found = INTEGER.fullmatch(text)
    if not found or not _underscores_fit(text):
        return None
    digits = found["digits"].replace("_", "")
    try:
        return int(found["sign"] + digits, BASES[found["prefix"].lower()])
    except ValueError:
        return None


def _float(text: str) -> float | None:
    if not _underscores_fit(text):
        return None
    plain = text.replace("_", "")
    try:
        if HEXADECIMAL.fullmatch(text):
            mantissa, exponent = re.split("[pP]", plain)
            power = max(-LARGEST_EXPONENT, min(LARGEST_EXPONENT, int(exponent[:9])))
            value = float.fromhex(f"{mantissa}p{power}")
        elif DECIMAL.fullmatch(text):
            value = float(plain)
        else:
            return None
    except (ValueError, OverflowError):
        return None
    return None if value in {float("inf"), float("-inf")} else value
