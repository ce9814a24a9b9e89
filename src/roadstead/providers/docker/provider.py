"""The provider: a stored credential in, networks, images, disks and machines out. Each call has a client of its own and ends with it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import ClassVar, Literal

from django.utils.translation import gettext_lazy as _

from roadstead.core.problems import Problem, Words
from roadstead.providers.docker import credentials, disks, images, machines, networks, owned
from roadstead.providers.docker import problems as says
from roadstead.providers.docker import room as rooms
from roadstead.providers.docker.client import entered
from roadstead.providers.docker.credentials import Access
from roadstead.providers.docker.images import Patience
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
    Network,
    NetworkSpec,
    NotThere,
    Owned,
    Place,
    ProviderError,
    Refused,
    Room,
    Zone,
)

ZONE = "default"


class DockerProvider:
    """Machines that are containers."""

    id: ClassVar[str] = "docker"
    delivery: ClassVar[Literal["vm"]] = "vm"
    title: ClassVar[Words] = _("Docker")
    asks: ClassVar[CredentialAsks] = CredentialAsks(
        label=_("Engine"),
        rule=_(
            "The address on the first line, such as tcp://host:2376; below it the authority, the client's certificate and its key, as PEM. "
            "A line “registry host user password” signs in to a registry of images."
        ),
        commands=says.PRINT,
    )
    capabilities: ClassVar[Capabilities] = Capabilities(live_resize=True, makes_networks=True, builds_images=True, local_socket=True)

    def capabilities_at(self, place: Place) -> Capabilities:
        """Only an engine of this machine reaches the platform through a folder."""
        return replace(self.capabilities, local_socket=Access.stored(place.credential).local)

    def check_credential(self, content: str) -> CredentialReport:
        """Read a pasted credential."""
        return credentials.check(content)

    def check_zone(self, zone: str) -> tuple[Problem, ...]:
        """Refuse any zone: an engine has none."""
        return () if zone in {"", ZONE} else (says.ZONE_UNKNOWN(where="zone"),)

    def probe(self, place: Place, *, seconds: float) -> tuple[Problem, ...]:
        """Ask the engine what it is."""
        try:
            with entered(place.credential, seconds=seconds) as engine:
                told = engine.call(engine.api.info)
        except ProviderError as error:
            return error.problems
        return () if told["OSType"] == "linux" else (says.NOT_LINUX(system=told["OSType"]),)

    def zones(self, place: Place) -> tuple[Zone, ...]:
        """Return the one that there is."""
        return (Zone(ZONE),)

    def room(self, place: Place) -> Room:
        """Return what the engine's machine has."""
        with entered(place.credential) as engine:
            return rooms.room(engine)

    def networks(self, place: Place) -> tuple[Network, ...]:
        """Return the environment's networks."""
        with entered(place.credential) as engine:
            return networks.listed(engine, place)

    def ensure_network(self, place: Place, spec: NetworkSpec) -> Network:
        """Make a network."""
        with entered(place.credential) as engine:
            return networks.ensure(engine, place, spec)

    def delete_network(self, place: Place, token: str) -> None:
        """Delete a network."""
        with entered(place.credential) as engine:
            networks.delete(engine, token)

    def ensure_image(self, place: Place, name: str, *, log: Log, seconds: float, cancelled: Callable[[], bool]) -> Image:
        """Have an image on the engine."""
        with entered(place.credential, seconds=seconds) as engine:
            try:
                return images.image(engine, name)
            except NotThere:
                images.fetch(engine, name, Patience(log, seconds, cancelled))
            return images.image(engine, name)

    def build_image(self, place: Place, name: str, folder: bytes, *, log: Log, seconds: float, cancelled: Callable[[], bool]) -> Image:
        """Build an image on the engine."""
        with entered(place.credential, seconds=seconds) as engine:
            if not images.built(engine, name, folder):
                images.build(engine, name, folder, Patience(log, seconds, cancelled))
            return images.image(engine, name)

    def create_disk(self, place: Place, spec: DiskSpec) -> Disk:
        """Make a volume."""
        with entered(place.credential) as engine:
            return disks.create(engine, place, spec)

    def resize_disk(self, place: Place, spec: DiskSpec) -> Disk:
        """Note another size."""
        with entered(place.credential) as engine:
            return disks.resize(engine, place, spec)

    def attach_disk(self, place: Place, spec: DiskSpec, machine: MachineSpec) -> Disk:
        """Make the stopped machine anew with the disk."""
        others = [disk for disk in machine.disks if disk.token != spec.token]
        with entered(place.credential) as engine:
            disks.must_be_there(engine, place, [spec])
            machines.change(engine, place, replace(machine, disks=(*others, spec)))
            return disks.one(engine, place, spec.token)

    def detach_disk(self, place: Place, spec: DiskSpec, machine: MachineSpec) -> None:
        """Make the stopped machine anew without the disk."""
        with entered(place.credential) as engine:
            if disks.one(engine, place, spec.token).state == "attached":
                others = tuple(disk for disk in machine.disks if disk.token != spec.token)
                machines.change(engine, place, replace(machine, disks=others))

    def delete_disk(self, place: Place, token: str) -> None:
        """Delete a volume."""
        with entered(place.credential) as engine:
            disks.delete(engine, token)

    def create_machine(self, place: Place, spec: MachineSpec) -> Machine:
        """Make a container and start it."""
        _relay_is_near(place, spec)
        with entered(place.credential) as engine:
            return machines.create(engine, place, spec)

    def start_machine(self, place: Place, spec: MachineSpec) -> Machine:
        """Start a container, made anew when its definition differs."""
        _relay_is_near(place, spec)
        with entered(place.credential) as engine:
            return machines.start(engine, place, spec)

    def stop_machine(self, place: Place, spec: MachineSpec, *, seconds: float) -> None:
        """Stop a container; the engine may take as long as it was told, and a little."""
        with entered(place.credential, seconds=seconds + 30) as engine:
            machines.stop(engine, spec, seconds=seconds)

    def resize_machine(self, place: Place, spec: MachineSpec) -> Machine:
        """Change a container's limits."""
        with entered(place.credential) as engine:
            machines.resize(engine, spec)
            return machines.describe(engine, place, [spec.token])[0]

    def delete_machine(self, place: Place, token: str) -> None:
        """Delete a container."""
        with entered(place.credential) as engine:
            machines.delete(engine, token)

    def describe_machines(self, place: Place, tokens: Sequence[str]) -> tuple[Machine, ...]:
        """Return how containers are."""
        with entered(place.credential) as engine:
            return machines.describe(engine, place, tokens)

    def describe_disks(self, place: Place, tokens: Sequence[str], *, measured: bool = False) -> tuple[Disk, ...]:
        """Return how volumes are."""
        with entered(place.credential) as engine:
            return disks.describe(engine, place, tokens, measured=measured)

    def console(self, place: Place, token: str, *, lines: int) -> str:
        """Return the end of a container's output."""
        with entered(place.credential) as engine:
            return machines.console(engine, token, lines)

    def owned(self, place: Place, installation: str) -> tuple[Owned, ...]:
        """Return what carries the installation's label."""
        with entered(place.credential) as engine:
            return owned.listed(engine, installation)


def _relay_is_near(place: Place, spec: MachineSpec) -> None:
    if spec.boot.relay and not Access.stored(place.credential).local:
        raise Refused(says.NO_SOCKET_THERE())
