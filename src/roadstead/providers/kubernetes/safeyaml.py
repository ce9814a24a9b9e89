"""Reads a small YAML text into mappings, lists and texts: no tags, no aliases, no duplicate keys, limits before anything is built."""

from typing import Any

import yaml

from roadstead.core.problems import Problem
from roadstead.providers.kubernetes.problems import DUPLICATE_KEY, NOT_YAML, TOO_COMPLEX, TOO_LARGE

MAX_BYTES = 256 * 1024
MAX_DEPTH = 12
MAX_NODES = 20_000

Tree = dict[str, "Tree"] | list["Tree"] | str

# libyaml's parser where it is there: 256 KiB take the pure one seconds.
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class Unreadable(Exception):
    """The text cannot be read; `problem` says where and why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


def read(text: str) -> Tree:
    """Return the one document of a text. Every scalar stays a text: `true`, `12` and dates mean nothing here."""
    size = len(text.encode(errors="replace"))
    if size > MAX_BYTES:
        raise Unreadable(TOO_LARGE(size=size, limit=MAX_BYTES))
    try:
        _measure(text)
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        raise Unreadable(_not_yaml(error)) from None
    except (ValueError, OverflowError) as error:
        raise Unreadable(NOT_YAML(reason=str(error))) from None
    return "" if root is None else _plain(root)


def _measure(text: str) -> None:
    """Walk the events without building anything, and refuse what could grow or nest."""
    depth = nodes = documents = 0
    for event in yaml.parse(text, Loader=_LOADER):
        nodes += isinstance(event, yaml.NodeEvent)
        documents += isinstance(event, yaml.DocumentStartEvent)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent) or depth > MAX_DEPTH or nodes > MAX_NODES or documents > 1:
            raise Unreadable(TOO_COMPLEX(where=_line(event.start_mark)))


def _plain(node: yaml.Node) -> Tree:
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child) for child in node.value]
    if not isinstance(node, yaml.MappingNode):
        return str(node.value)
    mapping: dict[str, Tree] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise Unreadable(TOO_COMPLEX(where=_line(key.start_mark)))
        if key.value in mapping:
            raise Unreadable(DUPLICATE_KEY(where=_line(key.start_mark), key=key.value))
        mapping[key.value] = _plain(value)
    return mapping


def _not_yaml(error: yaml.YAMLError) -> Problem:
    mark = getattr(error, "problem_mark", None)
    reason = getattr(error, "problem", None) or "unreadable character"
    return NOT_YAML(where=_line(mark), reason=reason)


def _line(mark: Any) -> str:
    """Return the place of a mark, which is of another type for each of the two parsers."""
    return f"line {mark.line + 1}" if mark else ""
