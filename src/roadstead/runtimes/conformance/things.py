"""What a provider is tried with: a place of its own, and specifications under names that nobody else has."""

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from roadstead.core.ids import new_id
from roadstead.runtimes.sdk import (
    Boot,
    DiskSpec,
    MachineProvider,
    MachineSpec,
    NetworkSpec,
    Place,
    ProviderError,
)

Fault = Literal["lost answer", "throttled", "partial list", "stale read"]
"""`lost answer`: the place does what it is asked and its answer never arrives. `throttled`: it asks for fewer calls. `partial list`:
an answer ends before its end. `stale read`: what was made a moment ago isn't seen yet."""

SECONDS = 120.0
PAUSE = 0.2
AT_ONCE = 4
NOWHERE = "roadstead-conformance.test/nowhere:1"
HUGE = 10**9


@dataclass(frozen=True)
class Subject:
    """A provider, a place where it may do as it likes, and what a machine there is made of. `bad` is a credential that is refused."""

    provider: MachineProvider
    place: Place
    image: str
    boot: Boot
    bad: str = ""
    bad_zone: str = "no such zone"
    memory: int = 128
    network: str = ""
    """The id of a network to use where the platform makes none."""
    faults: Mapping[Fault, Callable[[], AbstractContextManager[Any]]] = field(default_factory=dict)


class Things:
    """Specifications under names that nobody else has, and all that was made of them, to be taken away."""

    def __init__(self, subject: Subject) -> None:
        self.subject, self.mark = subject, new_id("try").removeprefix("try-")
        self.labels = {"roadstead.installation": f"conformance-{self.mark}", "roadstead.cluster": f"cl-{self.mark}"}
        self._tokens: dict[str, list[str]] = {"machine": [], "disk": [], "network": []}

    def network(self) -> NetworkSpec:
        """Return a network to be made."""
        return NetworkSpec(self._token("network", "net"), f"rs-{self.mark}", self.labels)

    def disk(self, name: str = "d1", size: int = 1) -> DiskSpec:
        """Return a disk to be made."""
        return DiskSpec(self._token("disk", name), f"{self.mark}_{name}", size, labels=self.labels)

    def machine(self, name: str = "m1", **more: Any) -> MachineSpec:
        """Return a machine to be made; its network is made now."""
        spec = MachineSpec(
            token=self._token("machine", name),
            name=f"{self.mark}_{name}_node",
            image=self.subject.image,
            cpu=1,
            memory=self.subject.memory,
            network=self.made_network(),
            boot=self.subject.boot,
            hostname=name,
            labels=self.labels,
        )
        return replace(spec, **more)

    def made_network(self) -> str:
        """Return the id of a network to put machines into."""
        provider, place = self.subject.provider, self.subject.place
        if not provider.capabilities.makes_networks:
            return self.subject.network
        return provider.ensure_network(place, self.network()).id

    def clear(self) -> None:
        """Take everything away."""
        provider, place = self.subject.provider, self.subject.place
        for token in self._tokens["machine"]:
            provider.delete_machine(place, token)
        for token in self._tokens["disk"]:
            provider.delete_disk(place, token)
        for token in self._tokens["network"]:
            provider.delete_network(place, token)

    def _token(self, kind: str, name: str) -> str:
        token = f"{self.mark}-{name}"
        if token not in self._tokens[kind]:
            self._tokens[kind].append(token)
        return token


def failing(call: Callable[[], Any]) -> Any:
    """Make a call that may fail, but only so that it may be tried again; return its answer if there is one."""
    try:
        return call()
    except ProviderError as error:
        if error.permanent:
            raise
        return None


def patiently(call: Callable[[], Any]) -> Any:
    """Make a call again while it says that it may be tried again."""
    deadline = time.monotonic() + SECONDS
    while True:
        try:
            return call()
        except ProviderError as error:
            if error.permanent or time.monotonic() > deadline:
                raise
        time.sleep(PAUSE)
