"""What is wrong with an instance on an engine, told by the engine and by the machines themselves."""

from typing import Any

from tests.chaos.lane import Stuck
from tests.chaos.machines.engine import Docker
from tests.chaos.machines.package import ROLES

WANTED = {"active": len(ROLES), "stopped": len(ROLES)}
# A machine that was killed a moment ago is coming up again, and what it served with it: first it waits a minute for its metadata.
SETTLING = 180.0


def judged(place: Docker, instance: str, status: str, calm: bool) -> list[str]:
    """Return what is wrong."""
    try:
        place.until(lambda: not _wrong(place, instance, status, calm=calm), SETTLING)
    except Stuck:
        return _wrong(place, instance, status, calm=calm)
    return []


def _wrong(place: Docker, instance: str, status: str, *, calm: bool) -> list[str]:
    wanted = WANTED.get(status, 0)
    there = place.of_instance(instance)
    wrong = [
        f"{len(found)} of kind {kind}: {', '.join(one.name for one in found)}"
        for kind, found in there.items()
        if len(found) != (0 if kind == "network" else wanted)
    ]
    # Of a volume the engine says so again whenever a container with it is made; one of a name is one.
    wrong += [f"{one.name} made again" for one in there["container"] if place.times_made("container", one.name) > 1]
    if not wrong and status == "active":
        addresses = sorted(_address(machine) for machine in there["container"])
        wrong += [said for machine in there["container"] for said in _running(place, machine, addresses, calm=calm)]
    if not wrong and status == "stopped":
        wrong += [f"{machine.name} is {machine.status}" for machine in there["container"] if machine.status == "running"]
        wrong += [said for machine in there["container"] for said in _initialised(place.lines(machine), machine)]
    return wrong


def _running(place: Docker, machine: Any, addresses: list[str], *, calm: bool) -> list[str]:
    if machine.status != "running":
        return [f"{machine.name} is {machine.status}"]
    lines = place.lines(machine)
    wrong = _initialised(lines, machine)
    if (served := place.served(machine)) != 1:
        wrong.append(f"{machine.name} serves {served} times: {lines}")
    peers = [line.split()[1:] for line in lines if line.startswith("peers")]
    if not peers or peers[-1] != addresses:
        wrong.append(f"{machine.name} was told of {peers}, not {addresses}")
    return wrong


def _initialised(lines: list[str], machine: Any) -> list[str]:
    """An `init` that ended well never runs again."""
    done = lines.count("init ended")
    begun_after = "init ended" in lines and "init begun" in lines[lines.index("init ended") :]
    return [f"{machine.name} initialised {done} times: {lines}"] if done != 1 or begun_after else []


def _address(machine: Any) -> str:
    (network,) = machine.attrs["NetworkSettings"]["Networks"].values()
    return str((network["IPAMConfig"] or {}).get("IPv4Address") or network["IPAddress"])
