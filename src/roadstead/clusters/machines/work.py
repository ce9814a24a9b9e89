"""What the steps of instances on machines work on, and how what goes wrong there is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from roadstead.agents import services as agents
from roadstead.blobs import services as blobs
from roadstead.clusters.failing import failing_as_steps
from roadstead.clusters.machines.answers import document_of
from roadstead.clusters.models import Frontgate, Node
from roadstead.clusters.selectors import cluster_by_id
from roadstead.runtimes import services as runtimes
from roadstead.runtimes.sdk import Boot, Capabilities, DiskSpec, FrozenAgent, MachineProvider, MachineSpec, Place, PortWish

if TYPE_CHECKING:
    from collections.abc import Mapping

    from roadstead.clusters.models import Cluster
    from roadstead.jobs import StepRun
    from roadstead.packaging.services import Document, Role

GATE_CPU, GATE_MEMORY = 1, 512
# An agent's first word wakes the step; in between it only sees whether the machine still runs.
AGENT_SECONDS, SILENT_SECONDS = 1.0, 15.0
# Two deaths in a row, and what a place waits before it starts a machine again.
_COMES_BACK = 15.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 3.0


@dataclass(frozen=True)
class At:
    """A step at a place: which of the platform's things it is about, and the labels that say so there."""

    run: "StepRun"
    provider: MachineProvider
    place: Place

    def labels(self, **more: str) -> "Mapping[str, str]":
        """Return the labels of an object that this step makes."""
        told = {
            "installation": runtimes.installation_mark(),
            "environment": self.place.mark,
            "job": self.run.job_id,
            "step": self.run.step_id,
            **more,
        }
        return {f"roadstead.{name}": value for name, value in told.items()}

    @property
    def able(self) -> Capabilities:
        """What the place can do."""
        return self.provider.capabilities_at(self.place)

    @property
    def order(self) -> str:
        """Return the name of what the step has an agent do: a retried step has it done again, one that was cut off does not."""
        return f"{self.run.token}-{self.run.attempt}"

    @property
    def order_of_try(self) -> str:
        """Return the name of an order that is the same however often it is carried out: after a failure in passing it is given again."""
        return f"{self.order}.{self.run.tries}" if self.run.tries else self.order

    @property
    def long(self) -> bool:
        """Whether the step has waited for so long that what doesn't run by now won't: what was killed comes up again by itself."""
        return self.run.timeout - self.run.remaining() > _COMES_BACK

    def pause(self, *, first: float = _FIRST_PAUSE, longest: float = _LONGEST_PAUSE) -> None:
        """Leave this call and be called again: soon at first, then less often."""
        waited = self.run.timeout - self.run.remaining()
        self.run.wait(min(max(waited / 4, first), longest))


@dataclass(frozen=True)
class Work(At):
    """A step of an instance."""

    cluster: "Cluster"

    @cached_property
    def node(self) -> Node:
        """The node that the step is about."""
        return Node.objects.get(pk=self.run.params["node"], cluster=self.cluster)

    @cached_property
    def nodes(self) -> list[Node]:
        """All nodes of the instance."""
        return list(self.cluster.nodes.all())

    @cached_property
    def document(self) -> "Document":
        """What the package makes of the instance's answers; other bytes than the reviewed ones never leave the store."""
        return document_of(blobs.read(self.cluster.digest), self.cluster.values)

    @property
    def role(self) -> "Role":
        """The role of the step's node."""
        return next(role for role in self.document.roles if role.name == self.node.role)

    @property
    def frontgate(self) -> Frontgate:
        """The frontgate through which the instance is reached."""
        assert self.cluster.frontgate_id
        return Frontgate.objects.get(pk=self.cluster.frontgate_id)

    def disk(self, node: Node, token: str) -> DiskSpec:
        """Return one disk of a node as the place is told of it."""
        number, found = next((number, disk) for number, disk in enumerate(node.disks) if disk["token"] == token)
        name = f"{self.cluster.pk}_{node.pk}" + (f"_{number + 1}" if number else "")
        labels = self.labels(cluster=self.cluster.pk, node=node.pk, token=token)
        how = {"mount_point": found["mount_point"], "filesystem": found["filesystem"], "options": found["options"]}
        return DiskSpec(token=token, name=name, size=found["size"], labels=labels, **how)

    def machine(self, node: Node, *, booting: bool = False) -> MachineSpec:
        """Return a node as the place is told of it; only what is `booting` needs the configuration of its agent."""
        gate = self.frontgate
        config = b"{}"
        if booting and node.has_agent:
            config = agents.boot_config(agent_id=node.agent_id, frontgate_address=f"{gate.address}:{agents.FRONTGATE_PORT}")
        return MachineSpec(
            token=node.pk,
            name=f"{self.cluster.pk}_{node.pk}_{node.title or 'node'}",
            image=node.image,
            cpu=node.cpu,
            memory=node.memory,
            network=gate.network,
            boot=boot_of(config, role="node" if node.has_agent else "bare"),
            address=node.address,
            hostname=node.pk,
            disks=tuple(self.disk(node, disk["token"]) for disk in node.disks),
            ports=tuple(PortWish(port["port"], carried_by(port["protocol"]), port["prefer"]) for port in node.ports),
            labels=self.labels(cluster=self.cluster.pk, node=node.pk, token=node.pk),
        )


def boot_of(config: bytes, *, role: Literal["node", "frontgate", "bare"], relay: str = "") -> Boot:
    """Return what a machine starts with: this release's agent, in both of its forms."""
    frozen = agents.frozen_agent()
    with_python = FrozenAgent(frozen.archive, frozen.glibc, frozen.processor) if frozen else None
    return Boot(role=role, agent=b"" if role == "bare" else agents.program(), config=config, relay=relay, frozen=with_python)


@contextmanager
def work(run: "StepRun", *, ending: bool = False) -> Iterator[Work]:
    """Give a step of an instance what it works on, and turn what the place or the file store says into the step's failure.

    What only stops and takes away (`ending`) may be done also where the use of the place was withdrawn.
    """
    cluster = cluster_by_id(run.subject)
    with failing_as_steps(run, cluster.digest):
        provider, place = runtimes.place_of(cluster.environment_id, ending=ending)
        yield Work(run, provider, place, cluster)


@contextmanager
def at_frontgate(run: "StepRun") -> Iterator[tuple[At, Frontgate]]:
    """Give a step of a frontgate's own job what it works on."""
    gate = Frontgate.objects.get(pk=run.subject)
    with failing_as_steps(run, ""):
        provider, place = runtimes.place_of(gate.environment_id, ending=True)
        yield At(run, provider, place), gate


def carried_by(protocol: str) -> str:
    """Whatever is spoken on a port travels by one of two."""
    return "udp" if protocol == "udp" else "tcp"
