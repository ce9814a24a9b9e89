"""Go's quoted strings and characters, read and written."""

import re
from typing import Final

from gotext.values import bytes_of, text_of

SIMPLE: Final = {"a": 7, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11, "\\": 92, "'": 39, '"': 34}
ESCAPES: Final = {chr(code): f"\\{letter}" for letter, code in SIMPLE.items() if letter.isalpha()}
PIECE = re.compile(
    r"\\(?:x(?P<byte>[0-9a-fA-F]{2})|u(?P<four>[0-9a-fA-F]{4})|U(?P<eight>[0-9a-fA-F]{8})"
    r"|(?P<octal>[0-7]{3})|(?P<simple>[abfnrtv\\'\"]))|(?P<plain>[^\\])",
    re.DOTALL,
)
LAST_BYTE, LAST_ASCII, LAST_SHORT, LAST_RUNE, DELETE = 0xFF, 0x7F, 0xFFFF, 0x10FFFF, 0x7F
FIRST_SURROGATE, LAST_SURROGATE = 0xD800, 0xDFFF
FIRST_ESCAPED, LAST_ESCAPED = 0xDC80, 0xDCFF


class BadQuoting(ValueError):
    """A quoted text that Go would not read."""

    def __init__(self) -> None:
        super().__init__("invalid syntax")


def valid_rune(code: int) -> bool:
    """Whether a number is a character."""
    return 0 <= code < FIRST_SURROGATE or LAST_SURROGATE < code <= LAST_RUNE


def character(text: str, position: int, quote: str) -> tuple[bytes, int, int]:
    """Read one character of a quoted text; returns its bytes, its number and where the next one begins."""
    found = PIECE.match(text, position)
    if not found:
        raise BadQuoting
    kind, written = found.lastgroup, found[found.lastgroup or 0]
    if kind == "plain":
        if written == quote:
            raise BadQuoting
        code = ord(written)
        return bytes_of(written), code if valid_rune(code) else 0xFFFD, found.end()
    if kind == "simple":
        if written in "'\"" and written != quote:
            raise BadQuoting
        return bytes([SIMPLE[written]]), SIMPLE[written], found.end()
    code = int(written, 8 if kind == "octal" else 16)
    if kind in {"byte", "octal"}:
        if code > LAST_BYTE:
            raise BadQuoting
        return bytes([code]), code, found.end()
    if not valid_rune(code):
        raise BadQuoting
    return chr(code).encode(), code, found.end()


def unquote(quoted: str) -> str:
    """Return what a quoted or raw string of a template says."""
    inner = quoted[1:-1]
    if quoted[0] == "`":
        return inner.replace("\r", "")
    if "\\" not in inner:
        return inner
    raw, position = bytearray(), 0
    while position < len(inner):
        piece, _, position = character(inner, position, '"')
        raw += piece
    return text_of(bytes(raw))


def quote(text: str, *, mark: str = '"', ascii_only: bool = False) -> str:
    """Return the text as Go's `strconv.Quote` writes it."""
    if text.isascii() and text.isprintable() and mark not in text and "\\" not in text:
        return f"{mark}{text}{mark}"
    return mark + "".join(_escaped(char, mark, ascii_only) for char in text) + mark


def _escaped(char: str, mark: str, ascii_only: bool) -> str:
    if char in {mark, "\\"}:
        return f"\\{char}"
    if char.isprintable() and (char.isascii() or not ascii_only):
        return char
    if char in ESCAPES:
        return ESCAPES[char]
    return _by_number(ord(char))


def _by_number(code: int) -> str:
    if FIRST_ESCAPED <= code <= LAST_ESCAPED:  # a byte that is no UTF-8
        return f"\\x{code - 0xDC00:02x}"
    if code < ord(" ") or code == DELETE:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= LAST_SHORT else f"\\U{code:08x}"


def can_backquote(text: str) -> bool:
    """Whether a raw string can hold the text."""
    return not any(char in "`\x7f\ufeff" or (char < " " and char != "\t") or FIRST_ESCAPED <= ord(char) <= LAST_ESCAPED for char in text)


def unicode_name(code: int, *, width: int = 4, shown: bool = False) -> str:
    """Return `U+0078`, with `shown` `U+0078 'x'` where that can be printed."""
    name = f"U+{code & (1 << 64) - 1:0{max(width, 4)}X}"
    return f"{name} '{chr(code)}'" if shown and valid_rune(code) and chr(code).isprintable() else name
