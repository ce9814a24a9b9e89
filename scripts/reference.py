"""Keeps the tables of `docs/reference` true: what the code declares is written between marks, what people wrote about it stays.

`python -m scripts.reference` says which file is out of date; with `--write` it is brought up to date.
"""

import importlib
import inspect
import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import django
from django.conf import settings
from django.utils import translation
from pydantic import BaseModel, SecretStr

from roadstead.core.problems import ProblemKind

DOCS = Path(__file__).parent.parent / "docs" / "reference"
MARK = re.compile(r"(<!-- (problems|settings|help): (\S[^>]*?) -->\n)(.*?)(<!-- end -->)", re.DOTALL)
SECTION = re.compile(r'^# (.+)$|problem_kind\(\s*"(\w+)"', re.MULTILINE)
LINK = re.compile(r"\]\(([^)#\s][^)\s]*)\)")
ROW = re.compile(r"^\| `([^`]+)` \|.*\| ([^|]*) \|$", re.MULTILINE)


def problems(module: str, _said: str) -> str:
    """Return every problem that a module declares, under the headings of its source."""
    declared = importlib.import_module(module)
    kinds = {kind.code: kind for kind in vars(declared).values() if isinstance(kind, ProblemKind)}
    lines: list[str] = []
    for heading, code in SECTION.findall(inspect.getsource(declared)):
        if heading:
            lines += ["", f"### {heading}", "", "| code | sentence |", "|---|---|"]
        else:
            lines.append(f"| `{code}` | {_sentence(str(kinds[code].words))} |")
    return "\n".join([*lines[1:], ""])


def settings_table(name: str, said: str) -> str:
    """Return a row for each setting; its meaning is what the row said before."""
    module, _, kind = name.rpartition(".")
    options: type[BaseModel] = getattr(importlib.import_module(module), kind)
    meanings = dict(ROW.findall(said))
    rows = [f"| `{name}` | {default} | {meanings.get(name, '')} |" for name, default in _fields(options, "ROADSTEAD_")]
    return "\n".join(["| variable | default | meaning |", "|---|---|---|", *rows, ""])


def command_help(words: str, _said: str) -> str:
    """Return what a command answers to `--help`."""
    command: Any = importlib.import_module("roadstead.cli.main").main
    context = click.Context(command, info_name="roadstead", **command.context_settings)
    for word in words.split()[1:]:
        command = command.get_command(context, word)
        context = click.Context(command, info_name=word, parent=context, terminal_width=80)
    return f"```text\n{command.get_help(context)}\n```\n"


PARTS: dict[str, Callable[[str, str], str]] = {"problems": problems, "settings": settings_table, "help": command_help}


def renewed(text: str) -> str:
    """Return a document with everything between marks made anew, in English."""
    with translation.override("en"):
        return MARK.sub(lambda found: f"{found[1]}{PARTS[found[2]](found[3], found[4])}{found[5]}", text)


def complaints() -> Iterator[str]:
    """Say which documents are not what they would be if they were written now, and which settings nobody described."""
    for file in sorted(DOCS.glob("*.md")):
        text = file.read_text()
        if renewed(text) != text:
            yield f"{file.name} is out of date: python -m scripts.reference --write"
        yield from (f"{file.name}: nobody says what {name} means" for name, meaning in ROW.findall(text) if not meaning.strip())


def main(arguments: list[str]) -> int:
    """Write the documents, or say what is wrong with them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "roadstead.config.offline")
    if not settings.configured:
        django.setup()
    if arguments == ["--write"]:
        for file in DOCS.glob("*.md"):
            file.write_text(renewed(file.read_text()))
    found = [*complaints()]
    sys.stdout.write("".join(f"{line}\n" for line in found))
    return int(bool(found))


def _sentence(words: str) -> str:
    """Show the places of a sentence as ‹name›; what begins on a new line is an example."""
    return re.sub(r"%\((\w+)\)s", r"‹\1›", words).replace("\n", " ").replace("|", "\\|").replace("%%", "%")


def _fields(options: type[BaseModel], prefix: str) -> Iterator[tuple[str, str]]:
    for name, field in options.model_fields.items():
        variable = f"{prefix}{name.upper()}"
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from _fields(inner, f"{variable}__")
        elif inner is SecretStr:
            yield variable, "made once"
        else:
            yield variable, _default(field.default)


def _default(value: Any) -> str:
    return f"`{value if isinstance(value, str | Path) else json.dumps(value)}`" if str(value) else "empty"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
