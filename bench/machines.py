"""Two machines of an instance beside the same containers and volumes made with the Docker SDK, on an engine of the tests' own, in turns.

The package has no services, and its frontgate is up; what a new one adds is the first instance of a person less the others.
What a step costs is all the time in which no call of the provider was under way, the start of the agents too, divided by the steps.
"""

import contextlib
import json
import statistics
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from docker.client import DockerClient
from docker.types.containers import LogConfig
from docker.types.services import Mount

from bench.client import Client
from bench.installation import BENCH, ROOT, Server, printed_inside, server, used
from tests.testbeds.docker import CannotBuild, Engine, EngineFailed
from tests.testbeds.docker.engine import MACHINE

PEOPLE, EACH = 3, 4
RATIO, STEP_MS, GATE_SECONDS = 2.0, 60.0, 5.0
GATE = "roadstead.test/frontgate:1"
PATIENCE, LOOK = 300.0, 0.5
MIB, PERIOD = 2**20, 100_000
NETWORK = "bench-directly"
ROLES = ("db", "web")
PORT, MEMORY = 81, 1_024


class Step(NamedTuple):
    """One step, and its moments."""

    title: str
    begun: float
    ended: float


class Creation(NamedTuple):
    """The seconds from the request to the end of the job, and of the server's processor; the steps, and the provider's calls meanwhile."""

    seconds: float
    used: float
    steps: list[Step]
    calls: list[tuple[str, float, float]]

    @property
    def at_engine(self) -> float:
        """The seconds in which a call of the provider was under way."""
        return covered((begun, ended) for _name, begun, ended in self.calls)

    @property
    def in_steps(self) -> float:
        """The seconds in which a step was under way."""
        return covered((step.begun, step.ended) for step in self.steps)


def covered(spans: Iterable[tuple[float, float]]) -> float:
    """Return how long at least one of these went on."""
    whole, until = 0.0, 0.0
    for begun, ended in sorted(spans):
        whole += max(0.0, ended - max(begun, until))
        until = max(until, ended)
    return whole


class Person:
    """One who has instances on this machine, over the API."""

    def __init__(self, running: Server, known: dict[str, str]) -> None:
        self._client, self._server = Client(running.port), running.process
        self._header = f"Authorization: Bearer {known['token']}\r\nAccept-Language: en\r\n"
        self._environment = known["environment"]

    def create(self, version: str, name: str) -> Creation:
        """Make an instance, and wait until it runs."""
        self._client.json("/bench/calls")
        begun, before = time.time(), used(self._server)
        wish = {"version": version, "environment": self._environment, "name": name}
        made = self._client.post("/api/v1/instances", self._header, json.dumps(wish).encode())
        job = self._ended(made["job"])
        assert job["status"] == "successful", job
        steps = [Step(step["title"], _at(step["started_at"]), _at(step["finished_at"])) for step in job["steps"]]
        took = (used(self._server) - before) / 1_000
        return Creation(_at(job["finished_at"]) - begun, took, steps, self._client.json("/bench/calls"))

    def delete_all(self) -> None:
        """Take every instance away again."""
        for found in self._client.json("/api/v1/instances?limit=100", self._header)["items"]:
            self._client.delete(f"/api/v1/instances/{found['id']}", self._header)
            end = time.monotonic() + PATIENCE
            while self._client.json(f"/api/v1/instances/{found['id']}", self._header)["transition"]:
                assert time.monotonic() < end
                time.sleep(LOOK)

    def _ended(self, job: str) -> Any:
        end = time.monotonic() + PATIENCE
        while not (found := self._client.json(f"/api/v1/jobs/{job}", self._header))["finished"]:
            assert time.monotonic() < end, found
            time.sleep(LOOK)
        return found


def _at(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def directly(client: DockerClient, number: int) -> float:
    """Make the same by the SDK alone, take it away again, and return the seconds that making it took."""
    begun, made = time.perf_counter(), []
    for role in ROLES:
        name = f"bench-{role}-{number}"
        client.volumes.create(name)
        made.append(
            client.containers.create(
                MACHINE,
                ["sleep", "infinity"],
                name=name,
                hostname=name,
                network=NETWORK,
                mounts=[Mount("/data", name, type="volume")],
                cpu_period=PERIOD,
                cpu_quota=PERIOD,
                mem_limit=MEMORY * MIB,
                memswap_limit=MEMORY * MIB,
                restart_policy={"Name": "unless-stopped"},
                security_opt=["no-new-privileges"],
                log_config=LogConfig(type="json-file", config={"max-size": "8m", "max-file": "2"}),
                ports={f"{PORT}/tcp": ("127.0.0.1", None)} if role == ROLES[-1] else None,
            )
        )
        made[-1].start()
    for container in made:
        container.reload()
        assert container.status == "running", container.status
    took = time.perf_counter() - begun
    for container in made:
        container.remove(force=True, v=True)
        client.volumes.get(container.name).remove()
    return took


class Measured(NamedTuple):
    """What was measured: by the SDK, with the frontgate up, and without one."""

    plain: list[float]
    ours: list[Creation]
    first: list[Creation]


def measured(engine: Engine) -> Measured:
    """Make instances in both ways, in turns; the first person and what they are beside only warm up."""
    settings = {"ROADSTEAD_DOCKER_HOST": engine.host, "ROADSTEAD_FRONTGATE_IMAGE": GATE}
    found = Measured([], [], [])
    with tempfile.TemporaryDirectory(prefix="roadstead-bench-") as name, contextlib.closing(engine.client()) as client:
        folder = Path(name)
        with server(folder, BENCH, settings=settings):
            pass  # makes the keys and the tables
        known = json.loads(printed_inside(folder, "bench.machine_package", str(PEOPLE + 1), settings=settings))
        client.networks.create(NETWORK)
        with server(folder, BENCH, settings=settings) as running:
            for number, told in enumerate(known["people"]):
                person = Person(running, told)
                first = person.create(known["version"], f"first-{number}")
                rounds = [(directly(client, at), person.create(known["version"], f"more-{number}-{at}")) for at in range(EACH)]
                person.delete_all()
                if number:
                    found.first.append(first)
                    found.plain.extend(plain for plain, _ours in rounds)
                    found.ours.extend(ours for _plain, ours in rounds)
    return found


@contextlib.contextmanager
def engine_of_its_own() -> Iterator[Engine]:
    """Have an engine that has the frontgate's image."""
    engine = Engine.start()
    try:
        engine.load({GATE: ROOT / "src/roadstead/agents/frontgate"})
        yield engine
    finally:
        engine.remove()


def main() -> None:
    """Print the table."""
    try:
        with engine_of_its_own() as engine:
            found = measured(engine)
    except (CannotBuild, EngineFailed) as reason:
        print(f"no machines without an engine: {reason}")
        return
    print(f"two machines with a disk each, {len(found.ours)} of each{'':22}min  median    max  s")
    _row("by the Docker SDK", found.plain)
    _row("an instance, its frontgate up", [one.seconds for one in found.ours])
    for title in dict.fromkeys(step.title for step in found.ours[0].steps):
        _row(f"  {title}", [_span(one, title) for one in found.ours])
    _row("  between the steps", [one.seconds - one.in_steps for one in found.ours])
    _row("  calls of the provider", [one.at_engine for one in found.ours])
    _row("  processor time of the platform, without the agents", [one.used for one in found.ours])
    ratio = statistics.median(one.seconds / plain for one, plain in zip(found.ours, found.plain, strict=True))
    _verdict("beside the SDK", ratio, RATIO, "times")
    cost = statistics.median(1_000 * (one.seconds - one.at_engine) / len(one.steps) for one in found.ours)
    _verdict(f"beyond the provider's calls, each of {len(found.ours[0].steps)} steps", cost, STEP_MS, "ms")
    usual = statistics.median(one.seconds for one in found.ours)
    _row("an instance with a new frontgate", [one.seconds for one in found.first])
    _verdict("a new frontgate adds", statistics.median(one.seconds for one in found.first) - usual, GATE_SECONDS, "s")


def _span(one: Creation, title: str) -> float:
    return covered((step.begun, step.ended) for step in one.steps if step.title == title)


def _row(name: str, seconds: Sequence[float]) -> None:
    print(f"{name:56}{min(seconds):8.2f}{statistics.median(seconds):8.2f}{max(seconds):7.2f}")


def _verdict(name: str, figure: float, limit: float, unit: str) -> None:
    print(f"{name:56}{figure:8.2f} {unit}, target {limit:g}: {'met' if figure <= limit else 'MISSED'}")


if __name__ == "__main__":
    main()
