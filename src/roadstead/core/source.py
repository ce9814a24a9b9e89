"""Source text made readable: one piece of HTML a line, with Pygments' short classes and nothing else."""

from pathlib import PurePosixPath

from django.utils.html import format_html
from django.utils.safestring import SafeString
from pygments import lex
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import STANDARD_TYPES, _TokenType
from pygments.util import ClassNotFound

# By suffix, because guessing from the text of a stranger's file would be slow and sometimes wrong.
_LANGUAGES = {
    ".yaml": "yaml",
    ".yml": "yaml",
    ".json": "json",
    ".tpl": "html+jinja",
    ".md": "markdown",
    ".sh": "bash",
    ".py": "python",
    ".toml": "toml",
    ".ini": "ini",
    ".conf": "nginx",
    ".properties": "properties",
    ".tmpl": "yaml",
}
_LONGEST = 200_000


def highlight(text: str, *, path: str = "", language: str = "") -> list[SafeString]:
    """Return the lines of a text; what is too long or in an unknown language stays plain."""
    name = language or _LANGUAGES.get(PurePosixPath(path).suffix.lower(), "")
    lexer = _lexer(name) if name and len(text) <= _LONGEST else None
    if lexer is None:
        return [format_html("{}", line) for line in text.splitlines()]
    lines: list[list[SafeString]] = [[]]
    for token, value in lex(text, lexer):
        first, *rest = value.split("\n")
        _append(lines[-1], token, first)
        for piece in rest:
            lines.append([])
            _append(lines[-1], token, piece)
    if not lines[-1]:
        lines.pop()
    return [SafeString("".join(line)) for line in lines]


def _append(line: list[SafeString], token: _TokenType, text: str) -> None:
    if text:
        name = _class_of(token)
        line.append(format_html('<span class="{}">{}</span>', name, text) if name else format_html("{}", text))


def _class_of(token: _TokenType) -> str:
    """Return the short class of a token, or of the nearest kind that has one."""
    known: _TokenType | None = token
    while known is not None and known not in STANDARD_TYPES:
        known = known.parent
    return STANDARD_TYPES[known] if known is not None else ""


def _lexer(language: str) -> Lexer | None:
    try:
        return get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return None
