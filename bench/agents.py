"""A command from the platform to a node and back, all real processes: how long the way takes, and what the programs on machines weigh."""

import re
import tempfile
from pathlib import Path

from roadstead.agents.tests.conftest import Fleet, fleet_in

ROUNDS, TRIP_MS = 200, 250
NODE_MIB, FRONTGATE_MIB = 30, 40
SHARE = 0.95


def resident(pid: int) -> float:
    """Return the memory of a process that is in use, in MiB."""
    return int(re.findall(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[0]) / 1024


def trips(fleet: Fleet) -> list[float]:
    """Return how many milliseconds each command took, sorted, from the order to its end in the platform's rows."""
    fleet.run("warm", "true")
    return sorted(1_000 * fleet.platform.ask("trip", agent=fleet.node_id, token=f"trip-{at}", cmd="true") for at in range(ROUNDS))


def verdict(figure: float, limit: float, unit: str) -> str:
    """Say whether a goal is met."""
    return f"≤ {limit} {unit}: {'met' if figure <= limit else 'MISSED'}"


def main() -> None:
    """Print the figures. The store's own memory and the templates' are not in them: nothing was published."""
    with tempfile.TemporaryDirectory() as folder, fleet_in(Path(folder)) as fleet:
        took = trips(fleet)
        late = took[int(ROUNDS * SHARE)]
        weights = {name: resident(machine.agent_pid()) for name, machine in (("node", fleet.node), ("frontgate", fleet.frontgate))}
    print(f"{ROUNDS} commands, platform → frontgate → node → platform, each in a shell")
    print(f"{'the way':30}{took[ROUNDS // 2]:7.0f}{late:7.0f}{took[-1]:7.0f}  ms (median, p95, max), p95 {verdict(late, TRIP_MS, 'ms')}")
    for name, limit in (("node", NODE_MIB), ("frontgate", FRONTGATE_MIB)):
        print(f"{f'the agent of a {name}':30}{weights[name]:7.1f}  MiB resident, {verdict(weights[name], limit, 'MiB')}")


if __name__ == "__main__":
    main()
