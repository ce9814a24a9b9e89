"""The dialect of `cluster.json.tmpl`: JSON with expressions of Go's templates in it.

An expression that is all of a JSON string stands for the value itself, one inside of a longer string for its text, escaped. Between
tokens of JSON, values are written as JSON too; only what a pipeline or a variable makes is written as it is, as parts of JSON must be.
"""

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import gotext
from roadstead.core.problems import Problem
from roadstead.packaging import yamlsafe
from roadstead.packaging.limits import MIB
from roadstead.packaging.vm import kinds
from roadstead.packaging.vm.functions import FUNCTIONS, env

TEMPLATE, MUSTACHE = "cluster.json.tmpl", "cluster.json.mustache"
LIMITS = gotext.Limits(steps=200_000, output=MIB, depth=100)
_QUOTE_OR_END = re.compile(r"[\"`']|\}\}")
# What may hold the mark that ends an action; open ones match too, so that nothing is looked through twice.
_QUOTED = {
    '"': re.compile(r"\"(?:[^\"\\\n]|\\.)*(\"?)"),
    "`": re.compile(r"`[^`]*(`?)"),
    "'": re.compile(r"'(?:[^'\\\n]|\\.)*('?)"),
}
_MARK = re.compile(r"\{\{|\\.|[\"\n]", re.DOTALL)
_STATEMENT = re.compile(r"\s*(?:(?:if|else|end|range|with|define|template|block|break|continue)\b|/\*|\$\w*\s*(?:,\s*\$\w*\s*)?:?=)")
_FIELD = re.compile(r"\s*\.[\w.]*\s*")
_TAG = re.compile(r"\{\{\{([^{}]*)\}\}\}|\{\{([^{}]*)\}\}")
_NAME = re.compile(r"[\w-]+(?:\.[\w-]+)*", re.ASCII)
_PLACE = re.compile(r"^template: [^:]*:\d+(?::\d+)?: (?:executing \"[^\"]*\" )?")
_NEAR = 40


@dataclass(frozen=True)
class Rendered:
    """What a template made: the document, or what is wrong."""

    value: Any = None
    problems: tuple[Problem, ...] = ()


class _Output:
    """The text for Go's templates as it grows, which remembers where its pieces come from."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.parts: list[str] = []
        self.size = 0
        self.starts: list[int] = [0]
        self.origins: list[int] = [0]

    def add(self, text: str, origin: int) -> None:
        """Add text that stands for what begins at a place of the source."""
        self.starts.append(self.size)
        self.origins.append(origin)
        self.parts.append(text)
        self.size += len(text)

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(self.parts)

    def place(self, line: int | None, column: int | None) -> str:
        """Return line and column of the source, as people count, for a place of the text."""
        if not line:
            return ""
        lines = self.text.split("\n")
        before = lines[line - 1].encode()[: column or 0].decode("utf-8", "ignore") if line <= len(lines) else ""
        at = sum(len(one) + 1 for one in lines[: line - 1]) + len(before)
        piece = bisect_right(self.starts, at) - 1
        origin = min(self.origins[piece] + at - self.starts[piece], len(self.source))
        row = self.source.count("\n", 0, origin)
        if column is None:
            return str(row + 1)
        return f"{row + 1}:{origin - self.source.rfind(chr(10), 0, origin)}"


def render(text: str, data: Mapping[str, Any], *, file: str = TEMPLATE) -> Rendered:
    """Render a template with its data and read the JSON that it makes."""
    output, problems = _translated(text, file)
    if problems:
        return Rendered(problems=tuple(problems))
    try:
        template = gotext.Template(output.text, name=file, functions={**FUNCTIONS, "env": partial(env, data.get("env", {}))})
        made = template.render(data, limits=LIMITS)
    except gotext.GotextError as error:
        return Rendered(problems=(_failed(error, output, file),))
    document = yamlsafe.load_json(made.encode("utf-8", "replace"), file)
    return Rendered(document.value, tuple(_in_output(problem, made, text) for problem in document.problems))


def _failed(error: gotext.GotextError, output: _Output, file: str) -> Problem:
    kind = kinds.TEMPLATE_FAILED
    if isinstance(error, gotext.ParseError):
        kind = kinds.TEMPLATE_PARSE
    elif isinstance(error, gotext.LimitExceeded):
        kind = kinds.TEMPLATE_COSTLY
    reason = re.sub(r" \| (?:literal|inside|plain)\b", "", _PLACE.sub("", error.message))
    return kind(file=file, where=output.place(error.line, error.column), reason=reason[:300])


def _in_output(problem: Problem, made: str, source: str) -> Problem:
    """Say what isn't JSON with the line as it came out; it is the template's own where no line was added or left out."""
    if problem.code != "json_syntax" or not problem.where:
        return problem
    lines = made.split("\n")
    same = len(lines) == source.count("\n") + 1
    near = lines[int(problem.where) - 1].strip()[:_NEAR]
    params = {"line": problem.where, "reason": problem.params["reason"], "near": near}
    return kinds.TEMPLATE_JSON(file=problem.file, where=problem.where if same else "", **params)


@dataclass(frozen=True)
class _Action:
    """An expression or statement with its braces: `alone` is all of a JSON string, `inside` is in one."""

    start: int
    end: int
    body: str
    inside: bool
    alone: bool


def _translated(text: str, file: str) -> tuple[_Output, list[Problem]]:
    """Write the dialect out in Go's own language, or tell what isn't of the dialect."""
    output, at = _Output(text), 0
    problems: list[Problem] = []
    for action in _actions(text, _tag_end if file == MUSTACHE else _action_end):
        start, end = action.start - action.alone, action.end + action.alone
        output.add(text[at:start], at)
        if file == MUSTACHE:
            problems.extend(_add_tag(action, output))
        else:
            _add_action(action, output)
        at = end
    output.add(text[at:], at)
    return output, problems


def _actions(text: str, end_of: Callable[[str, int], int]) -> Iterator[_Action]:
    """Find the actions of a template, and which of them are in a JSON string. Such a one ends with its line at the latest."""
    at, inside, opened = 0, False, -1
    while found := _MARK.search(text, at):
        at = found.end()
        if found[0] == "{{":
            end = end_of(text, found.start())
            if not end:  # nothing closes it: whoever reads the rest will say so
                return
            alone = inside and opened == found.start() - 1 and text.startswith('"', end)
            yield _Action(found.start(), end, text[at : end - 2], inside, alone)
            at, inside = end + alone, inside and not alone
        elif found[0] == "\n":
            inside = False
        elif found[0] == '"':
            inside, opened = not inside, found.start()


def _action_end(text: str, start: int) -> int:
    """Return where an action ends, or 0."""
    at = start + 2
    if text.startswith(("/*", "- /*"), at):
        closed = text.find("*/", at)
        return _after_braces(text, closed) if closed >= 0 else 0
    while found := _QUOTE_OR_END.search(text, at):
        if found[0] == "}}":
            return found.end()
        if text[found.start() - 1] == "\\":  # written as in any JSON string, so that the file stays valid JSON
            return _after_braces(text, at)
        quoted = _QUOTED[found[0]].match(text, found.start())
        if quoted is None or not quoted[1]:
            return 0
        at = quoted.end()
    return 0


def _after_braces(text: str, at: int) -> int:
    found = text.find("}}", at)
    return found + 2 if found >= 0 else 0


def _tag_end(text: str, start: int) -> int:
    found = _TAG.match(text, start)
    return found.end() if found else 0


def _add_action(action: _Action, output: _Output) -> None:
    body = action.body
    quote = body.find('"')
    if action.inside and quote > 0 and body[quote - 1] == "\\":
        body = body.replace('\\"', '"').replace("\\\\", "\\")
    left = "-" if body[:1] == "-" and body[1:2].isspace() else ""
    right = "-" if body[-1:] == "-" and body[-2:-1].isspace() else ""
    bare = body[len(left) : len(body) - len(right)]
    if _STATEMENT.match(bare) or not bare.strip():
        whole = '"' if action.alone else ""
        output.add(f"{whole}{{{{{body}}}}}{whole}", action.start - action.alone)
        return
    helper = "inside" if action.inside and not action.alone else "literal" if action.alone or _FIELD.fullmatch(bare) else "plain"
    output.add(f"{{{{{left}{bare}", action.start)
    output.add(f" | {helper} {right}}}}}", action.end - 2)


def _add_tag(action: _Action, output: _Output) -> Iterator[Problem]:
    """Write a tag of the family's older template language, which is always the name of a value."""
    name = action.body.strip("{}& \t\r\n")
    if not _NAME.fullmatch(name):
        place = output.source.count("\n", 0, action.start) + 1
        yield kinds.MUSTACHE_TAG(file=MUSTACHE, where=place, found=output.source[action.start : action.end][:_NEAR])
        return
    path = " ".join(json.dumps(key) for key in name.split("."))
    helper = "inside" if action.inside and not action.alone else "literal"
    output.add(f"{{{{index . {path} | {helper} }}}}", action.start - action.alone)
