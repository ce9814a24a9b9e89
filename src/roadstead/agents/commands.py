"""A command's way from its order to its end; every write is made on condition of where it is, so none goes back."""

from typing import Any

from django.db import transaction

from roadstead.agents.models import PATIENCE_SECONDS, Agent, Command
from roadstead.agents.states import ENDS, OPEN, State, leads_to
from roadstead.core.clock import now
from roadstead.jobs.bell import ring_watchers
from roadstead.jobs.services import wake
from roadstead_agent.output import tail


def open_command(agent: Agent, *, token: str, verb: str, params: dict[str, Any], timeout: float) -> Command:
    """Write down an order as the last of an agent whose row the caller holds, and ring whoever hands it over."""
    agent.last_number += 1
    agent.save(update_fields=["last_number"])
    command = Command(agent=agent, token=token, number=agent.last_number, verb=verb, timeout=timeout)
    command.params = params
    command.save(force_insert=True)
    ring(agent)
    return command


def ring(agent: Agent) -> None:
    """Wake the poll through which an agent is reached, once the transaction is committed."""
    ring_watchers(agent.frontgate_id or agent.pk)


def came_to(command: Command, state: State, **fields: Any) -> bool:
    """Bring a command into a state, if that may follow where it is; its end wakes the step that waits."""
    if state in ENDS:
        fields = {"ended_at": now(), **fields}
    moved = Command.objects.filter(pk=command.pk, state__in=leads_to(state)).update(state=state, **fields)
    if moved and state in ENDS:
        wake(command.token)
        # What comes after it may go now.
        ring(command.agent)
    return bool(moved)


def said_more(command: Command, lines: str) -> None:
    """Add to the output of a command that runs."""
    with transaction.atomic():
        held = Command.objects.select_for_update().filter(pk=command.pk, state__in=OPEN).first()
        if held:
            held.output = tail(held.output + lines)
            held.save(update_fields=["output"])
            wake(command.token)


def let_go_of_overdue(command: Command) -> None:
    """Give a command up whose answer should have come; its machine is told to end it."""
    with transaction.atomic():
        came_to(command, State.LOST, withdrawn_at=now(), result={"problem": "no_answer"})


def lose_sent(agent: Agent) -> None:
    """Give up what was handed to a machine that has been made anew: nobody knows whether the old one did it."""
    for command in Command.objects.filter(agent=agent, state__in=[State.SENT, State.RUNNING]).select_related("agent"):
        came_to(command, State.LOST, result={"problem": "machine_made_anew"})


def next_of_each(agents: list[str]) -> list[Command]:
    """Return the first open command of each of these agents: one at a time is in their hands."""
    first = Command.objects.filter(agent__in=agents, state__in=OPEN).select_related("agent").order_by("agent", "number")
    seen: dict[str, Command] = {}
    for command in first:
        seen.setdefault(command.agent_id, command)
    return list(seen.values())


def withdrawn(command: Command) -> None:
    """Say that nobody waits for a command: one that wasn't handed over ends here, another one is ended on its machine."""
    fields = {"withdrawn_at": now(), "ended_at": now(), "result": {"problem": "withdrawn"}}
    if not Command.objects.filter(pk=command.pk, state=State.WAITING).update(state=State.FAILED, **fields):
        Command.objects.filter(pk=command.pk, state__in=OPEN, withdrawn_at=None).update(withdrawn_at=now())
    ring(command.agent)


def report_of(command: Command) -> dict[str, Any]:
    """Return a command as it is handed to its machine."""
    order = {"number": command.number, "id": command.pk, "withdrawn": command.withdrawn_at is not None}
    if order["withdrawn"]:
        return order
    expires = (command.sent_at or now()).timestamp() + command.timeout + PATIENCE_SECONDS
    return {**order, "verb": command.verb, "params": command.params, "timeout": command.timeout, "expires": expires}
