"""The seam between the platform and a place that runs machines: networks, images, disks and machines, and nothing above them.

Everything that a provider makes is known by a `token`, which is the same in every call about one thing: creating what is there is
done, deleting what is gone is done. A machine is told whole in every call, so that a place can make it anew under the same name,
address and disks. No call waits for what takes long; the platform describes in batches until it is so. What a place can't do it
declares in its `Capabilities`, and the planner leaves it out.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Literal, Protocol, runtime_checkable

from roadstead.core.problems import Problem, Words
from roadstead.runtimes.sdk.common import CredentialAsks, CredentialReport, Log, NotThere, ProviderError

MachineState = Literal["pending", "running", "stopped", "failed", "gone"]
DiskState = Literal["pending", "free", "attached", "gone"]


class Throttled(ProviderError):
    """The place asks for fewer calls; later it will answer."""

    permanent = False


class QuotaExceeded(ProviderError):
    """The place has no room for this, or allows no more of it."""


class NetworkGone(NotThere):
    """The network that a machine is to be in does not exist: one of the platform's own is made again."""


@dataclass(frozen=True)
class Capabilities:
    """What a place can do; the plan of every operation is shaped by it.

    `hot_attach`: disks come and go while a machine runs. `needs_format`: a new disk is a bare device, which the agent formats and
    mounts. `live_resize`: size changes while a machine runs. `enforces_disk_size`: a disk can't outgrow its size. `public_address`:
    a machine can be reached from outside by an address of its own. `makes_networks`: the platform makes its networks itself.
    `builds_images`: images are built at the place from a folder. `local_socket`: the platform is reached through a folder.
    `zones`: there are several, and an environment names one of them.
    """

    hot_attach: bool = False
    needs_format: bool = False
    live_resize: bool = False
    enforces_disk_size: bool = False
    public_address: bool = False
    makes_networks: bool = False
    builds_images: bool = False
    local_socket: bool = False
    zones: bool = False


@dataclass(frozen=True)
class Place:
    """A credential and a zone of it. `mark` is the id of the environment, which every object there carries."""

    credential: str = field(repr=False)
    zone: str = ""
    mark: str = ""


@dataclass(frozen=True)
class Room:
    """What a place has: cores, memory in MiB, disk in GiB (0 where it can't be told), and facts worth showing by their names."""

    cpu: int = 0
    memory: int = 0
    disk: int = 0
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Zone:
    """A part of a provider's world that machines and disks belong to."""

    id: str
    title: str = ""


@dataclass(frozen=True)
class Network:
    """A private network. `unfit` says why machines can't be put there, in the words of the place."""

    id: str
    name: str
    cidr: str = ""
    zone: str = ""
    unfit: str = ""


@dataclass(frozen=True)
class NetworkSpec:
    """A network that the platform makes; `labels` go onto it."""

    token: str
    name: str
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Image:
    """An image that is there. `digest` names its bytes; `problem` says why no machine can be made of it: no shell, wrong processor."""

    name: str
    digest: str
    user: str = ""
    command: tuple[str, ...] = ()
    python: str = ""
    """Where a Python is that can run the agent; empty when the agent must bring its own."""
    problem: Problem | None = None


@dataclass(frozen=True)
class DiskSpec:
    """A disk: `size` in GiB, where it is mounted, and how."""

    token: str
    name: str
    size: int
    mount_point: str = "/data"
    filesystem: str = "ext4"
    options: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Disk:
    """A disk as it is. `device` is its name inside of the machine, where there is one; `used` in MiB, None where nobody measured."""

    token: str
    id: str
    state: DiskState
    size: int = 0
    machine: str = ""
    device: str = ""
    used: int | None = None


@dataclass(frozen=True)
class PortWish:
    """A port of a machine that people are to reach. `prefer` is the one to use outside if it is free, 0 for any."""

    port: int
    protocol: str = "tcp"
    prefer: int = 0


@dataclass(frozen=True)
class Port:
    """A port as it can be reached from outside."""

    port: int
    protocol: str
    host: str
    host_port: int


@dataclass(frozen=True)
class FrozenAgent:
    """The agent with a Python of its own: a packed folder (tar, gzip) on the platform's machine whose program is `roadstead-agent`.

    It runs on this processor, as images call it, with this glibc or a later one.
    """

    archive: Path
    glibc: str
    processor: str


@dataclass(frozen=True)
class Boot:
    """What a machine starts with: the agent's program and its first configuration, which holds a one-time token.

    `agent` is one file for a Python; `frozen` is for images that have none, where the platform has it. `role` is `node`, `frontgate`, or
    `bare` for a machine without an agent, which runs the image's own command. `relay` is a folder of the platform's machine with the
    socket that agents call; only a frontgate at a place with `local_socket` gets it.
    """

    role: Literal["node", "frontgate", "bare"]
    agent: bytes = field(repr=False)
    config: bytes = field(repr=False)
    relay: str = ""
    frozen: FrozenAgent | None = None


@dataclass(frozen=True)
class MachineSpec:
    """A machine, told whole: cores, memory in MiB, its disks, its fixed address (empty until the place has given one) and its ports."""

    token: str
    name: str
    image: str
    cpu: int
    memory: int
    network: str
    boot: Boot
    address: str = ""
    hostname: str = ""
    disks: tuple[DiskSpec, ...] = ()
    ports: tuple[PortWish, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Machine:
    """A machine as it is; `reason` says why it failed or stopped, in the words of the place.

    `cut_off` is the network of a running machine that somebody took out of it: starting it connects it again.
    """

    token: str
    id: str
    state: MachineState
    name: str = ""
    address: str = ""
    public_address: str = ""
    ports: tuple[Port, ...] = ()
    image: str = ""
    """The digest of the image that it was made of."""
    reason: str = ""
    cut_off: str = ""


@dataclass(frozen=True)
class Owned:
    """Something at the place that carries the platform's mark: for finding what no instance owns any more."""

    kind: Literal["machine", "disk", "network"]
    id: str
    name: str
    token: str
    labels: Mapping[str, str] = field(default_factory=dict)


@runtime_checkable
class MachineProvider(Protocol):
    """A kind of place that runs machines."""

    id: ClassVar[str]
    delivery: ClassVar[Literal["vm"]]
    title: ClassVar[Words]
    asks: ClassVar[CredentialAsks]
    capabilities: ClassVar[Capabilities]

    def capabilities_at(self, place: Place) -> Capabilities:
        """Return what this very place can do, offline: what all places of the kind can, or less."""

    def check_credential(self, content: str) -> CredentialReport:
        """Read a pasted credential as data, without any network, process or file, and report everything wrong with it."""

    def check_zone(self, zone: str) -> tuple[Problem, ...]:
        """Say what is wrong with the name of a zone, offline."""

    def probe(self, place: Place, *, seconds: float) -> tuple[Problem, ...]:
        """Try the place within a limit: does it answer, accept the credential and grant the rights? Changes nothing."""

    def zones(self, place: Place) -> tuple[Zone, ...]:
        """Return the zones that the credential reaches."""

    def room(self, place: Place) -> Room:
        """Return what the place has."""

    def networks(self, place: Place) -> tuple[Network, ...]:
        """Return the networks that machines can be put into."""

    def ensure_network(self, place: Place, spec: NetworkSpec) -> Network:
        """Make a network, or find it made; only where `makes_networks`."""

    def delete_network(self, place: Place, token: str) -> None:
        """Delete a network that the platform made; gone already is done."""

    def ensure_image(self, place: Place, name: str, *, log: Log, seconds: float, cancelled: Callable[[], bool]) -> Image:
        """Have an image at the place, fetched if need be; `NotThere` when nobody has it."""

    def build_image(self, place: Place, name: str, folder: bytes, *, log: Log, seconds: float, cancelled: Callable[[], bool]) -> Image:
        """Build an image from a packed folder with a Dockerfile, or find it built; only where `builds_images`."""

    def create_disk(self, place: Place, spec: DiskSpec) -> Disk:
        """Make a disk, or find it made."""

    def resize_disk(self, place: Place, spec: DiskSpec) -> Disk:
        """Give a disk the size that its specification says; never less than it has."""

    def attach_disk(self, place: Place, spec: DiskSpec, machine: MachineSpec) -> Disk:
        """Attach a disk to a machine, or find it attached."""

    def detach_disk(self, place: Place, spec: DiskSpec, machine: MachineSpec) -> None:
        """Detach a disk; free or gone already is done."""

    def delete_disk(self, place: Place, token: str) -> None:
        """Delete a disk; gone already is done."""

    def create_machine(self, place: Place, spec: MachineSpec) -> Machine:
        """Make a machine and start it, or find it made."""

    def start_machine(self, place: Place, spec: MachineSpec) -> Machine:
        """Start a machine as its specification says; running already is done."""

    def stop_machine(self, place: Place, spec: MachineSpec, *, seconds: float) -> None:
        """Ask a machine to end within a time and then end it; stopped or gone already is done."""

    def resize_machine(self, place: Place, spec: MachineSpec) -> Machine:
        """Give a machine the cores and memory that its specification says."""

    def delete_machine(self, place: Place, token: str) -> None:
        """Delete a machine, running or not; gone already is done. Its disks stay."""

    def describe_machines(self, place: Place, tokens: Sequence[str]) -> tuple[Machine, ...]:
        """Return how these machines are, in one call; one that isn't there is `gone`."""

    def describe_disks(self, place: Place, tokens: Sequence[str], *, measured: bool = False) -> tuple[Disk, ...]:
        """Return how these disks are, in one call; one that isn't there is `gone`. What they hold is `measured` only when asked for."""

    def console(self, place: Place, token: str, *, lines: int) -> str:
        """Return the last lines that a machine wrote; empty where the place keeps none, `NotThere` for a machine that isn't."""

    def owned(self, place: Place, installation: str) -> tuple[Owned, ...]:
        """Return everything at the place that carries the label `roadstead.installation` with this value, whoever made it."""
