"""The program that machines get: everything in it, nothing besides, the same bytes every time."""

import io
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

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
