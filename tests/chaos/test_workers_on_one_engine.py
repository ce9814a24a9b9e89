"""Several workers on one engine, which on PostgreSQL are processes: what instances share is made once, whoever begins it.

The witness is the engine, and what each process asked of it and was told.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from docker.client import DockerClient
from docker.errors import NotFound

from roadstead.accounts.factories import person
from roadstead.agents.services import relay_folder
from roadstead.clusters.factories import cluster
from roadstead.clusters.machines import frontgates
from roadstead.clusters.machines.plans import Op, frontgate
from roadstead.clusters.models import Cluster, Frontgate
from roadstead.jobs import Plan, submit
from roadstead.jobs.models import Job, Step
from roadstead.runtimes.services import installation_mark
from roadstead.runtimes.tests.near import granted
from tests.testbeds.docker import Engine
from tests.testbeds.docker.engine import MACHINE

pytestmark = [pytest.mark.django_db(transaction=True, serialized_rollback=True), pytest.mark.only_on("postgresql")]
PROGRAM = "import sys, django; django.setup(); from tests.chaos.walker import main; main(sys.argv[1])"
WORKERS, ROUNDS = 3, 6
STEPS = (Op.NETWORK, Op.GATE)


@pytest.fixture
def engine(docker_engine: Engine, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[DockerClient]:
    """The engine as this machine's, in these processes too; nothing of ours is left on it."""
    monkeypatch.setenv("ROADSTEAD_DOCKER_HOST", docker_engine.host)
    monkeypatch.setattr(settings.OPTIONS, "docker_host", docker_engine.host)
    Path(relay_folder()).mkdir(parents=True, exist_ok=True)
    ours = {"label": f"roadstead.installation={installation_mark()}"}
    with closing(docker_engine.client()) as client:
        yield client
        for container in client.containers.list(all=True, filters=ours):
            container.remove(force=True, v=True)
        for network in client.networks.list(filters=ours):
            with suppress(NotFound):
                network.remove()


def test_a_frontgate_that_several_workers_want_at_once_is_made_once(engine: DockerClient, walkers: list[subprocess.Popen[str]]) -> None:
    for _ in range(ROUNDS):
        gate, jobs = shared()
        calls = walked_at_once(walkers, jobs)
        steps = Step.objects.filter(job__in=jobs)
        assert [step.error for step in steps if step.status != "successful"] == []
        (network,) = engine.networks.list(filters={"label": f"roadstead.token={gate.pk}-network"})
        asked = [call for call in calls if call["what"] == "ensure_network"]
        assert [call["told"] for call in asked] == [network.attrs["IPAM"]["Config"][0]["Subnet"]] * WORKERS
        assert all(before["ended"] <= after["begun"] for before, after in pairwise(asked))
        assert [call["what"] for call in calls if call["token"] == gate.pk] == ["create_machine"]
        assert len(engine.containers.list(filters={"label": f"roadstead.token={gate.pk}"})) == 1


def shared() -> tuple[Frontgate, list[Job]]:
    """Make instances of a person that share a frontgate which isn't there yet, with a job each that wants it."""
    owner = person("user")
    environment = granted(owner)
    instances = [cluster(owner=owner, place=environment) for _ in range(WORKERS)]
    gate = frontgates.frontgate_for(instances[0], "")
    Frontgate.objects.filter(pk=gate.pk).update(image=MACHINE)
    Cluster.objects.filter(owner=owner).update(frontgate=gate, delivery="vm")
    layers = tuple((step,) for layer in frontgate() for step in layer if step.op in STEPS)
    return gate, [submit(actor=owner, kind="cluster.start", subject=instance, plan=Plan(layers)) for instance in instances]


@pytest.fixture
def walkers(engine: DockerClient) -> Iterator[list[subprocess.Popen[str]]]:
    """The workers, which wait for jobs; gone before the database is emptied."""
    command = [sys.executable, "-c", PROGRAM, str(connection.settings_dict["NAME"])]
    begun = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(WORKERS)]
    yield begun
    for process in begun:
        process.communicate(timeout=60)


def walked_at_once(walkers: list[subprocess.Popen[str]], jobs: list[Job]) -> list[dict[str, Any]]:
    """Have each job walked by a worker of its own, all at the same moment; return what they asked of the engine, in its order."""
    for process, job in zip(walkers, jobs, strict=True):
        assert process.stdin
        process.stdin.write(f"{job.pk} {len(STEPS)}\n")
        process.stdin.flush()
    answers = [process.stdout.readline() for process in walkers if process.stdout]
    return sorted((call for answer in answers for call in json.loads(answer)), key=lambda call: float(call["begun"]))
