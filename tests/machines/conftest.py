"""A platform of the tests on this machine, and an environment of its own on the tests' engine with a frontgate in it."""

import contextlib
import ipaddress
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from roadstead.agents.program import FRONTGATE, program
from roadstead.agents.tests.machines import PlatformProcess, until
from roadstead.core.ids import new_id
from roadstead.providers.docker.provider import DockerProvider
from roadstead.runtimes.sdk import Boot, FrozenAgent, Machine, MachineSpec, NetworkSpec, Place
from tests.testbeds.docker import Engine
from tests.testbeds.loop import why_not
from tests.tls import terminator

# Left out where the kernel lends no devices, as in most containers: the agent's part of it is tested with pretended programs too.
if why_not():
    collect_ignore = ["test_block_devices.py"]
    sys.stderr.write(f"no tests on block devices: {why_not()}\n")
GATE = "roadstead.test/frontgate:1"
MARK = "roadstead.environment"


@dataclass
class Harbour:
    """Where machines are made for a test: their agents are known to the platform, and reach it through the frontgate."""

    platform: PlatformProcess
    provider: DockerProvider
    place: Place
    network: str
    gate_id: str = ""
    gate: Machine = field(default_factory=lambda: Machine("", "", "gone"))

    def open(self, image: str, relay: str = "") -> None:
        """Make the frontgate, and wait until it is heard."""
        self.gate_id = self.platform.ask("admit", role="frontgate", subject_id=f"{self.place.mark}-gate", name="frontgate")
        told = self.platform.ask("boot", agent=self.gate_id)
        spec = self.spec("gate", image, Boot("frontgate", program(), json.dumps(told).encode(), relay))
        self.gate = self.provider.create_machine(self.place, spec)
        self.connected(self.gate_id)

    def spec(self, name: str, image: str, boot: Boot) -> MachineSpec:
        """Return a machine's specification."""
        token = f"{self.place.mark}-{name}"
        return MachineSpec(token, f"{token}_{name}", image, cpu=1, memory=256, network=self.network, boot=boot, hostname=name)

    def node(self, name: str, image: str, frozen: FrozenAgent | None = None) -> tuple[str, Machine]:
        """Make a machine with an agent that is known as a node behind the frontgate."""
        agent = self.platform.ask("admit", role="node", subject_id=f"cl-{name}", name=name, frontgate_id=self.gate_id)
        return agent, self.provider.create_machine(self.place, self.spec(name, image, self.boot_of(agent, frozen)))

    def boot_of(self, agent: str, frozen: FrozenAgent | None = None) -> Boot:
        """Return what a node's machine starts with."""
        told = self.platform.ask("boot", agent=agent, frontgate_address=self.gate.address)
        return Boot("node", program(), json.dumps(told).encode(), frozen=frozen)

    def connected(self, agent: str) -> dict[str, Any]:
        """Wait until an agent was heard, and return how it is."""
        heard: dict[str, Any] = until(
            lambda: (seen := self.platform.ask("agent", agent=agent))["connected"] and seen, f"{agent} to connect\n{self.said()}"
        )
        return heard

    def done(self, agent: str, token: str, cmd: str = "", **said: Any) -> dict[str, Any]:
        """Order something of an agent and return it ended."""
        self.platform.ask("order", **{"agent": agent, "token": token, "params": {"cmd": cmd, "name": "run"}, **said})
        return self.platform.ended(token)

    def said(self) -> str:
        """Return what the frontgate wrote."""
        return self.provider.console(self.place, self.gate.token, lines=20)


@contextlib.contextmanager
def harbour_on(engine: Engine, folder: Path, gate_image: str = GATE) -> Iterator[Harbour]:
    """Have a harbour on an engine of this machine that has this image for frontgates; nothing of it is left afterwards."""
    with place_on(engine, engine.host) as (provider, place, network), PlatformProcess(folder / "data") as platform:
        harbour = Harbour(platform, provider, place, network)
        harbour.open(gate_image, str(platform.socket.parent))
        yield harbour


@contextlib.contextmanager
def far_harbour_on(engine: Engine, folder: Path) -> Iterator[Harbour]:
    """Have a harbour on an engine that is reached over TLS, and whose frontgate reaches the platform over HTTPS: no folder leads there."""
    with place_on(engine, engine.remote) as (provider, place, network):
        with contextlib.closing(engine.client()) as client:
            inside = client.networks.get(network).attrs["IPAM"]["Config"][0]["Subnet"]
        # This machine is the first in the network.
        with terminator(folder, str(ipaddress.ip_network(inside)[1])) as (front, authority):
            told = {"ROADSTEAD_AGENT_URL": front.url, "ROADSTEAD_AGENT_CA": str(authority)}
            with PlatformProcess(folder / "data", **told) as platform:
                front.lead_to(platform.port)
                harbour = Harbour(platform, provider, place, network)
                harbour.open(GATE)
                yield harbour


@contextlib.contextmanager
def place_on(engine: Engine, credential: str) -> Iterator[tuple[DockerProvider, Place, str]]:
    """Have an environment of one's own on an engine, with a network."""
    provider, mark = DockerProvider(), new_id("runtime")
    place = Place(credential=provider.check_credential(credential).credential, mark=mark)
    try:
        yield provider, place, provider.ensure_network(place, NetworkSpec(f"{mark}-network", mark)).id
    finally:
        clear(engine, mark)


def clear(engine: Engine, mark: str) -> None:
    """Take away all that an environment has on an engine."""
    ours = {"label": f"{MARK}={mark}"}
    with contextlib.closing(engine.client()) as client:
        for container in client.containers.list(all=True, filters=ours):
            container.remove(force=True, v=True)
        for volume in client.volumes.list(filters=ours):
            volume.remove()
        for network in client.networks.list(filters=ours):
            network.remove()


@pytest.fixture(scope="module")
def harbour(docker_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harbour]:
    """One for all tests of a file."""
    docker_engine.load({GATE: FRONTGATE})
    with harbour_on(docker_engine, tmp_path_factory.mktemp("harbour")) as harbour:
        yield harbour
