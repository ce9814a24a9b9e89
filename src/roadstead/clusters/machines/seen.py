"""How the machines of an instance are: asked of the place, kept as what was last seen, arranged for reading."""

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from roadstead.agents import selectors as agents
from roadstead.clusters.machines.clocks import clock_of
from roadstead.clusters.machines.notes import cut_off_of, start_of
from roadstead.clusters.machines.plans import called
from roadstead.clusters.states import AGENT_STATES, MACHINE_STATES
from roadstead.core.clock import now
from roadstead.core.finding import found
from roadstead.runtimes import services as runtimes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from roadstead.clusters.models import Cluster, Node
    from roadstead.core.problems import Problem
    from roadstead.core.states import State
    from roadstead.runtimes.sdk import Machine

LOOPBACK = "127.0.0.1"
WEB = ("http", "https")


@dataclass(frozen=True)
class SeenMachine:
    """One machine; `state` is the place's word, `agent` its agent's, None where it has none or nobody has looked.

    `clock` says that its clock is wrong, and by how much; `cut_off` that it isn't in its network; `start` that what ran there before
    its last start could not be started again, with what that `said`.
    """

    node: "Node"
    name: str
    state: "State"
    reason: str
    agent: "State | None"
    seen_at: "datetime | None"
    clock: "Problem | None" = None
    cut_off: "Problem | None" = None
    start: "Problem | None" = None
    said: str = ""

    @property
    def problems(self) -> "list[Problem]":
        """All of them."""
        return [problem for problem in (self.cut_off, self.start, self.clock) if problem]


def question(cluster: "Cluster") -> "tuple[Sequence[Node], Callable[[], Sequence[Machine]]]":
    """Return the machines of an instance and what asks the place how they are; asking reads no rows and may be done in another thread."""
    nodes = _present(cluster)
    provider, place = runtimes.place_of(cluster.environment_id, ending=True)
    tokens = [node.pk for node in nodes] + ([cluster.frontgate_id] if cluster.frontgate_id else [])
    return nodes, partial(provider.describe_machines, place, tokens)


def keep(cluster: "Cluster", nodes: "Iterable[Node]", seen: "Iterable[Machine]") -> "Cluster":
    """Keep what was seen of machines, and the ways in of those that run."""
    states = {machine.token: machine for machine in seen}
    gate = states.pop(cluster.frontgate_id or "", None)
    running = [node for node in nodes if states[node.pk].state == "running"]
    cluster.view = {
        "status": "seen",
        "machines": [{"node": token, **_kept(machine)} for token, machine in states.items()],
        "endpoints": [endpoint for node in running for endpoint in _endpoints(node)],
        "frontgate": _kept(gate) if gate else cluster.view.get("frontgate", {}),
    }
    cluster.viewed_at, cluster.unknown_since = now(), None
    cluster.save(update_fields=["view", "viewed_at", "unknown_since"])
    return cluster


def machines_of(cluster: "Cluster") -> list[SeenMachine]:
    """Return the machines of an instance with what was last seen of each."""
    nodes = _present(cluster)
    seen = {row["node"]: row for row in cluster.view.get("machines", ())}
    known = {agent.pk: agent for agent in agents.agents_of([cluster.pk])}
    return [_machine(node, seen.get(node.pk, {}), known) for node in nodes]


def machine_named(cluster: "Cluster", token: str) -> tuple[str, str]:
    """Return by which token a place knows a machine of an instance, or its frontgate, and what people call it."""
    if token and token == cluster.frontgate_id:
        return token, _("Frontgate")
    node = found(cluster.nodes.all(), token)
    return node.pk, called(node)


def _machine(node: "Node", row: "dict[str, Any]", known: "dict[str, Any]") -> SeenMachine:
    agent = known.get(node.agent_id)
    state = MACHINE_STATES.get(row.get("state", ""), node.state)
    seen_at = agent.seen_at if agent else None
    start, said = start_of(agent)
    seen = SeenMachine(node, called(node), state, row.get("reason", ""), agent_state(agent), seen_at, clock_of(agent))
    return replace(seen, cut_off=cut_off_of(row), start=start, said=said)


def _kept(machine: "Machine") -> "dict[str, str]":
    return {"state": machine.state, "reason": machine.reason, "cut_off": machine.cut_off}


def agent_state(agent: Any) -> "State | None":
    """Return how an agent is said: not heard of, or as its machine's own check has it, where there is one."""
    if agent is None:
        return None
    if not agent.connected:
        return AGENT_STATES["silent"]
    return AGENT_STATES[agent.health or "connected"]


def _present(cluster: "Cluster") -> "Sequence[Node]":
    return list(cluster.nodes.exclude(status="deleted"))


def _endpoints(node: "Node") -> list[dict[str, str]]:
    return [_endpoint(port) for port in node.ports if port.get("host")]


def _endpoint(port: "dict[str, Any]") -> dict[str, str]:
    host = "localhost" if port["host"] == LOOPBACK else port["host"]
    address = f"{host}:{port['host_port']}"
    return {"name": port["name"], "address": address, "url": f"{port['protocol']}://{address}/" if port["protocol"] in WEB else ""}
