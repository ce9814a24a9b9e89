"""gotext is a distribution of its own: the standard library and nothing else, and no way to run what it reads."""

import ast
import sys
import tomllib
from pathlib import Path

import gotext

FOLDER = Path(__file__).parents[1]
TREES = {path: ast.parse(path.read_text()) for path in (FOLDER / "src/gotext").glob("*.py")}


def test_it_imports_nothing_but_python_s_own() -> None:
    imported = set()
    for tree in TREES.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add((node.module or "").partition(".")[0])
    assert "gotext" in imported
    assert imported - {"gotext"} <= sys.stdlib_module_names


def test_it_evaluates_no_text() -> None:
    names = {node.id for tree in TREES.values() for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert names
    assert not names & {"eval", "exec", "compile", "__import__", "importlib"}


def test_it_declares_no_dependencies() -> None:
    project = tomllib.loads((FOLDER / "pyproject.toml").read_text())["project"]
    assert project["dependencies"] == []
    assert project["requires-python"] == ">=3.11"


def test_what_is_imported_is_the_folder_s_own() -> None:
    assert gotext.__file__ == str(FOLDER / "src/gotext/__init__.py")
