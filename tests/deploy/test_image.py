"""What the image's build stands on: Dockerfile, locks, context. Building it takes an engine and is done by hand."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from roadstead import __version__
from scripts import image
from scripts.locks import pins

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "deploy/Dockerfile").read_text()
INSTRUCTION = re.compile(r"^([A-Z]+) ((?:.*\\\n)*.*)$", re.MULTILINE)


def last_stage() -> list[tuple[str, str]]:
    return INSTRUCTION.findall(DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :])


def test_it_runs_as_a_number_that_is_not_root_and_asks_whether_it_is_well() -> None:
    told = dict(last_stage())
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", told["USER"])
    assert "/healthz" in told["HEALTHCHECK"]
    assert told["ENTRYPOINT"] == '["roadstead"]'


def test_nothing_is_installed_that_has_no_hash() -> None:
    installs = re.findall(r"pip [^&|\n]*install [^\n\\]*", DOCKERFILE)
    assert installs
    assert [line for line in installs if not ("--require-hashes" in line or "--no-deps" in line)] == []


def test_no_secret_is_baked_in() -> None:
    given = [value for word, value in INSTRUCTION.findall(DOCKERFILE) if word in {"ARG", "ENV"}]
    assert given
    assert not re.search(r"KEY|PASSWORD|TOKEN|DATABASE_URL", "".join(given))


def test_the_context_is_what_the_build_needs_and_no_more() -> None:
    lines = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    assert lines[0] == "*"
    let_in = [line[1:] for line in lines if line.startswith("!")]
    assert [name for name in let_in if not (ROOT / name).exists()] == []
    assert not {".git", "var", "deploy/compose", "tests", ".venv"} & set(let_in)
    assert "src/roadstead/web/static/dist" in lines  # built in the image, not here


def test_what_the_wheel_holds_is_in_the_context() -> None:
    """A package that isn't there when the wheel is built is left out without a word."""
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    let_in = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    assert {"src/roadstead", "gotext/src/gotext", "agent/src/roadstead_agent"} <= {*wheel["packages"]}
    assert [folder for folder in wheel["packages"] if not any(Path(folder).is_relative_to(name) for name in let_in)] == []


def test_the_image_has_the_same_versions_as_everybody_and_both_extras() -> None:
    base, locked = (pins((ROOT / f"requirements/{name}.txt").read_text()) for name in ("base", "image"))
    assert {name: locked.get(name) for name in base} == base
    assert {"psycopg", "psycopg-binary", "django-storages", "boto3"} <= set(locked)


def test_the_command_names_version_and_file_and_passes_options_on() -> None:
    command = image.build_command(["--build-arg", "BASE=debian:12"])
    assert command[:4] == ["docker", "build", "--file", "deploy/Dockerfile"]
    assert f"roadstead:{__version__}" in command
    assert command[-3:] == ["--build-arg", "BASE=debian:12", "."]


def test_without_docker_it_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    assert image.build([]) == 1
    assert "docker" in capsys.readouterr().err


def test_an_unknown_word_is_refused() -> None:
    assert subprocess.run([sys.executable, "-m", "scripts.image", "dance"], cwd=ROOT, check=False, capture_output=True).returncode == 2


def test_the_wheelhouse_is_emptied_but_for_its_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image, "WHEELHOUSE", tmp_path)
    (tmp_path / "npm").mkdir()
    for name in ("README.md", "old.whl", "npm/entry"):
        (tmp_path / name).touch()
    image.empty()
    assert [path.name for path in tmp_path.iterdir()] == ["README.md"]
