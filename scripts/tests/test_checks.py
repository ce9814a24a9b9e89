"""The checks themselves: each finds what it is there for, and is silent otherwise."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import house, locks, messages, yardstick

ROOT = Path(__file__).parent.parent.parent


def test_run_py_is_read_by_old_pythons() -> None:
    ast.parse((ROOT / "run.py").read_text(), feature_version=(3, 4))


def test_help_lists_every_word() -> None:
    said = subprocess.run([sys.executable, ROOT / "run.py", "help"], capture_output=True, text=True, check=True).stdout
    assert [line.split()[0] for line in said.splitlines()] == [*house.WORDS]
    assert "run" in (ROOT / "Makefile").read_text()


def test_an_unknown_word_is_refused() -> None:
    assert house.main(["dance"]) == 2


def test_venv_missing_is_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(house, "PYTHON", tmp_path / "bin/python")
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    assert house.main(["setup"]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "apt install python3" in said


def test_locks_fit_the_project() -> None:
    assert [*locks.complaints()] == []


@pytest.mark.parametrize(
    ("lock", "complaint"),
    [
        ("", "click is not locked"),
        ("click==8.0.0 \\\n    --hash=sha256:a\n    # via roadstead (pyproject.toml)\n", "click is locked at 8.0.0, wanted >=8.3"),
        ("click==8.4.0\n", "click has no hash"),
        ("--index-url https://pypi.example.com\nclick==8.4.0 --hash=sha256:a\n", "names a host: --index-url"),
        (
            "click==8.4.0 --hash=sha256:a\nflask==3.0 \\\n    --hash=sha256:b\n    # via roadstead (pyproject.toml)\n",
            "flask is locked as a direct dependency and no longer one",
        ),
    ],
)
def test_a_lock_that_does_not_fit(tmp_path: Path, lock: str, complaint: str) -> None:
    file = tmp_path / "base.txt"
    file.write_text(lock)
    assert complaint in [*locks.unfit(file, ["click>=8.3"])]


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package that says one thing in Python."""
    monkeypatch.setattr(messages, "PACKAGES", tmp_path)
    folder = tmp_path / "harbour"
    folder.mkdir()
    (folder / "__init__.py").write_text('from django.utils.translation import gettext as _\nWORDS = _("Hello %(name)s")\n')
    return folder


def translated(package: Path, entries: str) -> list[str]:
    po = messages.po_of(package)
    po.parent.mkdir(parents=True, exist_ok=True)
    po.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n' + entries)
    return [*messages.complaints(package)]


@pytest.mark.parametrize(
    ("entries", "complaint"),
    [
        ('msgid "Hello %(name)s"\nmsgstr "你好，%(name)s"\n', ""),
        ('msgid "Hello %(name)s"\nmsgstr ""\n', "no Chinese"),
        ('msgid "Hello %(name)s"\nmsgstr "你好，%(nom)s"\n', "other places"),
        ('#, fuzzy\nmsgid "Hello %(name)s"\nmsgstr "你好，%(name)s"\n', "fuzzy"),
        ('msgid "Hello %(name)s"\nmsgstr "你好，%(name)s"\n\nmsgid "Bye"\nmsgstr "再见"\n', "nobody says 'Bye'"),
    ],
)
def test_languages(package: Path, entries: str, complaint: str) -> None:
    said = translated(package, entries)
    assert complaint in said[0] if complaint else said == [], said


def test_missing_entries_are_written(package: Path) -> None:
    messages.write(package)
    assert [key[0] for key in map(messages.key, messages.kept(package)) if key[0]] == ["Hello %(name)s"]


def test_a_cycle_is_found() -> None:
    edges = {"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}
    assert [package for package in edges if package in yardstick._reached(package, edges)] == ["a", "b", "c"]


def test_lengths_and_types() -> None:
    tree = ast.parse("@decorated\ndef f(a: int, *b) -> None:\n    pass\n")
    function = tree.body[0]
    assert isinstance(function, ast.FunctionDef)
    assert (yardstick.length(function), yardstick.typed(function)) == (2, False)
