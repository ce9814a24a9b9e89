"""The provider of the pretended cloud: what a cloud with virtual machines can do, in a file."""

import ipaddress
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, ClassVar, Literal

from roadstead.core.problems import Problem, Words, problem_kind
from roadstead.runtimes.sdk import (
    Capabilities,
    CredentialAsks,
    CredentialReport,
    Disk,
    DiskSpec,
    Image,
    Log,
    Machine,
    MachineSpec,
    NameTaken,
    Network,
    NetworkGone,
    NetworkSpec,
    NotThere,
    Owned,
    Place,
    Port,
    QuotaExceeded,
    Refused,
    Room,
    Throttled,
    TimedOut,
    Unreachable,
    Zone,
)

from .faults import BEFORE, fault_of
from .ledger import Ledger, Thing

BAD = problem_kind("cloud_credential", "Give a JSON object with the path of a ledger, and if you like a seed and a rate.")
NO_ZONE = problem_kind("cloud_zone", "There is no zone %(name)s.")
LOST = problem_kind("cloud_lost_answer", "The cloud did not answer in time.")
LATER = problem_kind("cloud_throttled", "The cloud asks for fewer calls.")
TROUBLE = problem_kind("cloud_trouble", "The cloud has trouble.")
MISSING = problem_kind("cloud_missing", "There is no %(name)s.")
TAKEN = problem_kind("cloud_taken", "The name %(name)s is taken.")
IN_USE = problem_kind("cloud_in_use", "%(name)s is in use.")
SMALLER = problem_kind("cloud_smaller", "A disk can't get smaller.")
TOO_LARGE = problem_kind("cloud_too_large", "There is no room for that.")
RUNNING = problem_kind("cloud_running", "%(name)s must be stopped for that.")
ZONES = ("north", "south")
MEMORY, DISK = 64 * 1024, 10_000
NOWHERE = "nowhere"


class CloudProvider:
    """Machines in a ledger. They run nothing; of each it is known how often it was `started`, and with which configuration (`boot`)."""

    id: ClassVar[str] = "cloud"
    delivery: ClassVar[Literal["vm"]] = "vm"
    title: ClassVar[Words] = "Pretended cloud"
    asks: ClassVar[CredentialAsks] = CredentialAsks(label="Ledger", rule='Such as {"ledger": "/path"}')
    capabilities: ClassVar[Capabilities] = Capabilities(
        hot_attach=True, needs_format=True, enforces_disk_size=True, public_address=True, makes_networks=True, zones=True
    )

    def capabilities_at(self, place: Place) -> Capabilities:
        """Everywhere the same."""
        return self.capabilities

    def check_credential(self, content: str) -> CredentialReport:
        """Read the JSON."""
        try:
            told = json.loads(content)
            kept = {"ledger": str(told["ledger"]), "seed": int(told.get("seed", 0)), "rate": float(told.get("rate", 0.0))}
        except (ValueError, TypeError, KeyError):
            return CredentialReport(problems=(BAD(where="line 1"),))
        return CredentialReport(credential=json.dumps(kept), summary={"server": "cloud.test", "user": "tester"})

    def check_zone(self, zone: str) -> tuple[Problem, ...]:
        """Know two zones."""
        return () if zone in ZONES else (NO_ZONE(where="zone", name=zone),)

    def probe(self, place: Place, *, seconds: float) -> tuple[Problem, ...]:
        """Say whether the ledger's folder is there."""
        return () if _ledger(place).path.parent.is_dir() else (MISSING(name="ledger"),)

    def zones(self, place: Place) -> tuple[Zone, ...]:
        """Return the two."""
        return tuple(Zone(zone, zone.title()) for zone in ZONES)

    def room(self, place: Place) -> Room:
        """Return a large room."""
        return Room(cpu=64, memory=MEMORY, disk=DISK)

    def networks(self, place: Place) -> tuple[Network, ...]:
        """Return the environment's networks."""
        return tuple(_network(thing) for thing in _ledger(place).things("network") if thing.facts["mark"] == place.mark)

    def ensure_network(self, place: Place, spec: NetworkSpec) -> Network:
        """Make a network."""
        with _call(place, "ensure_network", spec.token) as ledger:
            number = len(ledger.things("network")) + 1
            return _network(_made(ledger, "network", spec.token, spec.name, _labelled(place, spec.labels, cidr=f"10.{number}.0.0/24")))

    def delete_network(self, place: Place, token: str) -> None:
        """Delete a network that nobody uses."""
        with _call(place, "delete_network", token) as ledger:
            network = ledger.find("network", token)
            if network and any(machine.facts["spec"]["network"] == network.id for machine in ledger.things("machine")):
                raise Refused(IN_USE(name=network.name))
            ledger.remove("network", token)

    def ensure_image(self, place: Place, name: str, *, log: Log, seconds: float, cancelled: Callable[[], bool]) -> Image:
        """Have every image but those whose name says nowhere."""
        with _call(place, "ensure_image", name):
            if NOWHERE in name:
                raise NotThere(MISSING(name=name))
            return Image(name=name, digest=f"sha256:{name}", python="/usr/bin/python3")

    def build_image(self, place: Place, name: str, folder: bytes, *, log: Log, seconds: float, cancelled: Callable[[], bool]) -> Image:
        """Have it built already."""
        return self.ensure_image(place, name, log=log, seconds=seconds, cancelled=cancelled)

    def create_disk(self, place: Place, spec: DiskSpec) -> Disk:
        """Make a disk."""
        with _call(place, "create_disk", spec.token) as ledger:
            if spec.size > DISK:
                raise QuotaExceeded(TOO_LARGE())
            return _disk(_made(ledger, "disk", spec.token, spec.name, _labelled(place, spec.labels, size=spec.size, machine="")))

    def resize_disk(self, place: Place, spec: DiskSpec) -> Disk:
        """Let a disk grow."""
        with _call(place, "resize_disk", spec.token) as ledger:
            if spec.size < _there(ledger, "disk", spec.token, spec.name).facts["size"]:
                raise Refused(SMALLER())
            ledger.change("disk", spec.token, size=spec.size)
            return _disk(_there(ledger, "disk", spec.token, spec.name))

    def attach_disk(self, place: Place, spec: DiskSpec, machine: MachineSpec) -> Disk:
        """Attach a disk, also to a running machine."""
        with _call(place, "attach_disk", spec.token) as ledger:
            held = _there(ledger, "disk", spec.token, spec.name).facts["machine"]
            _there(ledger, "machine", machine.token, machine.name)
            if held not in {"", machine.token}:
                raise Refused(IN_USE(name=spec.name))
            ledger.change("disk", spec.token, machine=machine.token)
            return _disk(_there(ledger, "disk", spec.token, spec.name))

    def detach_disk(self, place: Place, spec: DiskSpec, machine: MachineSpec) -> None:
        """Detach a disk."""
        with _call(place, "detach_disk", spec.token) as ledger:
            ledger.change("disk", spec.token, machine="")

    def delete_disk(self, place: Place, token: str) -> None:
        """Delete a disk that is free."""
        with _call(place, "delete_disk", token) as ledger:
            disk = ledger.find("disk", token)
            if disk and disk.facts["machine"]:
                raise Refused(IN_USE(name=disk.name))
            ledger.remove("disk", token)

    def create_machine(self, place: Place, spec: MachineSpec) -> Machine:
        """Make a machine that runs at once."""
        with _call(place, "create_machine", spec.token) as ledger:
            self._refuse(place, ledger, spec)
            address = spec.address or _free_address(ledger)
            facts = _labelled(
                place, spec.labels, running=True, started=1, address=address, spec=_kept(spec), boot=spec.boot.config.decode()
            )
            made = _made(ledger, "machine", spec.token, spec.name, facts)
            for disk in spec.disks:
                ledger.change("disk", disk.token, machine=spec.token)
            return _machine(made)

    def start_machine(self, place: Place, spec: MachineSpec) -> Machine:
        """Start a machine."""
        with _call(place, "start_machine", spec.token) as ledger:
            found = _there(ledger, "machine", spec.token, spec.name)
            if not found.facts["running"]:
                started = {"running": True, "started": found.facts["started"] + 1}
                ledger.change("machine", spec.token, **started, boot=spec.boot.config.decode())
            if found.facts.get("cut_off"):
                ledger.change("machine", spec.token, cut_off="")
            return _machine(_there(ledger, "machine", spec.token, spec.name))

    def stop_machine(self, place: Place, spec: MachineSpec, *, seconds: float) -> None:
        """Stop a machine."""
        with _call(place, "stop_machine", spec.token) as ledger:
            ledger.change("machine", spec.token, running=False)

    def resize_machine(self, place: Place, spec: MachineSpec) -> Machine:
        """Give a stopped machine another size."""
        with _call(place, "resize_machine", spec.token) as ledger:
            found = _there(ledger, "machine", spec.token, spec.name)
            if found.facts["running"] and (spec.cpu, spec.memory) != (found.facts["spec"]["cpu"], found.facts["spec"]["memory"]):
                raise Refused(RUNNING(name=spec.name))
            ledger.change("machine", spec.token, spec=_kept(spec))
            return _machine(_there(ledger, "machine", spec.token, spec.name))

    def delete_machine(self, place: Place, token: str) -> None:
        """Delete a machine; its disks get free."""
        with _call(place, "delete_machine", token) as ledger:
            for disk in ledger.things("disk"):
                if disk.facts["machine"] == token:
                    ledger.change("disk", disk.token, machine="")
            ledger.remove("machine", token)

    def describe_machines(self, place: Place, tokens: Sequence[str]) -> tuple[Machine, ...]:
        """Return machines."""
        with _call(place, "describe_machines", "") as ledger:
            there = {token: thing for token in tokens if (thing := ledger.find("machine", token))}
            return tuple(_machine(there[token]) if token in there else Machine(token, "", "gone") for token in tokens)

    def describe_disks(self, place: Place, tokens: Sequence[str], *, measured: bool = False) -> tuple[Disk, ...]:
        """Return disks."""
        with _call(place, "describe_disks", "") as ledger:
            there = {thing.token: thing for thing in ledger.things("disk")}
            return tuple(_disk(there[token]) if token in there else Disk(token, "", "gone") for token in tokens)

    def console(self, place: Place, token: str, *, lines: int) -> str:
        """Say how often the machine started."""
        with _call(place, "console", token) as ledger:
            started = _there(ledger, "machine", token, token).facts["started"]
            return "\n".join(f"started {number}" for number in range(1, started + 1))

    def owned(self, place: Place, installation: str) -> tuple[Owned, ...]:
        """Return what carries the label."""
        kinds: tuple[Literal["machine", "disk", "network"], ...] = ("machine", "disk", "network")
        with _call(place, "owned", "") as ledger:
            found = [(kind, thing, thing.facts["labels"]) for kind in kinds for thing in ledger.things(kind)]
            ours = [one for one in found if one[2].get("roadstead.installation") == installation]
            return tuple(Owned(kind, thing.id, thing.name, thing.token, labels) for kind, thing, labels in ours)

    def _refuse(self, place: Place, ledger: Ledger, spec: MachineSpec) -> None:
        if spec.memory > MEMORY:
            raise QuotaExceeded(TOO_LARGE())
        if NOWHERE in spec.image:
            raise NotThere(MISSING(name=spec.image))
        if spec.network not in {network.id for network in ledger.things("network")}:
            raise NetworkGone(MISSING(name=spec.network))
        for disk in spec.disks:
            _there(ledger, "disk", disk.token, disk.name)


def _ledger(place: Place) -> Ledger:
    return Ledger(Path(json.loads(place.credential)["ledger"]))


@contextmanager
def _call(place: Place, call: str, token: str) -> Iterator[Ledger]:
    """Be a call that may fail before it did anything, or after it did everything."""
    told, ledger = json.loads(place.credential), _ledger(place)
    said = {"thing": ledger.order(call, token), "number": ledger.times(call, token)} if told["seed"] else {"thing": 0, "number": 0}
    fault = fault_of(seed=told["seed"], rate=told["rate"], call=call, **said)
    reading = call.startswith(("describe", "owned", "console"))
    # Of a list that came in part, and of one that is behind, nothing is told: that is what a provider has to notice.
    if fault in BEFORE or (reading and fault):
        ledger.note(call, token, fault)
        raise Throttled(LATER()) if fault == "throttled" else Unreachable(TROUBLE())
    yield ledger
    ledger.note(call, token, fault or "done")
    if fault == "lost answer":
        time.sleep(0)
        raise TimedOut(LOST())


def _made(ledger: Ledger, kind: str, token: str, name: str, facts: Mapping[str, Any]) -> Thing:
    made = ledger.add(kind, token, name, dict(facts)) or ledger.find(kind, token)
    if made is None:
        raise NameTaken(TAKEN(where="name", name=name))
    return made


def _there(ledger: Ledger, kind: str, token: str, name: str) -> Thing:
    found = ledger.find(kind, token)
    if found is None:
        raise NotThere(MISSING(name=name))
    return found


def _labelled(place: Place, labels: Mapping[str, str], **facts: Any) -> dict[str, Any]:
    return {"labels": dict(labels), "mark": place.mark, "zone": place.zone, **facts}


def _free_address(ledger: Ledger) -> str:
    taken = {machine.facts["address"] for machine in ledger.things("machine")}
    return next(address for number in range(60_000) if (address := f"10.1.{number // 250}.{number % 250 + 2}") not in taken)


def _kept(spec: MachineSpec) -> dict[str, Any]:
    """Return what the ledger keeps of what a machine is to be; its first configuration is kept beside, and its agent's program isn't."""
    return {name: value for name, value in asdict(spec).items() if name not in {"boot", "labels"}}


def _network(thing: Thing) -> Network:
    return Network(thing.id, thing.name, cidr=thing.facts["cidr"], zone=thing.facts["zone"])


def _disk(thing: Thing) -> Disk:
    machine = thing.facts["machine"]
    return Disk(thing.token, thing.id, "attached" if machine else "free", thing.facts["size"], machine, "/dev/vdb" if machine else "")


def _machine(thing: Thing) -> Machine:
    address = str(ipaddress.ip_address(thing.facts["address"]))
    ports = tuple(Port(wish["port"], wish["protocol"], address, wish["port"]) for wish in thing.facts["spec"]["ports"])
    return Machine(
        token=thing.token,
        id=thing.id,
        state="running" if thing.facts["running"] else "stopped",
        name=thing.name,
        address=address,
        public_address=f"192.0.2.{address.rpartition('.')[2]}",
        ports=ports,
        image=f"sha256:{thing.facts['spec']['image']}",
        cut_off=thing.facts.get("cut_off", ""),
    )
