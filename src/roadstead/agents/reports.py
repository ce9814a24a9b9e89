"""What agents say: how they come up, how they are, and how a command goes and ends. Anything that makes no sense is passed over."""

from typing import Any

from django.db import transaction

from roadstead.agents import metadata
from roadstead.agents.commands import came_to, said_more
from roadstead.agents.models import Agent, Command
from roadstead.agents.states import Health, State
from roadstead_agent.output import tail

_BOOT_STEPS, _WORDS, _PAIRS = 50, 1_000, 50


def take(agent: Agent, said: dict[str, Any]) -> None:
    """Write down all that a report says."""
    report = _plain(said)
    facts = _facts(report)
    parts: dict[str, Any] = {"boot": _boot(report), "health": _health(report), "facts": facts, "version": _version(report)}
    about = {name: value for name, value in parts.items() if value is not None}
    with transaction.atomic():
        held = Agent.objects.select_for_update(of=("self",)).get(pk=agent.pk)
        if metadata.lost(held, facts or {}):
            metadata.write_again(held)
        if facts is not None:
            about["facts"] = metadata.remembered(held) | facts
        if about:
            Agent.objects.filter(pk=agent.pk).update(**about)
    command = report.get("command")
    if isinstance(command, dict) and isinstance(command.get("number"), int):
        _of_command(agent, command)


def _plain(said: Any) -> Any:
    """Return what was said without the signs that no database takes."""
    if isinstance(said, dict):
        return {_plain(name): _plain(value) for name, value in said.items()}
    if isinstance(said, list):
        return [_plain(value) for value in said]
    return said.replace("\0", "").encode(errors="replace").decode() if isinstance(said, str) else said


def _of_command(agent: Agent, said: dict[str, Any]) -> None:
    with transaction.atomic():
        # Of this agent: a number of somebody else's command is no command of its own.
        command = Command.objects.filter(agent=agent, number=said["number"]).select_related("agent").first()
        if command is None:
            return
        if "state" in said:
            _end(command, said)
        else:
            came_to(command, State.RUNNING)
            said_more(command, str(said.get("output", "")))


def _end(command: Command, said: dict[str, Any]) -> None:
    code = said.get("exit_code")
    result = said["result"] if isinstance(said.get("result"), dict) else {}
    state = {"done": State.DONE, "lost": State.LOST, "timed_out": State.TIMED_OUT}.get(str(said["state"]), State.FAILED)
    code = code if isinstance(code, int) and abs(code) < 2**31 else None
    output = tail(str(said.get("output", "")))
    if came_to(command, state, exit_code=code, output=output, result=metadata.holds_no_secret(result)):
        if state is State.DONE:
            metadata.tell_nodes(command, result)
        elif state is State.LOST:
            metadata.told_in_vain(command)


def _boot(report: dict[str, Any]) -> list[dict[str, Any]] | None:
    steps = report.get("boot")
    if not isinstance(steps, list):
        return None
    told = [step for step in steps[-_BOOT_STEPS:] if isinstance(step, dict)]
    return [{name: str(step.get(name, ""))[:_WORDS] for name in ("step", "at", "problem", "output")} for step in told]


def _health(report: dict[str, Any]) -> str | None:
    health = report.get("health")
    return health if health in Health.values else None


def _facts(report: dict[str, Any]) -> dict[str, Any] | None:
    facts = report.get("facts")
    if not isinstance(facts, dict):
        return None
    plain = (bool, int, float)
    return {str(name)[:60]: value if isinstance(value, plain) else str(value)[:_WORDS] for name, value in [*facts.items()][:_PAIRS]}


def _version(report: dict[str, Any]) -> str | None:
    version = report.get("version")
    return version[:40] if isinstance(version, str) else None
