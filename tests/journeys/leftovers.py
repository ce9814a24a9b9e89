"""What lies in an installation and in a cluster, whole, so that a story can say that a refusal left nothing behind."""

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings

from roadstead.helm.process import SPARE
from tests.testbeds.kubernetes import ControlPlane

_numbers = count()
# Who is signed in may change by a request; everything else must not.
_PASSING = {"sessions.session", "contenttypes.contenttype"}


def rows() -> dict[str, list[Any]]:
    """Return every row of every table, the audit trail included."""
    # Other tests' own models are registered too, and have no table here.
    kept = [model for model in apps.get_models() if model._meta.managed and model._meta.label_lower not in _PASSING]
    return {model._meta.label: list(model._default_manager.order_by("pk").values_list()) for model in kept}


def files() -> set[Path]:
    """Return the files of the content store."""
    return {path for path in (settings.OPTIONS.data_dir / "blobs").rglob("*") if path.is_file()}


@dataclass(frozen=True)
class Berth:
    """A story's own part of the shared cluster: the namespaces whose names begin with `prefix`, which nobody else uses."""

    cluster: ControlPlane
    prefix: str

    def holds(self) -> dict[str, dict[str, Any]]:
        """Return its namespaces with their marks and Helm's releases in them, each with the version that every change raises."""
        found = {}
        for query in (["namespaces"], ["secrets", "-A", "-l", "owner=helm"]):
            for item in json.loads(self.cluster.kubectl("get", *query, "-o", "json"))["items"]:
                about = item["metadata"]
                key = f"{about.get('namespace', '')}/{about['name']}".lstrip("/")
                if key.startswith(self.prefix):
                    found[key] = {"version": about["resourceVersion"], "marks": about.get("annotations")}
        return found


@contextmanager
def nothing_left_behind(berth: Berth | None = None) -> Iterator[None]:
    """Fail when the block changes a row, the content store or what the cluster holds for the story."""
    before = rows(), files(), berth.holds() if berth else {}
    yield
    assert rows() == before[0]
    assert files() == before[1]
    assert (berth.holds() if berth else {}) == before[2]


@pytest.fixture
def berth(kubernetes: ControlPlane) -> Iterator[Berth]:
    """A part of the real cluster, cleared in the end."""
    mine = Berth(kubernetes, f"bad-{os.getpid()}-{next(_numbers)}-")
    yield mine
    for name in mine.holds():
        if "/" not in name:
            kubernetes.kubectl("delete", "namespace", name, "--wait=false")


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of one's own for temporary files, of uploads and of Helm, which must be empty in the end."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    # The process that waits ready for the next rendering is no leftover.
    SPARE.drop()
    assert list(folder.iterdir()) == []
