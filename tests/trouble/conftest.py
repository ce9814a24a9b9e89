"""One engine that may be stopped, one installation and one released package for all stories of trouble."""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from roadstead.packaging.factories import entry, tar_of
from tests.client import Client
from tests.commands.program import DEVELOPER, TECHNICAL, USER, token_of
from tests.journeys.installation import Installation, reaching_into
from tests.server import Server, running
from tests.testbeds.docker import CannotBuild, Engine, EngineFailed, sweep
from tests.trouble import package
from tests.trouble.person import Person

ROOT = Path(__file__).parents[2]
# What every Python of an image begins with.
MORNING = "etc/python3.11/sitecustomize.py"
GATE = "roadstead.test/frontgate:1"
IMAGES = Path(__file__).with_name("images")


@dataclass(frozen=True)
class Harbour:
    """An installation with its engine."""

    server: Server
    engine: Engine
    installation: Installation
    version: str

    def person(self, name: str) -> Person:
        """Return a sample person who may use this machine."""
        token = token_of(self.server, name, ["instances:write", "environments:read"])
        pages = Client(self.server.url)
        pages.opener.addheaders = [("Accept-Language", "en")]
        pages.sign_in_as(name)
        somebody = Person(self.server.url, token, pages, self.version, "")
        places = somebody.ask("GET", "/environments").body["items"]
        place = next(place["id"] for place in places if not place["test"])
        return Person(self.server.url, token, pages, self.version, place)

    def left(self, instance: str) -> list[str]:
        """Return the names of what the engine holds of an instance."""
        with contextlib.closing(self.engine.client()) as client:
            return sorted(thing.name for thing in _labelled(client, f"roadstead.cluster={instance}"))

    def image(self, name: str, files: Mapping[str, str]) -> str:
        """Make an image with some files more by their paths and return its name."""
        with contextlib.closing(self.engine.client()) as client:
            container = client.containers.create(package.MACHINE, ["sleep", "infinity"])
            container.put_archive("/", tar_of([(entry(path), text.encode()) for path, text in files.items()]))
            container.commit(f"roadstead.test/{name}", "1")
            container.remove()
        return f"roadstead.test/{name}:1"

    def put(self, instance: str, path: str, text: str = "") -> None:
        """Put a file on an instance's only machine, whether that runs or not."""
        with contextlib.closing(self.engine.client()) as client:
            self._machine(client, instance).put_archive("/", tar_of([(entry(path), text.encode())]))

    def stop(self, instance: str) -> None:
        """Stop an instance's only machine behind the platform's back."""
        with contextlib.closing(self.engine.client()) as client:
            self._machine(client, instance).stop(timeout=10)

    def restart(self, instance: str) -> None:
        """Restart an instance's only machine behind the platform's back."""
        with contextlib.closing(self.engine.client()) as client:
            self._machine(client, instance).restart(timeout=10)

    def delete(self, instance: str) -> None:
        """Delete an instance's only machine behind the platform's back."""
        with contextlib.closing(self.engine.client()) as client:
            self._machine(client, instance).remove(force=True)

    def network_of(self, instance: str) -> str:
        """Return the network of an instance's only machine."""
        with contextlib.closing(self.engine.client()) as client:
            return str(self._machine(client, instance).attrs["HostConfig"]["NetworkMode"])

    def cut_off(self, instance: str) -> None:
        """Take an instance's only machine out of its network, whatever it does there."""
        with contextlib.closing(self.engine.client()) as client:
            machine = self._machine(client, instance)
            client.networks.get(machine.attrs["HostConfig"]["NetworkMode"]).disconnect(machine, force=True)

    def drain(self, name: str) -> None:
        """Delete a network with all that is in it left outside; what is gone is gone."""
        with contextlib.closing(self.engine.client()) as client:
            for network in client.networks.list(names=[f"^{name}$"], greedy=True):
                for container in network.containers:
                    network.disconnect(container, force=True)
                network.remove()

    def drain_all(self) -> None:
        """Delete every network in which nothing is."""
        with contextlib.closing(self.engine.client()) as client:
            for network in client.networks.list(filters={"label": "roadstead.frontgate"}, greedy=True):
                if not network.containers:
                    network.remove()

    def networks(self, name: str) -> list[str]:
        """Return the networks of a name, and what was made on the way to it."""
        with contextlib.closing(self.engine.client()) as client:
            return [network.name for network in client.networks.list(names=[name])]

    def delete_gate(self, network: str, *, whole: bool) -> None:
        """Delete the frontgate of a network behind the platform's back, and (`whole`) the network with it."""
        with contextlib.closing(self.engine.client()) as client:
            gate = f"roadstead.frontgate={network.removeprefix('roadstead-')}"
            for container in client.containers.list(all=True, filters={"label": gate}):
                container.remove(force=True)
            if whole:
                client.networks.get(network).remove()

    def run(self, instance: str, command: str) -> str:
        """Do something by hand on an instance's only machine, and return what it printed."""
        with contextlib.closing(self.engine.client()) as client:
            code, output = self._machine(client, instance).exec_run(["sh", "-c", command])
            assert code == 0, output
            return str(output.decode())

    def _machine(self, client: Any, instance: str) -> Any:
        (found,) = client.containers.list(all=True, filters={"label": f"roadstead.cluster={instance}"})
        return found


def _labelled(client: Any, label: str) -> list[Any]:
    ours = {"filters": {"label": label}}
    return [*client.containers.list(all=True, **ours), *client.volumes.list(**ours), *client.networks.list(**ours)]


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """An engine of these stories' own, which may be stopped."""
    try:
        sweep()
        started = Engine.start()
    except (CannotBuild, EngineFailed) as reason:
        pytest.skip(str(reason))
    try:
        images = {f"roadstead.test/{folder.name}:1": folder for folder in sorted(IMAGES.iterdir())}
        started.load({GATE: ROOT / "src/roadstead/agents/frontgate", **images})
        yield started
    finally:
        started.remove()


@pytest.fixture(scope="session")
def harbour(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harbour]:
    """An installation on the engine's machine, with the package in its store."""
    folder = tmp_path_factory.mktemp("trouble")
    archive = folder / "trouble.tgz"
    archive.write_bytes(package.packed())
    settings = {"ROADSTEAD_DOCKER_HOST": engine.host, "ROADSTEAD_FRONTGATE_IMAGE": GATE}
    with running(folder, **settings) as server, reaching_into(server.data_dir) as installation:
        standing = installation.has(package.NAME, archive=archive, delivery="vm")
        yield Harbour(server, engine, installation, standing.version.rpartition("/")[2])


@pytest.fixture(scope="session")
def user(harbour: Harbour) -> Person:
    """Who has most of the trouble."""
    return harbour.person(USER)


@pytest.fixture(scope="session")
def other(harbour: Harbour) -> Person:
    """Somebody else."""
    return harbour.person(TECHNICAL)


@pytest.fixture(scope="session")
def third(harbour: Harbour) -> Person:
    """Whose network is disturbed by nobody else's stories."""
    return harbour.person(DEVELOPER)
