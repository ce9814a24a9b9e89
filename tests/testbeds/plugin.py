"""Fixtures of the testbeds. A testbed that this machine can't have leaves its tests out and says why; with CI=true that is a failure."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from roadstead.runtimes.sdk import FrozenAgent
from tests.testbeds import confd, docker, etcd, frozen
from tests.testbeds.debian import Unpacked
from tests.testbeds.docker import Engine, EngineFailed
from tests.testbeds.kubernetes import CannotBuild, ControlPlane, NotReady, build_helm
from tests.testbeds.kubernetes.build import locked
from tests.testbeds.kubernetes.control_plane import sweep

Bed = TypeVar("Bed", ControlPlane, Engine)


@pytest.fixture(scope="session")
def kubernetes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    """A real control plane, one for all workers of a run: the first starts it (5 s, 750 MB), the last stops it."""
    yield from _shared(
        "kubernetes",
        tmp_path_factory,
        sweep=sweep,
        start=lambda owner: ControlPlane.start(owner=owner),
        read=ControlPlane.read,
        stop=ControlPlane.stop,
    )


@pytest.fixture(scope="session")
def docker_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A Docker engine of the tests' own, one for all workers of a run: the first starts it, the last takes it away with all it has."""
    yield from _shared(
        "docker",
        tmp_path_factory,
        sweep=docker.sweep,
        start=lambda owner: Engine.start(owner=owner),
        read=Engine.read,
        stop=Engine.remove,
    )


@pytest.fixture(scope="session")
def helm_command() -> Path:
    """The official Helm command."""
    try:
        return build_helm()
    except CannotBuild as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="session")
def frozen_agent() -> FrozenAgent:
    """The agent with a Python of its own."""
    return frozen.build()


@pytest.fixture(scope="session")
def etcd_programs() -> Unpacked:
    """Etcd and etcdctl."""
    try:
        return etcd.programs()
    except CannotBuild as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="session")
def confd_command() -> Path:
    """The original confd."""
    try:
        return confd.build()
    except CannotBuild as reason:
        pytest.skip(str(reason))


def _shared(
    name: str,
    tmp_path_factory: pytest.TempPathFactory,
    *,
    sweep: Callable[[], None],
    start: Callable[[int], Bed],
    read: Callable[[Path], Bed],
    stop: Callable[[Bed], None],
) -> Iterator[Bed]:
    """Have a testbed for all workers of a run; a book in the run's folder says where it is and who uses it."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    shared = tmp_path_factory.getbasetemp().parent if worker else tmp_path_factory.getbasetemp()
    book = shared / f"{name}.json"
    try:
        with locked(shared / f"{name}.lock"):
            told: dict[str, Any] = json.loads(book.read_text()) if book.exists() else {"users": []}
            if told["users"]:
                bed = read(Path(told["state"]))
            else:
                sweep()
                bed = start(os.getppid() if worker else os.getpid())
            book.write_text(json.dumps({"state": str(bed.folder / "state.json"), "users": [*told["users"], worker]}))
    except (CannotBuild, NotReady, EngineFailed) as reason:
        pytest.skip(str(reason))
    yield bed
    with locked(shared / f"{name}.lock"):
        told = json.loads(book.read_text())
        told["users"].remove(worker)
        book.write_text(json.dumps(told))
        if not told["users"]:
            stop(bed)
