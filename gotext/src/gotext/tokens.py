"""Cuts a template into tokens, exactly where Go's `text/template/parse` does; positions count characters of the text."""

import re
from collections.abc import Callable
from enum import Enum, auto
from functools import lru_cache
from typing import Final, NamedTuple

from gotext.quoting import quote, unicode_name

SPACES = re.compile(r"[ \t\r\n]*")
NUMBER = re.compile(
    r"[+-]?(?:0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?|0[oO][0-7_]*(?:\.[0-7_]*)?|0[bB][01_]*(?:\.[01_]*)?"
    r"|[0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?)i?"
)
ASCII_WORD = re.compile("[A-Za-z0-9_]*")
STRING = re.compile(r'"(?:[^"\\\n]|\\[^\n])*(?P<closed>")?')
RAW = re.compile("`[^`]*(?P<closed>`)?")
CHARACTER = re.compile(r"'(?:[^'\\\n]|\\[^\n])*(?P<closed>')?")
SHOWN: Final = 10


class Kind(Enum):
    """What a token is."""

    ERROR = auto()
    BOOL = auto()
    CHAR = auto()
    CHARACTER = auto()
    COMPLEX = auto()
    ASSIGN = auto()
    DECLARE = auto()
    EOF = auto()
    FIELD = auto()
    IDENTIFIER = auto()
    LEFT = auto()
    LEFT_PAREN = auto()
    NUMBER = auto()
    PIPE = auto()
    RAW = auto()
    RIGHT = auto()
    RIGHT_PAREN = auto()
    SPACE = auto()
    STRING = auto()
    TEXT = auto()
    VARIABLE = auto()
    DOT = auto()
    BLOCK = auto()
    BREAK = auto()
    CONTINUE = auto()
    DEFINE = auto()
    ELSE = auto()
    END = auto()
    IF = auto()
    NIL = auto()
    RANGE = auto()
    TEMPLATE = auto()
    WITH = auto()


WORDS: Final = {
    kind.name.lower(): kind
    for kind in (
        Kind.BLOCK,
        Kind.BREAK,
        Kind.CONTINUE,
        Kind.DEFINE,
        Kind.ELSE,
        Kind.END,
        Kind.IF,
        Kind.NIL,
        Kind.RANGE,
        Kind.TEMPLATE,
        Kind.WITH,
    )
} | {"true": Kind.BOOL, "false": Kind.BOOL}
KEYWORDS: Final = frozenset(WORDS.values()) - {Kind.BOOL} | {Kind.DOT}
QUOTED: Final = {
    '"': (STRING, Kind.STRING, "unterminated quoted string"),
    "`": (RAW, Kind.RAW, "unterminated raw quoted string"),
    "'": (CHARACTER, Kind.CHARACTER, "unterminated character constant"),
}


USUAL: Final = {name: Kind[name] for name in ("SPACE", "FIELD", "VARIABLE", "PIPE", "STRING")}
# The parser never looks further past the end.
LOOK_AHEAD: Final = 8


class Token(NamedTuple):
    """One piece of the text, where it begins and on which line."""

    kind: Kind
    position: int
    text: str
    line: int

    def __str__(self) -> str:
        if self.kind in {Kind.EOF, Kind.ERROR}:
            return self.text
        if self.kind in KEYWORDS:
            return f"<{self.text}>"
        return quote(self.text[:SHOWN]) + "..." if len(self.text.encode("utf-8", "surrogateescape")) > SHOWN else quote(self.text)


@lru_cache(maxsize=16)
def _usual(right: str) -> re.Pattern[str]:
    """Return what the usual tokens look like; none, where the right delimiter could be taken for one of them."""
    if right[0] in ' \t\r\n.$|"_' or right[0].isalnum():
        return re.compile("(?!)")
    end = rf"(?=[ \t\r\n.,|:)(]|{re.escape(right)}|\Z)"
    return re.compile(
        rf"(?P<SPACE>\ +(?![ \t\r\n-]))|(?P<FIELD>\.[A-Za-z_][A-Za-z0-9_]*{end})|(?P<VARIABLE>\$[A-Za-z0-9_]*{end})"
        rf"|(?P<IDENTIFIER>[A-Za-z_][A-Za-z0-9_]*{end})|(?P<PIPE>\|)|(?P<STRING>\"[^\"\\\n]*\")"
    )


class _Bad(Exception):
    """The text cannot be cut further."""


class Lexer:
    """Reads one text once."""

    def __init__(self, text: str, left: str, right: str, functions: frozenset[str]) -> None:
        self.text = text
        self.left = left
        self.right = right
        # A function of that name hides the keyword.
        self.words = {word: kind for word, kind in WORDS.items() if word not in {"break", "continue"} or word not in functions}
        self.position = 0
        self.line = 1
        self.counted = 0
        self.parens = 0
        self.found: list[Token] = []
        self.usual = _usual(right)

    def tokens(self) -> list[Token]:
        """Return every token; the last of them says often enough that there is no more."""
        try:
            while self.position < len(self.text):
                self._outside()
        except _Bad as bad:
            self.found.append(Token(Kind.ERROR, self.position, str(bad), self._line_at(self.position)))
        end = Token(Kind.EOF, len(self.text), "EOF", self._line_at(len(self.text)))
        return self.found + [end] * LOOK_AHEAD

    def _line_at(self, position: int) -> int:
        if position > self.counted:
            self.line += self.text.count("\n", self.counted, position)
            self.counted = position
        return self.line

    def _token(self, kind: Kind, end: int) -> Token:
        token = Token(kind, self.position, self.text[self.position : end], self._line_at(self.position))
        self.position = end
        return token

    def _outside(self) -> None:
        start = self.text.find(self.left, self.position)
        if start < 0:
            self.found.append(self._token(Kind.TEXT, len(self.text)))
            return
        inner = start + len(self.left)
        trims = self.text[inner : inner + 1] == "-" and self._is_space(inner + 1)
        end = self.position + len(self.text[self.position : start].rstrip(" \t\r\n")) if trims else start
        if end > self.position:
            self.found.append(self._token(Kind.TEXT, end))
        self.position = start
        after = inner + 2 if trims else inner
        if self.text.startswith("/*", after):
            self._comment(after)
            return
        self.found.append(self._token(Kind.LEFT, inner))
        self.position = after
        self._inside()

    def _is_space(self, position: int) -> bool:
        return self.text[position : position + 1] in {" ", "\t", "\r", "\n"}

    def _right_marker(self, position: int) -> int:
        """Return how long the right delimiter here is with its trim marker, 0 where there is none."""
        if self._is_space(position) and self.text.startswith("-" + self.right, position + 1):
            return 2 + len(self.right)
        return len(self.right) if self.text.startswith(self.right, position) else 0

    def _comment(self, start: int) -> None:
        self.position = start
        end = self.text.find("*/", start + 2)
        if end < 0:
            raise _Bad("unclosed comment")
        marker = self._right_marker(end + 2)
        if not marker:
            raise _Bad("comment ends before closing delimiter")
        self.position = end + 2 + marker
        if marker > len(self.right):
            self.position = self._spaces_end()

    def _spaces_end(self) -> int:
        found = SPACES.match(self.text, self.position)
        return found.end() if found else self.position

    def _inside(self) -> None:
        self.parens = 0
        while True:
            self._simple()
            marker = self._right_marker(self.position)
            if marker:
                break
            self.found.append(self._next())
        if self.parens:
            raise _Bad("unclosed left paren")
        self.position += marker - len(self.right)
        self.found.append(self._token(Kind.RIGHT, self.position + len(self.right)))
        if marker > len(self.right):
            self.position = self._spaces_end()

    def _simple(self) -> None:
        """Read as many tokens as are of the usual forms: most of them, and quicker than one by one."""
        line = self._line_at(self.position)
        while found := self.usual.match(self.text, self.position):
            group, text = found.lastgroup, found[0]
            kind = self.words.get(text, Kind.IDENTIFIER) if group == "IDENTIFIER" else USUAL[group or ""]
            self.found.append(Token(kind, self.position, text, line))
            self.position = found.end()

    def _next(self) -> Token:
        if self.position >= len(self.text):
            raise _Bad("unclosed action")
        char = self.text[self.position]
        if char in QUOTED:
            return self._quoted(*QUOTED[char])
        read = BY_CHARACTER.get(char) or (Lexer.word if self._is_letter(char) else None)
        if read:
            return read(self)
        if char.isascii() and char.isprintable():
            return self._token(Kind.CHAR, self.position + 1)
        raise _Bad(f"unrecognized character in action: {_shown(char)}")

    def space(self) -> Token:
        """Read spaces."""
        end = self._spaces_end()
        # The last space may belong to the right delimiter's trim marker.
        return self._token(Kind.SPACE, end - 1 if self.text.startswith("-" + self.right, end) else end)

    def _quoted(self, pattern: re.Pattern[str], kind: Kind, problem: str) -> Token:
        found = pattern.match(self.text, self.position)
        if not found or not found["closed"]:
            raise _Bad(problem)
        return self._token(kind, found.end())

    def single(self) -> Token:
        """Read a sign."""
        char = self.text[self.position]
        if char == ":":
            if self.text[self.position + 1 : self.position + 2] != "=":
                raise _Bad("expected :=")
            return self._token(Kind.DECLARE, self.position + 2)
        self.parens += {"(": 1, ")": -1}.get(char, 0)
        if self.parens < 0:
            raise _Bad("unexpected right paren")
        return self._token(SINGLE[char], self.position + 1)

    def field_or_variable(self) -> Token:
        """Read `.name` or `$name`, or one of them bare."""
        char = self.text[self.position]
        following = self.text[self.position + 1 : self.position + 2]
        if char == "." and (not following or following in "0123456789"):
            return self.number()
        kind, bare = (Kind.FIELD, Kind.DOT) if char == "." else (Kind.VARIABLE, Kind.VARIABLE)
        if self._terminated(self.position + 1):
            return self._token(bare, self.position + 1)
        return self._token(kind, self._word_end(self.position + 1))

    def word(self) -> Token:
        """Read a keyword or the name of a function."""
        end = self._word_end(self.position)
        return self._token(self.words.get(self.text[self.position : end], Kind.IDENTIFIER), end)

    def _word_end(self, position: int) -> int:
        """Return where the letters and digits end; what follows must be able to end a word."""
        while True:
            found = ASCII_WORD.match(self.text, position)
            position = found.end() if found else position
            if position >= len(self.text) or self.text[position].isascii() or not self._is_letter(self.text[position]):
                break
            position += 1
        if not self._terminated(position):
            raise _Bad(f"bad character {_shown(self.text[position])}")
        return position

    def _is_letter(self, char: str) -> bool:
        return char == "_" or char.isalpha() or char.isdecimal()

    def _terminated(self, position: int) -> bool:
        return position >= len(self.text) or self.text[position] in " \t\r\n.,|:)(" or self.text.startswith(self.right, position)

    def number(self) -> Token:
        """Read a number."""
        end = self._number_end(self.position)
        if self.text[end : end + 1] not in {"+", "-"}:
            return self._token(Kind.NUMBER, end)
        end = self._number_end(end)
        if self.text[end - 1] != "i":
            raise _Bad(f"bad number syntax: {quote(self.text[self.position : end])}")
        return self._token(Kind.COMPLEX, end)

    def _number_end(self, position: int) -> int:
        found = NUMBER.match(self.text, position)
        end = found.end() if found else position
        if end < len(self.text) and self._is_letter(self.text[end]):
            raise _Bad(f"bad number syntax: {quote(self.text[self.position : end + 1])}")
        return end


SINGLE: Final = {
    "=": Kind.ASSIGN,
    ":": Kind.DECLARE,
    "|": Kind.PIPE,
    "(": Kind.LEFT_PAREN,
    ")": Kind.RIGHT_PAREN,
}
BY_CHARACTER: Final[dict[str, Callable[[Lexer], Token]]] = {
    **dict.fromkeys(" \t\r\n", Lexer.space),
    **dict.fromkeys(SINGLE, Lexer.single),
    **dict.fromkeys(".$", Lexer.field_or_variable),
    **dict.fromkeys("+-0123456789", Lexer.number),
}


def _shown(char: str) -> str:
    return unicode_name(0xFFFD if "\ud800" <= char <= "\udfff" else ord(char), shown=True)
