"""A data folder with its tables made, and a worker that runs on one."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from roadstead.jobs.tests.driver import Script


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("migrated")
    with Script(folder):
        return folder


@pytest.fixture
def folder(migrated: Path, tmp_path: Path) -> Path:
    shutil.copytree(migrated, tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.fixture(scope="module")
def worker(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Script]:
    shared = tmp_path_factory.mktemp("worker")
    shutil.copytree(migrated, shared, dirs_exist_ok=True)
    with Script(shared) as script:
        yield script
