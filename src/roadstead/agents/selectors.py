"""Reading agents and their commands. Whose they are is known by those above, who ask about what they themselves admitted or ordered."""

from collections.abc import Iterable

from roadstead.agents.commands import let_go_of_overdue
from roadstead.agents.errors import AgentMissing
from roadstead.agents.models import Agent, Command


def agent_by_id(agent_id: str) -> Agent:
    """Return an agent, revoked or not; raises `AgentMissing`."""
    agent = Agent.objects.filter(pk=agent_id).first()
    if agent is None:
        raise AgentMissing
    return agent


def agents_by_id(agent_ids: Iterable[str]) -> dict[str, Agent]:
    """Return agents by their ids, revoked or not, in one query."""
    return Agent.objects.in_bulk([*agent_ids])


def agents_of(subject_ids: list[str]) -> list[Agent]:
    """Return the agents of these machines that aren't revoked."""
    return list(Agent.objects.filter(subject_id__in=subject_ids, revoked_at=None).order_by("admitted_at"))


def command_of(token: str) -> Command | None:
    """Return what was ordered under a token; one whose answer is overdue is lost from this call on."""
    command = Command.objects.filter(token=token).first()
    if command and command.overdue:
        let_go_of_overdue(command)
        command.refresh_from_db()
    return command
