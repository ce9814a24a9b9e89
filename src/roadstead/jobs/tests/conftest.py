"""A data folder with its tables made, and a worker that runs on one."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from roadstead.core.ids import new_id
from roadstead.jobs.tests.driver import ADDRESS, Script
from tests.testbeds.postgres import databases

SERVER = os.environ.get("ROADSTEAD_DATABASE_URL", "")


def give_database(folder: Path, like: Path | None = None) -> None:
    """Give a folder a database of its own where these tests run on a server: an empty one, or a copy of another folder's."""
    if SERVER:
        template = databases.name_of((like / ADDRESS).read_text()) if like else "template0"
        (folder / ADDRESS).write_text(databases.create(SERVER, new_id("jobs"), template))


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("migrated")
    give_database(folder)
    with Script(folder):
        pass
    return folder


@pytest.fixture
def folder(migrated: Path, tmp_path: Path) -> Path:
    shutil.copytree(migrated, tmp_path, dirs_exist_ok=True)
    give_database(tmp_path, migrated)
    return tmp_path


@pytest.fixture(scope="module")
def worker(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Script]:
    shared = tmp_path_factory.mktemp("worker")
    shutil.copytree(migrated, shared, dirs_exist_ok=True)
    give_database(shared, migrated)
    with Script(shared) as script:
        yield script
