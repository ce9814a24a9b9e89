"""A package's files as they are read on the review page: a tree, and one file with line anchors and colours."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.html import format_html, mark_safe
from pygments import lex
from pygments.lexers import TextLexer, get_lexer_for_filename
from pygments.token import STANDARD_TYPES
from pygments.util import ClassNotFound

MAX_LINES = 5_000


@dataclass
class Folder:
    """A folder of the tree with its folders and files, in the order in which they are shown."""

    name: str
    path: str
    folders: dict[str, "Folder"] = field(default_factory=dict)
    files: list[tuple[str, str]] = field(default_factory=list)


def tree_of(paths: Iterable[str]) -> Folder:
    """Return the folders of a package; files are pairs of name and whole path."""
    root = Folder("", "")
    for path in sorted(paths):
        *parents, name = path.split("/")
        folder = root
        for parent in parents:
            folder = folder.folders.setdefault(parent, Folder(parent, f"{folder.path}{parent}/"))
        folder.files.append((name, path))
    return root


@dataclass(frozen=True)
class Source:
    """One file: its lines as safe HTML with Pygments' class names, and what its head says."""

    path: str
    lines: list[str]
    size: int
    cut: bool = False


def source_of(path: str, text: str) -> Source:
    """Return a file's text, coloured by its name; very long ones are cut and say so."""
    shown = text.splitlines()[:MAX_LINES]
    return Source(path, _coloured(path, "\n".join(shown)), len(text.encode()), cut=len(shown) == MAX_LINES)


def _coloured(path: str, text: str) -> list[str]:
    try:
        lexer = get_lexer_for_filename(_name_for_lexer(path), stripnl=False, ensurenl=False)
    except ClassNotFound:
        lexer = TextLexer(stripnl=False, ensurenl=False)
    lines: list[list[str]] = [[]]
    for token, value in lex(text, lexer):
        css = STANDARD_TYPES.get(token, "")
        for number, piece in enumerate(value.split("\n")):
            if number:
                lines.append([])
            if piece:
                lines[-1].append(format_html('<span class="{}">{}</span>', css, piece) if css else format_html("{}", piece))
    return [mark_safe("".join(pieces)) for pieces in lines]  # noqa: S308  # every piece went through format_html


def _name_for_lexer(path: str) -> str:
    name = path.rsplit("/", 1)[-1]
    return "x.yaml" if name.endswith((".tpl", ".lock", ".yml", ".txt")) and "templates/" in path else name
