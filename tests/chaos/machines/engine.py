"""The place that is a Docker engine of the tests' own: its disasters, and what it tells."""

import contextlib
import io
import tarfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import requests
from docker.client import DockerClient
from docker.errors import DockerException, NotFound

from tests.chaos.machines import package, processes
from tests.chaos.machines.place import Place, installed
from tests.server import Server
from tests.testbeds.docker import Engine

ROOT = Path(__file__).parents[3]
GATE = "roadstead.test/frontgate:1"
GATE_FOLDER = ROOT / "src/roadstead/agents/frontgate"
CLUSTER = "roadstead.cluster"
_AWAY = (DockerException, requests.RequestException, OSError, ValueError)


class Docker(Place):
    """An installation on an engine."""

    def __init__(self, engine: Engine, server: Server, ids: Mapping[str, str], *, patience: float) -> None:
        super().__init__(server, ids, patience=patience)
        self.engine = engine
        self._ours = f"roadstead.installation={ids['mark']}"
        self.made: Counter[tuple[str, str]] = Counter()
        self._over = threading.Event()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def close(self) -> None:
        """Listen no more."""
        self._over.set()

    def strike(self, kind: str, seed: int, instance: str, victim: int) -> bool:
        """Let a disaster happen to the instance, to its frontgate, or to all."""
        match kind:
            case "worker":
                self.kill_worker()
            case "engine restart" | "engine kill":
                with self.turn:
                    (self.engine.down if kind == "engine restart" else self.engine.kill)()
                    self.engine.up()
            case "agent" | "machine":
                return self._kill(f"{CLUSTER}={instance}", victim, first=kind == "machine")
            case _:
                return self._kill(self._ours, victim, first=kind == "frontgate", gate=True)
        return True

    def _kill(self, label: str, victim: int, *, first: bool, gate: bool = False) -> bool:
        with self.turn, contextlib.suppress(*_AWAY), closing(self.engine.client()) as client:
            found = [one for one in client.containers.list(filters={"label": label}) if gate == (CLUSTER not in one.labels)]
            if found:
                chosen = sorted(found, key=lambda one: str(one.name))[victim % len(found)]
                return processes.kill(self.engine.folder.name, str(chosen.id), first=first)
        return False

    def left(self) -> list[str]:
        """Return the names of all that carries the installation's label."""
        with self.turn, closing(self.engine.client()) as client:
            return [thing.name for kind in _all(client, self._ours).values() for thing in kind]

    def of_instance(self, instance: str) -> dict[str, list[Any]]:
        """Return the containers, volumes and networks of an instance."""
        with self.turn, closing(self.engine.client()) as client:
            return _all(client, f"{CLUSTER}={instance}")

    def lines(self, container: Any) -> list[str]:
        """Return what the services of a machine have written down, from the machine."""
        with self.turn, closing(self.engine.client()) as client:
            try:
                stream, _told = client.api.get_archive(container.id, package.LINES)
            except NotFound:
                return []
            return _only_file(b"".join(stream)).splitlines()

    def served(self, container: Any) -> int:
        """Return how often what the service begins is running on a machine."""
        with self.turn, closing(self.engine.client()) as client:
            told = client.api.top(container.id)
        return sum(row[-1] == package.SERVED for row in told["Processes"])

    def _listen(self) -> None:
        """Count what is made, through all restarts of the engine."""
        since = int(time.time())
        while not self._over.is_set():
            with contextlib.suppress(*_AWAY), closing(self.engine.client()) as client:
                for event in client.events(decode=True, since=since, filters={"event": "create"}):
                    since = self._heard(event, since)
            time.sleep(0.3)

    def _heard(self, event: dict[str, Any], since: int) -> int:
        told = event["Actor"]
        self.made[event["Type"], told["Attributes"].get("name", told["ID"]) + f" {event['timeNano']}"] = 1
        return max(since, int(event["time"]))

    def times_made(self, kind: str, name: str) -> int:
        """Return how often something of that name was made, as the engine said at the time."""
        return sum(1 for made, what in [*self.made] if made == kind and what.partition(" ")[0] == name)


def _all(client: DockerClient, label: str) -> dict[str, list[Any]]:
    asked = {"filters": {"label": label}}
    return {
        "container": client.containers.list(all=True, ignore_removed=True, **asked),
        "volume": client.volumes.list(**asked),
        "network": client.networks.list(**asked),
    }


def _only_file(archive: bytes) -> str:
    with tarfile.open(fileobj=io.BytesIO(archive)) as packed:
        (entry,) = [one for one in packed if one.isfile()]
        content = packed.extractfile(entry)
        assert content
        return content.read().decode()


@contextmanager
def on_docker(engine: Engine, *, patience: float) -> Iterator[Docker]:
    """Have an installation on an engine; frontgates that nobody needs go at once."""
    engine.load({GATE: GATE_FOLDER})
    settings = {"ROADSTEAD_DOCKER_HOST": engine.host, "ROADSTEAD_FRONTGATE_IMAGE": GATE, "ROADSTEAD_FRONTGATE_IDLE_MINUTES": "0"}
    with installed(settings) as (server, ids):
        place = Docker(engine, server, ids, patience=patience)
        try:
            yield place
        finally:
            place.close()
