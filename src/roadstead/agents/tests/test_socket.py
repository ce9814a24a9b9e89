"""The door for frontgates on this machine: who can get at it, and that it is short enough to have an address."""

import os
import socket
import stat
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.conf import settings

from roadstead.agents.socket import LONGEST, NAME, listening_for_agents, relay_folder


def live(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "OPTIONS", settings.OPTIONS.model_copy(update={"data_dir": folder}))


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where paths are short; a test's own folder isn't such a place when several workers run."""
    with TemporaryDirectory(prefix="rs-") as name:
        monkeypatch.setattr("tempfile.gettempdir", lambda: name)
        yield Path(name)


def test_whoever_sees_the_folder_may_connect_and_nobody_else_gets_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    live(tmp_path / "data", monkeypatch)
    with listening_for_agents():
        folder = relay_folder()
        assert [path.name for path in folder.iterdir()] == [NAME]
        assert (mode(folder / NAME), mode(folder), mode(folder.parent)) == (0o666, 0o755, 0o700)
        with socket.socket(socket.AF_UNIX) as caller:
            caller.connect(str(folder / NAME))
    assert [*folder.iterdir()] == []


def test_a_deep_data_folder_has_its_door_where_paths_are_short(tmp_path: Path, short: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    live(tmp_path / ("long-name-" * 12), monkeypatch)
    folder = relay_folder()
    assert folder == relay_folder()
    assert folder.is_relative_to(short)
    assert "long-name-" not in str(folder)
    assert len(os.fsencode(folder / NAME)) <= LONGEST
    with listening_for_agents():
        assert mode(folder.parent) == 0o700


def test_what_a_dead_process_left_is_replaced_and_a_later_one_s_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    live(tmp_path / "data", monkeypatch)
    with listening_for_agents():
        (relay_folder() / NAME).unlink()
        (relay_folder() / NAME).touch()
    assert [path.name for path in relay_folder().iterdir()] == [NAME]
    with listening_for_agents():
        assert stat.S_ISSOCK((relay_folder() / NAME).stat().st_mode)


def test_somebody_else_s_folder_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    live(tmp_path / "data", monkeypatch)
    relay_folder().parent.mkdir(parents=True)
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    with pytest.raises(PermissionError), listening_for_agents():
        pass
    assert [*relay_folder().parent.iterdir()] == []
