"""What is behind each door for agents, on a thread with a database. A request either comes itself or was passed on by a frontgate."""

from dataclasses import dataclass
from typing import Any

from roadstead.agents import identity, reports
from roadstead.agents.commands import came_to, next_of_each, report_of
from roadstead.agents.identity import Old, Unknown
from roadstead.agents.models import Agent
from roadstead.agents.states import Role, State
from roadstead.core.clock import now
from roadstead_agent import wire
from roadstead_agent.signing import Forged

NOTHING = wire.Answer(404)
MAX_RELAYED = 200


@dataclass(frozen=True)
class Poll:
    """A frontgate that waits for something to do; `have` is what it holds of each agent's."""

    agent: Agent
    request: wire.Request
    have: dict[str, str]
    wait: float


def answered(request: wire.Request, *, frontgate: Agent | None = None) -> wire.Answer | Poll:
    """Answer a request, or return the poll that it is."""
    try:
        if request.path == wire.ENROL:
            return _enrol(request, frontgate)
        agent = identity.sender_of(request, frontgate=frontgate)
        content = wire.opened(agent.secret, request.body, purpose=request.path)
    except Old as old:
        return _signed(old.agent, request, {"problem": "old"}, status=409)
    except (Unknown, Forged):
        return NOTHING
    if request.path == wire.REPORT:
        reports.take(agent, content)
        return _signed(agent, request, {})
    return NOTHING if frontgate or agent.role != Role.FRONTGATE else _of_frontgate(agent, request, content)


def _of_frontgate(agent: Agent, request: wire.Request, content: dict[str, Any]) -> wire.Answer | Poll:
    if request.path == wire.POLL:
        return _poll(agent, request, content)
    return _signed(agent, request, {"answers": [_relayed(agent, packed) for packed in _listed(content)]})


def look(poll: Poll, *, last: bool) -> wire.Answer | None:
    """Return what a frontgate doesn't have yet; None if that is nothing, unless it was its last chance to hear so."""
    agent = Agent.objects.filter(pk=poll.agent.pk, revoked_at=None, sealed_secret=poll.agent.sealed_secret).first()
    if agent is None:
        return NOTHING
    parcels = [_parcel(command) for command in _to_hand_over(agent, poll.have)]
    return _signed(agent, poll.request, {"parcels": parcels}) if parcels or last else None


def _to_hand_over(frontgate: Agent, have: dict[str, str]) -> list[Any]:
    nodes = frontgate.nodes.filter(revoked_at=None).exclude(sealed_secret="").values_list("pk", flat=True)
    return [command for command in next_of_each([frontgate.pk, *nodes]) if have.get(command.agent_id) != _mark(command)]


def _mark(command: Any) -> str:
    return f"{command.number}.{int(command.withdrawn_at is not None)}"


def _parcel(command: Any) -> dict[str, Any]:
    """Seal an order for its receiver, and note that it is on its way."""
    if command.state == State.WAITING:
        came_to(command, State.SENT, sent_at=now())
    sealed = wire.sealed(command.agent.secret, report_of(command), purpose=wire.PARCEL)
    return {"agent": command.agent_id, "mark": _mark(command), "sealed": wire.text(sealed)}


def _enrol(request: wire.Request, frontgate: Agent | None) -> wire.Answer:
    token, body = identity.enrol(request, frontgate=frontgate)
    return wire.Answer.signed(token, request, 200, body, time=int(now().timestamp()))


def _poll(agent: Agent, request: wire.Request, content: dict[str, Any]) -> Poll:
    have, wait = content.get("have"), content.get("wait")
    marks = {str(name): str(mark) for name, mark in have.items()} if isinstance(have, dict) else {}
    seconds = min(max(float(wait), 0.0), wire.HOLD_SECONDS) if isinstance(wait, int | float) else wire.HOLD_SECONDS
    return Poll(agent, request, marks, seconds)


def _listed(content: dict[str, Any]) -> list[Any]:
    requests = content.get("requests")
    return requests[:MAX_RELAYED] if isinstance(requests, list) else []


def _relayed(frontgate: Agent, packed: Any) -> dict[str, Any]:
    """Answer a node's request that its frontgate passed on; nothing there for one that isn't its node."""
    try:
        request = wire.Request.unpacked(packed)
    except (ValueError, KeyError, TypeError, AttributeError):
        return NOTHING.packed()
    answer = answered(request, frontgate=frontgate)
    return answer.packed() if isinstance(answer, wire.Answer) else NOTHING.packed()


def _signed(agent: Agent, request: wire.Request, content: dict[str, Any], *, status: int = 200) -> wire.Answer:
    body = wire.sealed(agent.secret, content, purpose=f"answer {request.path}")
    return wire.Answer.signed(agent.secret, request, status, body, time=int(now().timestamp()))
