"""A Docker engine that is only told of, as the harbour tells of a Kubernetes: machines answer, and their agents say a word when asked.

It stands in for the provider of that id, so that pages of machines are full on any machine and look the same each time.
"""

from collections.abc import Callable, Sequence

from django.apps import apps
from django.utils import timezone

from roadstead.core.problems import Problem
from roadstead.providers.docker.provider import DockerProvider
from roadstead.runtimes.sdk import (
    Disk,
    DiskSpec,
    Image,
    Log,
    Machine,
    MachineSpec,
    Network,
    NetworkSpec,
    Owned,
    Place,
    Port,
    Room,
)

HOST = "127.0.0.1"
FACTS = {"name": "roadstead", "engine": "29.1.3", "system": "Debian GNU/Linux 12 (bookworm)", "processor": "x86_64", "storage": "overlay2"}
CONSOLE = """\
2026-11-27T08:14:02Z agent 0.1.0 starts as the first process
2026-11-27T08:14:02Z frontgate 172.30.0.2:9111 answers
2026-11-27T08:14:03Z /data is mounted, ext4
2026-11-27T08:14:03Z wrote /etc/wordpress/database.conf
2026-11-27T08:14:04Z service init: begins
2026-11-27T08:14:06Z service init: exit code 0
2026-11-27T08:14:06Z service start: begins
2026-11-27T08:14:08Z service start: exit code 0
"""


class Quay(DockerProvider):
    """Everything that was made here runs."""

    def __init__(self) -> None:
        self.wait: Callable[[float], None] = lambda _seconds: None
        self.made: dict[str, Machine] | None = None
        """While the world is made, what is there so far; afterwards all of it runs, and what isn't there is about to begin for ever."""

    def probe(self, place: Place, *, seconds: float) -> tuple[Problem, ...]:
        """Find nothing wrong."""
        return ()

    def room(self, place: Place) -> Room:
        """Be a small server."""
        return Room(cpu=8, memory=32_768, disk=412, facts=FACTS)

    def networks(self, place: Place) -> tuple[Network, ...]:
        """Know none."""
        return ()

    def ensure_network(self, place: Place, spec: NetworkSpec) -> Network:
        """Have it."""
        return Network(spec.name, spec.name, "172.30.0.0/24")

    def delete_network(self, place: Place, token: str) -> None:
        """Have none."""

    def ensure_image(self, place: Place, name: str, *, log: Log, seconds: float, cancelled: Callable[[], bool]) -> Image:
        """Have it, after a while."""
        self.wait(1.4)
        log(f"{name} is there")
        return Image(name, "sha256:" + "6bfebde1" * 8, python="/usr/bin/python3")

    def build_image(self, place: Place, name: str, folder: bytes, *, log: Log, seconds: float, cancelled: Callable[[], bool]) -> Image:
        """Have it."""
        return self.ensure_image(place, name, log=log, seconds=seconds, cancelled=cancelled)

    def create_disk(self, place: Place, spec: DiskSpec) -> Disk:
        """Make it."""
        self.wait(0.4)
        return Disk(spec.token, spec.name, "free", spec.size)

    def describe_disks(self, place: Place, tokens: Sequence[str], *, measured: bool = False) -> tuple[Disk, ...]:
        """Have none before it is made."""
        return tuple(Disk(token, "", "gone") for token in tokens)

    def create_machine(self, place: Place, spec: MachineSpec) -> Machine:
        """Make one that runs, with the next address."""
        assert self.made is not None
        self.wait(2.6)
        number = len(self.made)
        ports = tuple(Port(wish.port, wish.protocol, HOST, (wish.prefer or 32_768) + number - 2) for wish in spec.ports)
        self.made[spec.token] = Machine(spec.token, spec.name, "running", spec.name, f"172.30.0.{number + 2}", ports=ports)
        _say_a_word([spec.token], first=True)
        return self.made[spec.token]

    def describe_machines(self, place: Place, tokens: Sequence[str]) -> tuple[Machine, ...]:
        """Tell of what was made; their agents are heard of meanwhile."""
        _say_a_word(tokens)
        if self.made is None:
            begun = set(apps.get_model("clusters.Node")._default_manager.filter(pk__in=tokens, machine="").values_list("pk", flat=True))
            return tuple(Machine(token, token, "pending" if token in begun else "running") for token in tokens)
        return tuple(self.made.get(token, Machine(token, "", "gone")) for token in tokens)

    def console(self, place: Place, token: str, *, lines: int) -> str:
        """Tell what one wrote."""
        return CONSOLE

    def owned(self, place: Place, installation: str) -> tuple[Owned, ...]:
        """Hold one disk that nobody owns."""
        return (Owned("disk", "cl-old_cln-old", "cl-old_cln-old", "cln-old-1", {"roadstead.cluster": "cl-2222222222222222"}),)


def _say_a_word(tokens: Sequence[str], *, first: bool = False) -> None:
    rows = apps.get_model("agents.Agent")._default_manager.filter(name__in=tokens)
    # Who never said anything, or fell silent since, has no facts.
    heard = rows if first else rows.exclude(facts={})
    heard.update(seen_at=timezone.now(), version="0.1.0", facts={"resident_kib": 21_504})
