"""YAML and JSON of strangers as plain data: bounded before anything is built, each key once, errors with their line."""

import json
import math
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from roadstead.core.problems import Problem
from roadstead.packaging import kinds
from roadstead.packaging.limits import KIB, MIB

MAX_BYTES = MIB
MAX_DEPTH = 100
MAX_VALUES = 100_000


@dataclass(frozen=True)
class Document:
    """What a text said; `value` is None when there is a problem."""

    value: Any = None
    problems: tuple[Problem, ...] = ()

    @property
    def mapping(self) -> dict[str, Any]:
        """The value if it is a mapping, else an empty one."""
        return self.value if isinstance(self.value, dict) else {}


class _RefusedError(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


# What constructors of the library raise when a tag doesn't fit its text, such as `!!bool x`: numbers of a thousand digits, strange dates.
_UNFIT = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError)


class _Loader(yaml.CSafeLoader):
    """Reads dates as the text they are, as Helm does, and refuses a key that comes twice and a number that JSON doesn't have."""

    twice: Callable[[str, int], None]

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """Build one mapping."""
        seen = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.tag != "tag:yaml.org,2002:merge":
                if (key.tag, key.value) in seen:
                    self.twice(str(key.value), key.start_mark.line + 1)
                seen.add((key.tag, key.value))
        return super().construct_mapping(node, deep=deep)

    def construct_yaml_float(self, node: yaml.ScalarNode) -> float:
        """Build one number."""
        number: float = super().construct_yaml_float(node)
        if not math.isfinite(number):
            raise yaml.constructor.ConstructorError(problem=f"{node.value} is no number of JSON", problem_mark=node.start_mark)
        return number


_Loader.add_constructor("tag:yaml.org,2002:float", _Loader.construct_yaml_float)

_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def text_of(data: bytes, file: str) -> Document:
    """Decode UTF-8; a byte order mark is dropped."""
    try:
        return Document(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return Document(problems=(kinds.NOT_UTF8(file=file),))


def load(text: str, file: str) -> Document:
    """Read one YAML document; an empty one is None."""
    documents = load_all(text, file)
    if not documents.problems and len(documents.value) > 1:
        return Document(problems=(kinds.YAML_SYNTAX(file=file, reason="expected a single document"),))
    return Document(next(iter(documents.value or ()), None), documents.problems)


def load_mapping(data: bytes, file: str) -> Document:
    """Read a YAML file that holds one mapping; an empty file is an empty mapping."""
    text = text_of(data, file)
    document = text if text.problems else load(text.value, file)
    if document.problems:
        return document
    if document.value is None:
        return Document({})
    return document if isinstance(document.value, dict) else Document(problems=(kinds.NOT_A_MAPPING(file=file),))


def load_all(text: str, file: str, *, max_bytes: int = MAX_BYTES, keys_once: bool = True) -> Document:
    """Read a stream of YAML documents into a list. Duplicate keys are all reported."""
    doubled: list[Problem] = []
    try:
        _bound(text, file, max_bytes)
        loader = _Loader(text)
        try:
            loader.twice = lambda key, line: doubled.append(kinds.DUPLICATE_KEY(file=file, where=line, key=key)) if keys_once else None
            documents = list(_documents(loader))
        finally:
            loader.dispose()
    except _RefusedError as refused:
        return Document(problems=(refused.problem,))
    except yaml.YAMLError as error:
        return Document(problems=(_syntax(error, file),))
    except _UNFIT as error:
        reason = str(error)[:200] if isinstance(error, ValueError) else "a tag doesn't fit its value"
        return Document(problems=(kinds.YAML_SYNTAX(file=file, reason=reason),))
    if doubled:
        return Document(problems=tuple(sorted(doubled, key=lambda problem: int(problem.where))))
    return Document(documents)


def load_json(data: bytes, file: str) -> Document:
    """Read a JSON file under the same limits."""
    text = text_of(data, file)
    if text.problems:
        return text
    if len(data) > MAX_BYTES:
        return Document(problems=(kinds.DOCUMENT_TOO_LARGE(file=file, limit=MAX_BYTES // KIB),))
    doubled: list[Problem] = []
    try:
        value = json.loads(text.value, object_pairs_hook=lambda pairs: _pairs(pairs, file, doubled))
        # Half a character, which JSON can spell, could neither be stored nor shown.
        json.dumps(value, ensure_ascii=False).encode()
        too_deep = _depth_over(value, MAX_DEPTH)
    except RecursionError:
        too_deep = True
    except json.JSONDecodeError as error:
        return Document(problems=(kinds.JSON_SYNTAX(file=file, where=error.lineno, reason=error.msg),))
    except ValueError as error:  # a number of a thousand digits, half a character
        return Document(problems=(kinds.JSON_SYNTAX(file=file, reason=str(error)[:200]),))
    if too_deep:
        return Document(problems=(kinds.DOCUMENT_TOO_DEEP(file=file, limit=MAX_DEPTH),))
    return Document(problems=tuple(doubled)) if doubled else Document(value)


def _pairs(found: list[tuple[str, Any]], file: str, doubled: list[Problem]) -> dict[str, Any]:
    mapping: dict[str, Any] = {}
    for key, value in found:
        if key in mapping:
            doubled.append(kinds.DUPLICATE_KEY(file=file, key=key))
        mapping[key] = value
    return mapping


def _documents(loader: Any) -> Iterator[Any]:
    while loader.check_data():
        yield loader.get_data()


def _bound(text: str, file: str, max_bytes: int) -> None:
    """Walk the events, which cost nothing to expand, and count what the document would be with its aliases written out."""
    if len(text.encode("utf-8", "surrogatepass")) > max_bytes:
        raise _RefusedError(kinds.DOCUMENT_TOO_LARGE(file=file, limit=max_bytes // KIB))
    count = _Count(file)
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        count.see(event)


class _Count:
    """Counts values with aliases expanded, and depth, from the events of a document."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._open: list[tuple[str | None, int]] = []  # anchor of each open collection, count when it began
        self._sizes: dict[str, int] = {}
        self._total = 0

    def see(self, event: yaml.Event) -> None:
        """Count one event."""
        if isinstance(event, yaml.AliasEvent):
            # An alias to a collection that is still open would never end.
            self._add(self._sizes.get(event.anchor or "", MAX_VALUES + 1), event)
        elif isinstance(event, yaml.ScalarEvent):
            self._add(1, event)
            self._remember(event.anchor, 1)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._begin(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, start = self._open.pop()
            self._remember(anchor, self._total - start)

    def _begin(self, event: yaml.CollectionStartEvent) -> None:
        if len(self._open) >= MAX_DEPTH:
            raise _RefusedError(kinds.DOCUMENT_TOO_DEEP(file=self._file, where=_line(event), limit=MAX_DEPTH))
        self._sizes.pop(event.anchor or "", None)
        self._open.append((event.anchor, self._total))
        self._add(1, event)

    def _remember(self, anchor: str | None, size: int) -> None:
        if anchor:
            self._sizes[anchor] = size

    def _add(self, size: int, event: yaml.Event) -> None:
        self._total += size
        if self._total > MAX_VALUES:
            raise _RefusedError(kinds.YAML_ALIASES(file=self._file, where=_line(event), limit=MAX_VALUES))


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


def _syntax(error: yaml.YAMLError, file: str) -> Problem:
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        return kinds.YAML_SYNTAX(file=file, where=mark.line + 1 if mark else "", reason=error.problem or error.context or "unreadable")
    return kinds.YAML_SYNTAX(file=file, reason=str(error).splitlines()[0][:200])


def _depth_over(value: Any, left: int) -> bool:
    if left < 0:
        return True
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(_depth_over(item, left - 1) for item in inner)
