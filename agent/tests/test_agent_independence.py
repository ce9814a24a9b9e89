"""The agent is a distribution of its own: the standard library, and what travels inside; readable for the oldest Python it names."""

import ast
import sys
import tomllib
from pathlib import Path

FOLDER = Path(__file__).parents[1]
FILES = sorted((FOLDER / "src/roadstead_agent").rglob("*.py"))
# Not among the names that today's Python lists, or newer than the oldest one.
TOO_NEW = {"tomllib", "zoneinfo"}


def imported(tree: ast.AST) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").partition(".")[0])
    return found


def test_it_imports_nothing_but_python_s_own_and_what_travels_inside() -> None:
    names = set().union(*(imported(ast.parse(file.read_text())) for file in FILES))
    assert "roadstead_agent" in names
    assert names - {"roadstead_agent", "gotext"} <= sys.stdlib_module_names - TOO_NEW


def test_the_oldest_python_reads_it() -> None:
    for file in FILES:
        text = file.read_text()
        tree = ast.parse(text, str(file), feature_version=(3, 9))
        assert "from __future__ import annotations" in text or len(tree.body) <= 2, file


def test_it_declares_no_dependencies() -> None:
    project = tomllib.loads((FOLDER / "pyproject.toml").read_text())["project"]
    assert project["dependencies"] == []
    assert project["requires-python"] == ">=3.9"
