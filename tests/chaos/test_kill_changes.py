"""`kill -9` of `roadstead up` in the middle of an update, a rollback and a removal: after a new start each is done, once.

The judge is the cluster, not our tables.
"""

import json
import random
import sqlite3
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import pytest

from tests.chaos.installation import prepare
from tests.server import Server, running
from tests.testbeds.kubernetes import ControlPlane

DEADLINE = 180
TRIES = 5
UPDATE = ("post", "/update", {"values": "replicaCount: 2\n"}, "helm.upgrade")
ROLLBACK = ("post", "/rollback", {"revision": 1}, "helm.rollback")
DELETE = ("delete", "", None, "helm.uninstall")
LATEST = "SELECT id, status FROM jobs_job WHERE subject_id = ? ORDER BY created DESC LIMIT 1"


@dataclass
class Stage:
    """A server with a released app and an environment, and somebody who acts over its API."""

    server: Server
    ids: dict[str, str]
    plane: ControlPlane

    def ask(self, method: str, path: str, body: object = None) -> Any:
        request = urllib.request.Request(f"{self.server.url}/api/v1/instances{path}", method=method.upper())
        request.add_header("Authorization", f"Bearer {self.ids['token']}")
        request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, json.dumps(body).encode() if body is not None else None, timeout=60) as answer:
            return json.loads(answer.read() or b"null")

    def settled(self, instance: str, status: str = "active") -> None:
        """Wait until nothing is being done to an instance any more."""
        end = time.monotonic() + DEADLINE
        while (found := self.ask("get", f"/{instance}"))["transition"]:
            assert time.monotonic() < end, self.server.log.read_text()[-6_000:]
            time.sleep(0.2)
        assert (found["status"], found["problem"]) == (status, None), found

    def deployed(self, name: str) -> str:
        """Deploy, and wait until it runs."""
        wish = {"version": self.ids["version"], "environment": self.ids["environment"], "name": name, "on_failure": "keep"}
        instance = str(self.ask("post", "", wish)["id"])
        self.settled(instance)
        return instance

    def latest(self, instance: str) -> tuple[str, str]:
        """The last job of an instance and its status, read past all of our code."""
        with closing(sqlite3.connect(self.server.data_dir / "roadstead.sqlite3", timeout=DEADLINE)) as database:
            found: tuple[str, str] = database.execute(LATEST, [instance]).fetchone()
            return found

    def await_step(self, job: str, op: str) -> None:
        """Wait until a step has begun, however slow the machine is."""
        end = time.monotonic() + DEADLINE
        with closing(sqlite3.connect(self.server.data_dir / "roadstead.sqlite3", timeout=DEADLINE)) as database:
            while not database.execute("SELECT started FROM jobs_step WHERE job_id = ? AND op = ?", [job, op]).fetchone()[0]:
                assert time.monotonic() < end, op
                time.sleep(0.005)

    def objects(self, kinds: str, **labels: str) -> list[dict[str, Any]]:
        """What the cluster has."""
        chosen = ",".join(f"{name.replace('__', '/')}={value}" for name, value in labels.items())
        found: list[dict[str, Any]] = json.loads(self.plane.kubectl("get", kinds, "-A", "-l", chosen, "-o", "json"))["items"]
        return found

    def workloads(self, name: str) -> dict[str, int]:
        """The pods that each workload of a release wants."""
        found = self.objects("deployments,statefulsets", **{"app.kubernetes.io__instance": name})
        return {item["kind"]: item["spec"]["replicas"] for item in found}

    def releases(self, name: str) -> list[str]:
        """The states of a release's revisions."""
        return sorted(item["metadata"]["labels"]["status"] for item in self.objects("secrets", owner="helm", name=name))


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, kubernetes: ControlPlane) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("changes")
    (folder / "kubeconfig").write_text(kubernetes.kubeconfig)
    with running(folder) as server:
        server.stop()
        ids = prepare(server.data_dir, folder / "kubeconfig")
        yield Stage(server.start(), ids, kubernetes)


def killed_midway(stage: Stage, instance: str, change: tuple[str, str, object, str], dice: random.Random, attempt: int) -> bool:
    """Begin a change, kill in the middle of its own step, start again; False if the kill came too late to prove anything."""
    method, path, body, op = change
    stage.ask(method, f"/{instance}{path}", body)
    job, _status = stage.latest(instance)
    stage.await_step(job, op)
    time.sleep(dice.uniform(0, 0.8 / 2**attempt))
    stage.server.kill()
    midway = stage.latest(instance)[1] in {"pending", "working"}
    stage.server.start()
    return midway


def seeds(count: int) -> list[object]:
    """One in `make test`, all in `make test-long`."""
    return [pytest.param(seed, marks=[pytest.mark.long] if seed >= count else []) for seed in range(10)]


def tried(stage: Stage, seed: int, change: tuple[str, str, object, str], *, before: bool = False, status: str = "active") -> str:
    """Kill a change until a kill comes in time, each on an instance of its own; return the one whose change went on."""
    dice = random.Random(seed)
    for attempt in range(TRIES):
        name = f"{change[3].partition('.')[2]}-{seed}-{attempt}"
        instance = stage.deployed(name)
        if before:
            stage.ask(*UPDATE[:1], f"/{instance}{UPDATE[1]}", UPDATE[2])
            stage.settled(instance)
        midway = killed_midway(stage, instance, change, dice, attempt)
        stage.settled(instance, status)
        if midway:
            return name
    raise AssertionError("every kill came too late")


@pytest.mark.parametrize("seed", seeds(1))
def test_a_killed_update_goes_on(stage: Stage, seed: int) -> None:
    name = tried(stage, seed, UPDATE)
    assert stage.workloads(name)["Deployment"] == 2
    found = stage.releases(name)
    assert found.count("deployed") == 1
    assert not [state for state in found if state.startswith("pending")]


@pytest.mark.parametrize("seed", seeds(1))
def test_a_killed_rollback_goes_on(stage: Stage, seed: int) -> None:
    name = tried(stage, seed, ROLLBACK, before=True)
    assert stage.workloads(name)["Deployment"] == 1
    found = stage.releases(name)
    assert found.count("deployed") == 1
    assert not [state for state in found if state.startswith("pending")]


@pytest.mark.parametrize("seed", seeds(1))
def test_a_killed_removal_goes_on(stage: Stage, seed: int) -> None:
    name = tried(stage, seed, DELETE, status="deleted")
    assert stage.workloads(name) == {}
    assert not [state for state in stage.releases(name) if state != "uninstalled"]
