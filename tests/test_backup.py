"""A backup of a real installation comes back row by row and byte by byte, on the other engine too; under another key it doesn't."""

import base64
import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest

from roadstead.core.ids import new_id
from tests.testbeds.postgres import databases

SERVER = os.environ.get("ROADSTEAD_DATABASE_URL", "")
KEY, OTHER_KEY = (base64.b64encode(bytes([number]) * 32).decode() for number in (1, 2))
SECONDS = 180
FILL = """
from roadstead.accounts import services as accounts
from roadstead.store.factories import listing
from roadstead.clusters.factories import cluster
accounts.create_administrator()
listing(name="wordpress", introduction="全球使用最广的博客系统")
listing(name="Café", introduction="数据库")
cluster()
"""
FIND = "from roadstead.store.selectors import search; print([item.as_card.name for item in search('博客').items])"


class Installation:
    """One data folder, with a database of its own on the server or in it, driven by the command."""

    def __init__(self, folder: Path, *, server: bool = bool(SERVER), key: str = KEY) -> None:
        self.folder = folder
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("ROADSTEAD_", "DJANGO_"))}
        place = {"ROADSTEAD_DATABASE_URL": databases.create(SERVER, new_id("backup"))} if server else {}
        own = {"ROADSTEAD_DATA_DIR": str(folder), "ROADSTEAD_SECRET_KEY": "only-for-tests", "ROADSTEAD_MASTER_KEY": key}
        self.environment = {**clean, **place, **own}

    def run(self, *arguments: str | Path, given: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "roadstead", *map(str, arguments)]
        return subprocess.run(command, env=self.environment, input=given, capture_output=True, text=True, timeout=SECONDS, check=False)

    def must(self, *arguments: str | Path, given: str = "") -> str:
        done = self.run(*arguments, given=given)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def contents(self, file: Path) -> dict[str, Any]:
        """Return what a backup of it holds, member by member."""
        self.must("backup", file)
        return contents(file)


def contents(file: Path) -> dict[str, Any]:
    with tarfile.open(file) as tar:
        held = {info.name: member.read() for info in tar if (member := tar.extractfile(info))}
    manifest = json.loads(held.pop("manifest.json"))
    return held | {"tables": manifest["tables"], "members": manifest["members"]}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    folder = tmp_path_factory.mktemp("filled") / "data"
    folder.mkdir()
    made = Installation(folder)
    made.must("manage", "migrate", "--verbosity", "0")
    made.must("manage", "shell", "--verbosity", "0", given=FILL)
    return made


@pytest.fixture(scope="module")
def backed_up(filled: Installation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("backup") / "roadstead.tar"
    filled.must("backup", file)
    return file


PLACES = [False, True] if SERVER else [False]


@pytest.mark.parametrize("server", PLACES)
def test_every_row_and_file_comes_back(backed_up: Path, tmp_path: Path, server: bool) -> None:
    restored = Installation(tmp_path / "data", server=server)
    restored.must("restore", backed_up)
    before, after = contents(backed_up), restored.contents(tmp_path / "again.tar")
    assert sum(name.startswith("blobs/") for name in before) >= 2
    for table in ("runtimes.credential", "store.listing", "audit.event", "accounts.user"):
        assert before["tables"][table]["rows"] > 0
    assert after == before
    assert "wordpress" in restored.must("manage", "shell", "--verbosity", "0", given=FIND)
    # The numbers that the database gives go on after those that came back.
    restored.must("admin", "create", "--email", "later@example.com")


def test_under_another_key_nothing_is_touched(backed_up: Path, tmp_path: Path) -> None:
    restored = Installation(tmp_path / "data", server=False, key=OTHER_KEY)
    refused = restored.run("restore", backed_up)
    assert refused.returncode == 1
    assert "ROADSTEAD_MASTER_KEY" in refused.stderr
    assert refused.stderr.count("\n") == 1
    assert not (tmp_path / "data/roadstead.sqlite3").exists()


def test_an_installation_that_is_used_is_left_as_it_is(filled: Installation, backed_up: Path, tmp_path: Path) -> None:
    before = filled.contents(tmp_path / "before.tar")
    refused = filled.run("restore", backed_up)
    assert refused.returncode == 1
    assert filled.contents(tmp_path / "after.tar") == before


@pytest.mark.parametrize("harm", ["cut", "changed", "other"])
def test_a_file_that_is_not_what_was_written_is_refused(backed_up: Path, tmp_path: Path, harm: str) -> None:
    data = backed_up.read_bytes()
    harmed = {"cut": data[: len(data) // 2], "changed": data.replace("博客".encode(), "博物".encode()), "other": b"not a tar"}[harm]
    assert harmed != data
    (tmp_path / "harmed.tar").write_bytes(harmed)
    restored = Installation(tmp_path / "data", server=False)
    refused = restored.run("restore", tmp_path / "harmed.tar")
    assert refused.returncode == 1
    assert "can't be restored" in refused.stderr
    assert not (tmp_path / "data/roadstead.sqlite3").exists()


def test_a_backup_overwrites_nothing(filled: Installation, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("kept")
    assert filled.run("backup", tmp_path / "kept").returncode == 1
    assert (tmp_path / "kept").read_text() == "kept"
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
