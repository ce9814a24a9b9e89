"""What an instance's page tells of the frontgate that serves it: how it is, who shares it, and when it goes."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings

from roadstead.agents import selectors as agents
from roadstead.clusters.machines.answers import subnet_of
from roadstead.clusters.machines.notes import cut_off_of
from roadstead.clusters.machines.seen import agent_state
from roadstead.clusters.models import Cluster, Frontgate
from roadstead.clusters.selectors import clusters_visible_to
from roadstead.clusters.states import FRONTGATE_STATES, MACHINE_STATES, PRESENT, FrontgateStatus, Status
from roadstead.runtimes.selectors import delivery_of

if TYPE_CHECKING:
    from datetime import datetime

    from roadstead.accounts.models import User
    from roadstead.agents.models import Agent
    from roadstead.core.states import State
    from roadstead.runtimes.models import Environment

_KIB_A_MIB = 1024
_SHOWN = 20


@dataclass(frozen=True)
class SeenFrontgate:
    """A frontgate; `state` is the place's word, `served` the instances that share it.

    `goes_at` is when it is stopped if an instance only rests (`comes_back`), or removed, unless one needs it before.
    """

    gate: "Frontgate"
    state: "State"
    reason: str
    agent: "Agent | None"
    agent_state: "State | None"
    served: list[Cluster]
    number: int
    goes_at: "datetime | None"
    comes_back: bool
    patience: timedelta

    @property
    def memory(self) -> int:
        """How much memory its agent says that it takes, in MiB; 0 where it says nothing."""
        return round(self.agent.facts.get("resident_kib", 0) / _KIB_A_MIB) if self.agent else 0


@dataclass(frozen=True)
class ExpectedFrontgate:
    """What a deployment will be reached through: one that is there, with the number of instances that share it, or a new one."""

    shared: bool
    number: int


def frontgate_expected(actor: "User", environment: "Environment | None", values: str) -> ExpectedFrontgate | None:
    """Return what a deployment with these answers will use; None for one that isn't on machines."""
    if environment is None or delivery_of(environment.provider) != "vm":
        return None
    gate = Frontgate.objects.filter(environment=environment, owner=actor.pk, subnet=subnet_of(values)).exclude(status="deleted").first()
    return ExpectedFrontgate(gate is not None, gate.clusters.filter(status__in=PRESENT).count() if gate else 0)


def frontgate_of(actor: "User", cluster: Cluster) -> SeenFrontgate | None:
    """Return the frontgate of an instance, with those of the instances that share it which this person reaches."""
    gate = cluster.frontgate
    if gate is None:
        return None
    seen = cluster.view.get("frontgate", {})
    agent = agents.agents_by_id([gate.agent_id]).get(gate.agent_id) if gate.agent_id else None
    patience = timedelta(minutes=settings.OPTIONS.frontgate_idle_minutes)
    served = gate.clusters.filter(status__in=PRESENT)
    return SeenFrontgate(
        gate=gate,
        state=_state(gate, seen.get("state", "")),
        reason=cut_off.message if (cut_off := cut_off_of(seen)) else seen.get("reason", ""),
        agent=agent,
        agent_state=agent_state(agent) if agent and not agent.revoked_at else None,
        served=list(clusters_visible_to(actor).filter(pk__in=served).order_by("name")[:_SHOWN]),
        number=served.count(),
        goes_at=gate.idle_since + patience if gate.idle_since and gate.status == "active" else None,
        comes_back=served.filter(status=Status.STOPPED).exists(),
        patience=patience,
    )


def _state(gate: Frontgate, seen: str) -> "State":
    """Say how the place has it while it is to run; where it rests, that it does."""
    resting = FRONTGATE_STATES[gate.status]
    return MACHINE_STATES.get(seen, resting) if gate.status == FrontgateStatus.ACTIVE else resting
