"""Reads the part of TOML that resource files are written in: tables, texts, numbers, booleans and lists. Python 3.9 has no reader."""

from __future__ import annotations

import re
from typing import Any

BLANK = re.compile(r"[ \t]*")
SPACE = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
KEY = re.compile(r'[A-Za-z0-9_-]+|"[^"\\\n]*"|\'[^\'\n]*\'')
HEAD = re.compile(r"\[([A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*)\]")
END = re.compile(r"[ \t]*(?:#[^\n]*)?\r?(?:\n|\Z)")
NUMBER = re.compile(r"0x[0-9a-fA-F_]+|0o[0-7_]+|0b[01_]+|[+-]?[0-9][0-9_]*(?![0-9_.eE:-])")
WORD = re.compile(r"(true|false)\b")
TEXTS = (
    (re.compile(r'"""\r?\n?(.*?)(?<!\\)((?:\\\\)*)"""(?!")', re.DOTALL), True),
    (re.compile(r"'''\r?\n?(.*?)()'''(?!')", re.DOTALL), False),
    (re.compile(r'"((?:[^"\\\n]|\\[^\n])*)()"'), True),
    (re.compile(r"'([^'\n]*)()'"), False),
)
ESCAPE = re.compile(r'\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|[ \t]*\r?\n\s*|(["\\bfnrt])|(.?))', re.DOTALL)
ESCAPED = {'"': '"', "\\": "\\", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


class BadToml(ValueError):
    """The text is not TOML, or more of it than resource files use; `line` counts from 1."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def parse(text: str) -> dict[str, Any]:
    """Return the tables of a text. Raises `BadToml`."""
    return _Reader(text).document()


class _Reader:
    """One walk through a text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def document(self) -> dict[str, Any]:
        """Read all of it."""
        whole: dict[str, Any] = {}
        table = whole
        while self._skip(SPACE) < len(self.text):
            head = HEAD.match(self.text, self.at)
            if head:
                self.at = head.end()
                table = self._table(whole, head[1].split("."))
            else:
                self._pair(table)
            if not self._take(END):
                raise self._bad("nothing may follow here on the same line")
        return whole

    def _table(self, whole: dict[str, Any], names: list[str]) -> dict[str, Any]:
        table = whole
        for name in names:
            table = table.setdefault(name, {})
            if not isinstance(table, dict):
                raise self._bad(f"{name} has a value already")
        return table

    def _pair(self, table: dict[str, Any]) -> None:
        found = self._take(KEY)
        if not found:
            raise self._bad("expected a name, such as src = …")
        key = found[0].strip("\"'")
        self._skip(BLANK)
        if not self._takes("="):
            raise self._bad(f"expected = after {key}")
        self._skip(BLANK)
        if key in table:
            raise self._bad(f"{key} has a value already")
        table[key] = self._value()

    def _value(self) -> Any:
        for pattern, escapes in TEXTS:
            found = self._take(pattern)
            if found:
                text = found[1] + found[2]
                return self._unescaped(text) if escapes else text
        if self._takes("["):
            return self._list()
        word = self._take(WORD)
        if word:
            return word[0] == "true"
        number = self._take(NUMBER)
        if number:
            return self._number(number[0])
        raise self._bad("expected a text in quotes, a number, true, false or a list")

    def _list(self) -> list[Any]:
        items: list[Any] = []
        while True:
            self._skip(SPACE)
            if self._takes("]"):
                return items
            items.append(self._value())
            self._skip(SPACE)
            if not self._takes(","):
                if self._takes("]"):
                    return items
                raise self._bad("expected , or ] in a list")

    def _number(self, text: str) -> int:
        try:
            return int(text, 0)
        except ValueError:
            raise self._bad(f"{text} is no number: a mode is written in quotes") from None

    def _unescaped(self, text: str) -> str:
        def char(found: re.Match[str]) -> str:
            code = found[1] or found[2]
            if code:
                try:
                    chr(int(code, 16)).encode()
                except (ValueError, OverflowError):
                    raise self._bad(f"\\u{code} is no character") from None
                return chr(int(code, 16))
            if found[4] is not None:
                raise self._bad(f"\\{found[4]} means nothing in a text")
            return ESCAPED.get(found[3] or "", "")

        return ESCAPE.sub(char, text)

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self.text, self.at)
        if found:
            self.at = found.end()
        return found

    def _takes(self, char: str) -> bool:
        there = self.text.startswith(char, self.at)
        self.at += there
        return there

    def _skip(self, pattern: re.Pattern[str]) -> int:
        self._take(pattern)
        return self.at

    def _bad(self, message: str) -> BadToml:
        return BadToml(message, self.text.count("\n", 0, self.at) + 1)
