"""`kill -9` of `roadstead up` in the middle of a deployment: after a new start it goes on, and nothing is done twice.

The judge is the cluster, not our tables.
"""

import json
import random
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.chaos.installation import prepare
from tests.client import Client
from tests.server import Server, running
from tests.testbeds.kubernetes import ControlPlane

DEADLINE = 120
TRIES = 5
# In which step of the deployment the kill comes, and how long after its beginning at most. Helm's own step is where most can be doubled.
MOMENTS = (("helm.install", 0.6), ("helm.await", 0.3), ("helm.install", 0.9), ("helm.namespace", 0.1), ("helm.install", 0.3))


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, kubernetes: ControlPlane) -> Iterator[tuple[Server, dict[str, str]]]:
    """One installation with a released app and an environment, whose worst days follow."""
    folder = tmp_path_factory.mktemp("kill")
    (folder / "kubeconfig").write_text(kubernetes.kubeconfig)
    with running(folder) as server:
        server.stop()
        ids = prepare(server.data_dir, folder / "kubeconfig")
        yield server.start(), ids


def deploy(server: Server, ids: dict[str, str], name: str) -> str:
    user = Client(server.url)
    user.sign_in_as("周子衿")
    values = (Path(__file__).parents[2] / "examples/wordpress/helm/values.yaml").read_text()
    sent = user.post(f"/workbench/deploy/{ids['version']}", name=name, environment=ids["environment"], values=values, on_failure="keep")
    found = re.search(r"/workbench/instances/(cl-\w+)", sent.url)
    assert found, sent.text[:4_000]
    return found.group(1)


def await_running(server: Server, instance: str) -> None:
    user = Client(server.url)
    user.sign_in_as("周子衿")
    deadline = time.monotonic() + DEADLINE
    while time.monotonic() < deadline:
        text = user.get(f"/workbench/instances/{instance}").text
        if "正常" in text.split("rs-tabs")[0]:
            return
        time.sleep(0.3)
    raise AssertionError(server.log.read_text()[-6_000:])


def unfinished(data_dir: Path, instance: str) -> bool:
    """Whether the job of this instance had still to end when the process died."""
    with closing(sqlite3.connect(data_dir / "roadstead.sqlite3")) as database:
        (status,) = database.execute("SELECT status FROM jobs_job WHERE subject_id = ?", [instance]).fetchone()
    return status in {"pending", "working"}


def await_step(data_dir: Path, instance: str, op: str) -> None:
    """Wait until a step of the instance's job has begun, however slow the machine is."""
    asked = "SELECT step.started FROM jobs_step step JOIN jobs_job job ON job.id = step.job_id WHERE job.subject_id = ? AND step.op = ?"
    deadline = time.monotonic() + DEADLINE
    with closing(sqlite3.connect(data_dir / "roadstead.sqlite3", timeout=DEADLINE)) as database:
        while time.monotonic() < deadline:
            if database.execute(asked, [instance, op]).fetchone()[0]:
                return
            time.sleep(0.01)
    raise AssertionError(op)


def killed_midway(server: Server, ids: dict[str, str], seed: int) -> tuple[str, str]:
    """Deploy, kill in the middle, start again; return the release's name and the instance.

    A kill that came too late would prove nothing: then it is tried again, and comes earlier.
    """
    dice = random.Random(seed)
    op, longest = MOMENTS[seed % len(MOMENTS)]
    for attempt in range(TRIES):
        name = f"kill-{seed}-{attempt}"
        instance = deploy(server, ids, name)
        await_step(server.data_dir, instance, op)
        time.sleep(dice.uniform(0, longest / 2**attempt))
        server.kill()
        midway = unfinished(server.data_dir, instance)
        server.start()
        if midway:
            return name, instance
    raise AssertionError("every kill came too late")


def seeds(count: int) -> list[object]:
    """Five in `make test`, all in `make test-long`."""
    return [pytest.param(seed, marks=[pytest.mark.long] if seed >= count else []) for seed in range(20)]


@pytest.mark.parametrize("seed", seeds(5))
def test_a_killed_deployment_goes_on(stage: tuple[Server, dict[str, str]], kubernetes: ControlPlane, seed: int) -> None:
    server, ids = stage
    name, instance = killed_midway(server, ids, seed)
    await_running(server, instance)

    releases = json.loads(kubernetes.kubectl("get", "secrets", "-A", "-l", f"owner=helm,name={name}", "-o", "json"))["items"]
    assert [(release["metadata"]["labels"]["status"], release["metadata"]["labels"]["version"]) for release in releases] == [
        ("deployed", "1")
    ]
    workloads = json.loads(
        kubernetes.kubectl("get", "deployments,statefulsets", "-A", "-l", f"app.kubernetes.io/instance={name}", "-o", "json")
    )
    assert sorted(item["kind"] for item in workloads["items"]) == ["Deployment", "StatefulSet"]
    # A second creation or a change would have raised the generation.
    assert {item["metadata"]["generation"] for item in workloads["items"]} == {1}
