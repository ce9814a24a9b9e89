"""How answers are printed: a table for people, JSON or YAML for programs; data on standard output, all else on standard error."""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])
_GAP = "  "


def shown(command: F) -> F:
    """Give a command the option `-o`."""
    choice = click.Choice(["table", "json", "yaml"])
    return click.option("-o", "--output", type=choice, default="table", show_default=True, help="How to print the answer.")(command)


def limited(command: F) -> F:
    """Give a list the option `--limit`."""
    return click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="At most so many rows.")(command)


def rows(found: Sequence[Mapping[str, Any]], columns: Sequence[str], output: str) -> None:
    """Print a list."""
    if output != "table":
        _print(found, output)
        return
    table = [[_cell(row.get(column)) for column in columns] for row in found]
    heads = [column.replace("_", " ").upper() for column in columns]
    if sys.stdout.isatty():
        _rich(heads, table)
        return
    widths = [max(map(len, column)) for column in zip(heads, *table, strict=True)]
    for line in (heads, *table):
        click.echo(_GAP.join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())


def thing(found: Mapping[str, Any], output: str, hidden: Sequence[str] = ()) -> None:
    """Print one thing, a field a line."""
    if output != "table":
        _print(found, output)
        return
    told = {name: _cell(value) for name, value in found.items() if name not in hidden and value not in (None, "", [], {})}
    width = max(map(len, told), default=0)
    for name, value in told.items():
        click.echo(f"{name.replace('_', ' ').ljust(width)}  {value}")


def plan(found: Mapping[str, Any], output: str) -> None:
    """Print what would be done."""
    if output != "table":
        _print(found, output)
        return
    for number, step in enumerate(found["steps"], 1):
        click.echo(f"{number}. {step}")


def _print(found: Any, output: str) -> None:
    if output == "json":
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    import yaml  # noqa: PLC0415  # what isn't asked for isn't loaded

    click.echo(yaml.safe_dump(found, allow_unicode=True, sort_keys=False), nl=False)


def _rich(heads: Sequence[str], table: Sequence[Sequence[str]]) -> None:
    from rich.console import Console  # noqa: PLC0415  # it takes as long as all the rest
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    drawn = Table(box=None, pad_edge=False, header_style="bold")
    for head in heads:
        drawn.add_column(head, overflow="fold")
    for line in table:
        drawn.add_row(*map(Text, line))
    Console().print(drawn)


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(map(_cell, value))
        case dict():
            return str(value.get("message") or value.get("name") or json.dumps(value, ensure_ascii=False))
        case _:
            return clean(str(value))


def clean(text: str) -> str:
    """Return a text without what would move the cursor or change colours: names come from strangers."""
    return "".join(character if character.isprintable() or character == "\t" else " " for character in text)
