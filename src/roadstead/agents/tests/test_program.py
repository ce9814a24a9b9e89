"""The program that machines get: everything in it, nothing besides, the same bytes every time."""

import hashlib
import io
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from roadstead.agents.program import frontgate_folder, program


def test_it_holds_the_agent_and_what_it_needs() -> None:
    with zipfile.ZipFile(io.BytesIO(program())) as packed:
        names = packed.namelist()
    assert {"__main__.py", "roadstead_agent/__main__.py", "gotext/template.py"} <= {*names}
    assert {name.partition("/")[0] for name in names} == {"__main__.py", "roadstead_agent", "gotext"}
    assert names == sorted(names)


def test_the_same_sources_are_the_same_bytes() -> None:
    first = program()
    program.cache_clear()
    assert program() == first


def test_another_process_makes_the_same_bytes() -> None:
    told = "import hashlib; from roadstead.agents.program import program; print(hashlib.sha256(program()).hexdigest())"
    made = [subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, timeout=60, check=True).stdout for _ in range(2)]
    assert made == [f"{hashlib.sha256(program()).hexdigest()}\n"] * 2


@pytest.mark.parametrize("foreign", [False, True])
def test_it_runs_what_was_compiled_here_and_on_another_python_the_sources(tmp_path: Path, *, foreign: bool) -> None:
    program_of(tmp_path, foreign=foreign)
    # A module that was compiled on this machine has a name without a folder; its source has the archive's.
    told = "import sys; sys.path.insert(0, 'agent.pyz'); from roadstead_agent import wire; print(wire.text.__code__.co_filename)"
    run = subprocess.run([sys.executable, "-I", "-c", told], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True)
    assert run.stdout == f"{'agent.pyz/' if foreign else ''}roadstead_agent/wire.py\n"


def program_of(folder: Path, *, foreign: bool) -> None:
    """Write the program; a foreign one was compiled by another version of Python."""
    with zipfile.ZipFile(io.BytesIO(program())) as packed, zipfile.ZipFile(folder / "agent.pyz", "w") as written:
        for name in packed.namelist():
            content = packed.read(name)
            written.writestr(name, b"\0\0\r\n" + content[4:] if foreign and name.endswith("c") else content)


def test_it_says_how_it_is_used(tmp_path: Path) -> None:
    (tmp_path / "agent.pyz").write_bytes(program())
    run = subprocess.run([sys.executable, "-I", tmp_path / "agent.pyz"], capture_output=True, text=True, timeout=60, check=False)
    assert (run.returncode, run.stderr) == (1, "usage: agent.pyz run [FOLDER]\n")


def test_the_frontgate_s_folder_is_a_dockerfile() -> None:
    with tarfile.open(fileobj=io.BytesIO(frontgate_folder())) as packed:
        assert packed.getnames() == ["Dockerfile"]
        content = packed.extractfile("Dockerfile")
        assert content
        assert b"FROM debian:12" in content.read()
