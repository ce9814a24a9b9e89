"""The agent with a Python of its own: which archive is taken for it, what it needs, and what its start leaves to others."""

import importlib.util
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from roadstead.agents import freezing
from roadstead.agents.errors import FreezerMissing
from roadstead.agents.freezing import About, frozen_agent, frozen_place
from roadstead_agent.__main__ import as_before


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: Settings) -> None:
    settings.OPTIONS = settings.OPTIONS.model_copy(update={"data_dir": tmp_path, "frozen_agent": None})


def packed(source: str, place: Path) -> None:
    folder = place.parent / "folder"
    folder.mkdir(parents=True)
    (folder / "roadstead-agent").write_bytes(b"\x7fELF" + b"x" * 5000)
    freezing._pack(folder, About(source, "2.17", "amd64", "3.11.2"), place)


def test_it_is_found_where_it_was_put_or_where_the_operator_says(tmp_path: Path, settings: Settings) -> None:
    assert frozen_agent() is None
    packed(freezing.source(), frozen_place())
    assert frozen_agent() == freezing.Frozen(tmp_path / "agents/roadstead-agent.tar.gz", "2.17", "amd64")
    settings.OPTIONS = settings.OPTIONS.model_copy(update={"frozen_agent": tmp_path / "elsewhere.tar.gz"})
    assert frozen_agent() is None
    frozen_place().write_bytes((tmp_path / "agents/roadstead-agent.tar.gz").read_bytes())
    assert frozen_agent() == freezing.Frozen(tmp_path / "elsewhere.tar.gz", "2.17", "amd64")


def test_one_of_another_release_or_a_broken_one_is_none() -> None:
    packed("another", frozen_place())
    assert frozen_agent() is None
    whole = frozen_place().read_bytes()
    for broken in (b"", b"nonsense", whole[:20], b"\x1f\x8b" + whole[2:30]):
        frozen_place().write_bytes(broken)
        assert frozen_agent() is None


def test_without_pyinstaller_it_says_so_and_leaves_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(FreezerMissing, match=r"roadstead\[frozen\]"):
        freezing.freeze(tmp_path / "agents/agent.tar.gz")
    assert [*tmp_path.iterdir()] == []


def test_the_glibc_it_needs_is_the_newest_that_any_of_its_files_names(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep/lib.so").write_bytes(b"\x7fELF\0GLIBC_2.9\0GLIBC_2.28\0GLIBC_2.2.5\0GLIBC_PRIVATE\0")
    (tmp_path / "program").write_bytes(b"\x7fELF\0GLIBC_2.17\0")
    (tmp_path / "notes").write_bytes(b"\0GLIBC_2.99\0")
    assert freezing._glibc(tmp_path) == "2.28"


@pytest.mark.parametrize(
    ("set_by_start", "left"),
    [
        ({"LD_LIBRARY_PATH": "/opt/roadstead/agent/_internal", "_PYI_APPLICATION_HOME_DIR": "/opt"}, {}),
        ({"LD_LIBRARY_PATH": "/opt", "LD_LIBRARY_PATH_ORIG": "/image/lib"}, {"LD_LIBRARY_PATH": "/image/lib"}),
    ],
)
def test_what_its_start_set_does_not_reach_the_machine_s_programs(set_by_start: dict[str, str], left: dict[str, Any]) -> None:
    environment = {"HOME": "/root", **set_by_start}
    as_before(environment)
    assert environment == {"HOME": "/root", **left}
