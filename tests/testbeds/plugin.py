"""Fixtures of the testbeds. A testbed that this machine can't have leaves its tests out and says why; with CI=true that is a failure."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.testbeds import etcd
from tests.testbeds.debian import Unpacked
from tests.testbeds.kubernetes import CannotBuild, ControlPlane, NotReady, build_helm
from tests.testbeds.kubernetes.build import locked
from tests.testbeds.kubernetes.control_plane import sweep


@pytest.fixture(scope="session")
def kubernetes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    """A real control plane, one for all workers of a run: the first starts it (5 s, 750 MB), the last stops it."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    shared = tmp_path_factory.getbasetemp().parent if worker else tmp_path_factory.getbasetemp()
    book = shared / "kubernetes.json"
    try:
        with locked(shared / "kubernetes.lock"):
            plane = _join(book, worker)
    except (CannotBuild, NotReady) as reason:
        pytest.skip(str(reason))
    yield plane
    with locked(shared / "kubernetes.lock"):
        _leave(book, worker)


@pytest.fixture(scope="session")
def helm_command() -> Path:
    """The official Helm command."""
    try:
        return build_helm()
    except CannotBuild as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="session")
def etcd_programs() -> Unpacked:
    """Etcd and etcdctl."""
    try:
        return etcd.programs()
    except CannotBuild as reason:
        pytest.skip(str(reason))


def _join(book: Path, worker: str) -> ControlPlane:
    """Enter the worker among the users, starting the control plane for the first."""
    if book.exists():
        told = json.loads(book.read_text())
        plane = ControlPlane.read(Path(told["state"]))
        users = told["users"]
    else:
        sweep()
        plane, users = ControlPlane.start(owner=os.getppid() if worker else os.getpid()), []
    book.write_text(json.dumps({"state": str(plane.folder / "state.json"), "users": [*users, worker]}))
    return plane


def _leave(book: Path, worker: str) -> None:
    """Strike the worker off and stop the control plane after the last."""
    told = json.loads(book.read_text())
    users = [user for user in told["users"] if user != worker]
    if users:
        book.write_text(json.dumps({**told, "users": users}))
        return
    ControlPlane.read(Path(told["state"])).stop()
    book.unlink()
