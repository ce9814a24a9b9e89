"""What the offline checks share: the language, the output, the exit code."""

import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click
from django.utils import translation

from roadstead.cli.speech import spoken
from roadstead.core.problems import Problem, ProblemDict, count_of

F = TypeVar("F", bound=Callable[..., Any])


def language(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str:
    """Return the language to speak: a locale such as `zh_CN.UTF-8` will do."""
    return spoken(value)


def offline(command: F) -> F:
    """Give a check its two options."""
    spoken = click.option("--lang", envvar=["LC_ALL", "LANG"], callback=language, help="en or zh-hans; the machine's language if not set.")
    return spoken(click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")(command))


def conclude(
    facts: dict[str, Any], title: str, problems: Sequence[Problem], *, lang: str, as_json: bool, warnings: Sequence[Problem] | None = None
) -> None:
    """Print what was found and leave: 0 when nothing is wrong, 1 otherwise. Warnings are told, and nothing else comes of them."""
    with translation.override(lang):
        said = [problem.as_dict() for problem in problems]
        warned = [problem.as_dict() for problem in warnings or ()]
        count = count_of(said)
    if as_json:
        more = {} if warnings is None else {"warnings": warned}
        click.echo(json.dumps({"ok": not said, **facts, "problems": said, **more}, ensure_ascii=False))
    else:
        click.echo(title)
        for one in said:
            click.echo(f"  {_line(one)}")
        for one in warned:
            click.echo(f"  warning: {_line(one)}")
        click.echo(count if said else "ok")
    raise SystemExit(1 if said else 0)


def _line(one: ProblemDict) -> str:
    place = ":".join(filter(None, (one["file"], one["where"])))
    return f"{place + '  ' if place else ''}{one['message']}  [{one['code']}]"
