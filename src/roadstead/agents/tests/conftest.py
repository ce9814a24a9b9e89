"""A platform with a frontgate and a node behind it, all real processes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from roadstead.agents.tests.machines import Machine, PlatformProcess, until
from tests.ports import free_ports


@dataclass
class Fleet:
    """What runs, and the ids of its agents."""

    platform: PlatformProcess
    folder: Path
    frontgate: Machine
    frontgate_id: str
    port: int
    node: Machine
    node_id: str
    metadata_port: int = 0

    def machine(self, name: str, **config: Any) -> tuple[str, Machine]:
        """Make one node more, not started."""
        said = {"role": "node", "subject_id": f"cln-{name}", "name": name, "frontgate_id": self.frontgate_id}
        agent = self.platform.ask("admit", **said)
        boot = self.platform.ask("boot", agent=agent, frontgate_address=f"127.0.0.1:{self.port}")
        return agent, Machine(self.folder / name, {**boot, **config})

    def connected(self, agent: str) -> dict[str, Any]:
        """Wait until an agent was heard, and return how it is."""
        found: dict[str, Any] = until(
            lambda: (seen := self.platform.ask("agent", agent=agent))["connected"] and seen, f"{agent} to connect"
        )
        return found

    def run(self, token: str, cmd: str, **said: Any) -> dict[str, Any]:
        """Order a command of the node and return it ended."""
        self.platform.ask("order", **{"agent": self.node_id, "token": token, "params": {"cmd": cmd, "name": "run"}, **said})
        return self.platform.ended(token)


@contextmanager
def fleet_in(folder: Path, *, over_tcp: bool = False, gate: dict[str, Any] | None = None, **config: Any) -> Iterator[Fleet]:
    """Have a platform, a frontgate and a node run in a folder; `gate` and `config` go into the boot configurations of the two."""
    with PlatformProcess(folder / "data") as platform:
        [port] = free_ports(1)
        gate_id = platform.ask("admit", role="frontgate", subject_id="cl-gate", name="frontgate")
        way = {"url": f"http://127.0.0.1:{platform.port}"} if over_tcp else {"socket": str(platform.socket)}
        frontgate = Machine(folder / "gate", {**platform.ask("boot", agent=gate_id), "platform": way, "port": port, **(gate or {})})
        fleet = Fleet(platform, folder, frontgate, gate_id, port, frontgate, "", config.get("metadata_port", 0))
        fleet.node_id, fleet.node = fleet.machine("node", **config)
        frontgate.start()
        fleet.node.start()
        try:
            fleet.connected(fleet.node_id)
            yield fleet
        finally:
            fleet.node.kill()
            fleet.frontgate.kill()


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    """One for all tests of a file, which leave it running."""
    with fleet_in(tmp_path_factory.mktemp("fleet")) as fleet:
        yield fleet
