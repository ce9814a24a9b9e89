"""Floating-point numbers as Go's `strconv.FormatFloat` writes them."""

import math
from typing import Final

SHORTEST: Final = -1
# Numbers from this exponent on, or below the other one, are written with an exponent.
LARGE, SMALL = 6, -4
MANTISSA_BITS, TOP = 52, 60
EXACT_DIGITS: Final = 15


def format_float(value: float, verb: str, precision: int) -> str:
    """Return the number without a plus sign; `precision` may be `SHORTEST` for b, g, G, x and X."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    if verb == "b":
        return _binary(value)
    if verb in "xX":
        return _hexadecimal(value, verb, precision)
    if precision != SHORTEST:
        return f"{value:.{precision}{verb}}"
    return shortest(value) if verb == "g" else shortest(value).upper()


def shortest(value: float) -> str:
    """Return the number with as few digits as tell it from all others."""
    sign = "-" if math.copysign(1, value) < 0 else ""
    digits, point = _digits(abs(value))
    if digits and not SMALL <= point - 1 < LARGE:
        exponent = point - 1
        fraction = f".{digits[1:]}" if digits[1:] else ""
        return f"{sign}{digits[0]}{fraction}e{'-' if exponent < 0 else '+'}{abs(exponent):02d}"
    if point <= 0:
        return f"{sign}0.{'0' * -point}{digits}" if digits else f"{sign}0"
    whole = digits[:point].ljust(point, "0")
    return f"{sign}{whole}.{digits[point:]}" if digits[point:] else f"{sign}{whole}"


def _digits(value: float) -> tuple[str, int]:
    """Return the shortest digits, and how many of them stand before the point."""
    mantissa, _, exponent = repr(value).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    if not digits:
        return "", 0
    return digits.rstrip("0"), len(whole) - (len(whole + fraction) - len(digits)) + int(exponent or 0)


def _parts(value: float) -> tuple[str, int, int]:
    """Return sign, mantissa as an integer of 53 bits (fewer for the smallest numbers), and its exponent."""
    sign = "-" if math.copysign(1, value) < 0 else ""
    fraction, exponent = math.frexp(abs(value))
    exponent = max(exponent - MANTISSA_BITS - 1, -1074)
    return sign, int(math.ldexp(abs(value), -exponent)) if fraction else 0, exponent if fraction else -1074


def _binary(value: float) -> str:
    sign, mantissa, exponent = _parts(value)
    return f"{sign}{mantissa}p{exponent:+d}"


def _hexadecimal(value: float, verb: str, precision: int) -> str:
    sign, mantissa, exponent = _parts(value)
    exponent = exponent + MANTISSA_BITS if mantissa else 0
    if mantissa:
        shift = MANTISSA_BITS + 1 - mantissa.bit_length()
        mantissa, exponent = mantissa << (shift + TOP - MANTISSA_BITS), exponent - shift
    if 0 <= precision < EXACT_DIGITS:
        mantissa, exponent = _rounded(mantissa, exponent, precision * 4)
    digits = f"{mantissa & ((1 << TOP) - 1):015x}"
    digits = digits.rstrip("0") if precision < 0 else digits.ljust(precision, "0")[:precision]
    text = f"{sign}0x{mantissa >> TOP & 1}{'.' if digits else ''}{digits}p{'-' if exponent < 0 else '+'}{abs(exponent):02d}"
    return text.upper() if verb == "X" else text


def _rounded(mantissa: int, exponent: int, bits: int) -> tuple[int, int]:
    """Round to so many bits after the first one, halves to even."""
    extra = (mantissa << bits) & ((1 << TOP) - 1)
    mantissa >>= TOP - bits
    if extra | (mantissa & 1) > 1 << (TOP - 1):
        mantissa += 1
    mantissa <<= TOP - bits
    return (mantissa >> 1, exponent + 1) if mantissa & (1 << (TOP + 1)) else (mantissa, exponent)
