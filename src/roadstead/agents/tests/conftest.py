"""A platform with a frontgate and a node behind it, all real processes."""

from collections.abc import Iterator
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
        self.platform.ask("order", agent=self.node_id, token=token, params={"cmd": cmd, "name": "start"}, **said)
        return self.platform.ended(token)


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[Fleet]:
    with PlatformProcess(tmp_path / "data") as platform:
        [port] = free_ports(1)
        gate = platform.ask("admit", role="frontgate", subject_id="cl-gate", name="frontgate")
        boot = {**platform.ask("boot", agent=gate), "platform": {"socket": str(platform.socket)}, "port": port}
        frontgate = Machine(tmp_path / "gate", boot)
        fleet = Fleet(platform, tmp_path, frontgate, gate, port, frontgate, "")
        fleet.node_id, fleet.node = fleet.machine("node")
        frontgate.start()
        fleet.node.start()
        try:
            yield fleet
        finally:
            fleet.node.kill()
            frontgate.kill()
