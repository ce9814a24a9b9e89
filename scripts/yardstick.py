"""Measures how the code reads, prints the table of the house rules and fails on the hard ones."""

import ast
import re
import statistics
import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import grimp

ROOT = Path(__file__).parent.parent
CODE = ROOT / "src/roadstead"
LONG = 50
WAIVER = re.compile(r"#\s*(type:\s*ignore|noqa)\b")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One Python file we wrote; migrations are Django's."""

    path: Path
    text: str
    functions: tuple[Function, ...]

    @property
    def lines(self) -> int:
        """Physical lines, blank ones too."""
        return len(self.text.splitlines())

    @property
    def is_test(self) -> bool:
        """Whether the file only serves tests."""
        parts = self.path.relative_to(ROOT).parts
        return parts[0] in {"tests", "conftest.py"} or "tests" in parts or self.path.name == "factories.py"


@dataclass(frozen=True)
class Row:
    """One line of the table; `worst` names where to look."""

    name: str
    value: float
    limit: float
    hard: bool = False
    at_least: bool = False
    worst: str = ""

    @property
    def kept(self) -> bool:
        """Whether the value is within its limit."""
        return self.value >= self.limit if self.at_least else self.value <= self.limit


def sources() -> list[Source]:
    """Read every Python file of the project."""
    folders = [CODE, *(ROOT / name for name in ("gotext", "agent", "tests", "scripts", "bench"))]
    paths = [path for folder in folders for path in folder.rglob("*.py") if "migrations" not in path.parts]
    return [_read(path) for path in sorted([*paths, *ROOT.glob("*.py")])]


def _read(path: Path) -> Source:
    text = path.read_text()
    tree = ast.parse(text, str(path))
    return Source(path, text, tuple(node for node in ast.walk(tree) if isinstance(node, Function)))


def length(function: Function) -> int:
    """Lines from `def` to the last line, decorators left out."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def typed(function: Function) -> bool:
    """Whether every argument and the result carry a type."""
    given = function.args
    arguments = [*given.posonlyargs, *given.args, *given.kwonlyargs, *filter(None, (given.vararg, given.kwarg))]
    return function.returns is not None and all(a.annotation or a.arg in {"self", "cls"} for a in arguments)


def quantile(values: list[int], share: float) -> float:
    """Return the value below which this share of the others lies; nothing measured is 0."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] if values else 0


def function_rows(files: list[Source]) -> Iterator[Row]:
    """How long functions are, and whether they are typed; the caps count tests too, the middle does not."""
    own = [length(f) for file in files if not file.is_test for f in file.functions]
    every = [(length(f), f"{file.path.relative_to(ROOT)}:{f.lineno} {f.name}") for file in files for f in file.functions]
    longest = max(every, default=(0, ""))
    untyped = [f"{file.path.relative_to(ROOT)}:{f.lineno}" for file in files for f in file.functions if not typed(f)]
    yield Row("function length, median", statistics.median(own or [0]), 8)
    yield Row("function length, p90", quantile(own, 0.9), 25)
    yield Row("function length, longest", longest[0], 60, hard=True, worst=longest[1])
    yield Row(f"functions over {LONG} lines, %", 100 * sum(n > LONG for n, _ in every) / max(1, len(every)), 1)
    yield Row("fully typed functions, %", 100 * (1 - len(untyped) / max(1, len(every))), 100, at_least=True, worst=" ".join(untyped[:3]))


def file_rows(files: list[Source]) -> Iterator[Row]:
    """How large files are, how many checks are silenced, and how much of it all is tests."""
    largest = max(files, key=lambda file: file.lines)
    lines = sum(file.lines for file in files)
    tests = sum(file.lines for file in files if file.is_test)
    waivers = [file for file in files for line in file.text.splitlines() if WAIVER.search(line)]
    yield Row("largest file, lines", largest.lines, 400, hard=True, worst=str(largest.path.relative_to(ROOT)))
    yield Row("type: ignore + noqa per 1,000 lines", 1000 * len(waivers) / lines, 1, worst=f"{len(waivers)} in {lines} lines")
    yield Row("test lines : code lines", tests / (lines - tests), 1.2, at_least=True, worst=f"{tests} : {lines - tests}")


def template_rows(_files: list[Source]) -> Iterator[Row]:
    """How long templates are."""
    lengths = {path: len(path.read_text().splitlines()) for path in CODE.glob("*/templates/**/*.html")}
    worst = max(lengths, key=lambda path: lengths[path], default=None)
    yield Row("template length, median", statistics.median(lengths.values() or [0]), 20)
    yield Row("template length, p90", quantile([*lengths.values()], 0.9), 60, worst=worst.name if worst else "")


def project_rows(_files: list[Source]) -> Iterator[Row]:
    """What `pyproject.toml` promises."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts = project["tool"]["importlinter"]["contracts"]
    yield Row("direct runtime dependencies", len(project["project"]["dependencies"]), 25, hard=True)
    yield Row("import-contract waivers", sum(len(contract.get("ignore_imports", [])) for contract in contracts), 0, hard=True)


def cycle_rows(_files: list[Source]) -> Iterator[Row]:
    """Packages that reach themselves again, imports inside functions counted."""
    graph = grimp.build_graph("roadstead", exclude_type_checking_imports=True, cache_dir=None)
    edges: dict[str, set[str]] = {}
    for importer in graph.modules:
        for imported in graph.find_modules_directly_imported_by(importer):
            edges.setdefault(_package(importer), set()).add(_package(imported))
    cyclic = sorted(package for package in edges if package in _reached(package, edges))
    yield Row("packages in an import cycle", len(cyclic), 0, hard=True, worst=" ".join(cyclic))


def _package(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def _reached(start: str, edges: dict[str, set[str]]) -> set[str]:
    """Return the packages that `start` imports through at least one other."""
    seen: set[str] = set()
    waiting = edges.get(start, set()) - {start}
    while waiting:
        here = waiting.pop()
        seen.add(here)
        waiting |= edges.get(here, set()) - seen
    return seen


MEASURES: list[Callable[[list[Source]], Iterator[Row]]] = [function_rows, file_rows, template_rows, project_rows, cycle_rows]


def main() -> int:
    """Print the table; 1 when a hard rule is broken."""
    files = sources()
    rows = [row for measure in MEASURES for row in measure(files)]
    for row in rows:
        bound = ("≥" if row.at_least else "≤") + f" {row.limit:g}"
        mark = "" if row.kept else ("BROKEN" if row.hard else "over")
        sys.stdout.write(f"{row.name:38} {row.value:8.4g}  {bound:7} {'hard' if row.hard else '':5} {mark:7} {row.worst}\n")
    return int(any(row.hard and not row.kept for row in rows))


if __name__ == "__main__":
    sys.exit(main())
