"""What is wrong with an instance at a pretended cloud, told by the cloud's ledger and by what its machines wrote down."""

from tests.chaos.machines.hall import Hall
from tests.chaos.machines.package import ROLES
from tests.testbeds.cloud.ledger import Ledger, Thing

CLUSTER = "roadstead.cluster"
WANTED = {"active": len(ROLES), "stopped": len(ROLES)}


def judged(hall: Hall, seed: int, instance: str, status: str) -> list[str]:
    """Return what is wrong with an instance in this status."""
    ledger, wanted = hall.ledger(seed), WANTED.get(status, 0)
    ours = [thing for thing in ledger.things() if thing.facts["labels"].get(CLUSTER) == instance]
    machines = [thing for thing in ours if thing.kind == "machine"]
    disks = [thing for thing in ours if thing.kind == "disk"]
    wrong = [f"{len(found)} {kind}s" for kind, found in (("machine", machines), ("disk", disks)) if len(found) != wanted]
    if wanted:
        running = status == "active"
        wrong += [f"{machine.name} runs: {not running}" for machine in machines if machine.facts["running"] != running]
        # A disk rests free at a cloud, and one of a machine that runs is its own.
        held = {machine.token for machine in machines} if running else {""}
        wrong += [f"{disk.name} is at {disk.facts['machine']!r}" for disk in disks if disk.facts["machine"] not in held]
        wrong += [said for machine in machines for said in _written(hall, seed, machine, running=running)]
    return wrong + twice(ledger)


def twice(ledger: Ledger) -> list[str]:
    """Return what was made more than once."""
    return [f"{kind} {token} made {times} times" for (kind, token), times in ledger.made().items() if times != 1]


def _written(hall: Hall, seed: int, machine: Thing, *, running: bool) -> list[str]:
    """An `init` that ended well never runs again; what runs was started since there was power, and runs once."""
    lines, wrong = hall.lines(seed, machine.token), []
    if lines.count("init ended") != 1 or "init begun" in lines[lines.index("init ended") :]:
        wrong.append(f"{machine.name} was not initialised once: {lines}")
    services = [line for line in lines if line in ("power", "start ended", "stop begun")]
    if running and services[-1:] != ["start ended"]:
        wrong.append(f"{machine.name} was not started at last: {lines}")
    if (served := hall.served(seed, machine.token)) != running:
        wrong.append(f"{machine.name} serves {served} times: {lines}")
    return wrong
