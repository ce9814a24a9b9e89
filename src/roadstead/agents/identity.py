"""Who sent a request: looked up, checked against the secret that only the machine has, and taken once.

Unknown, revoked, forged, somebody else's and sent before are all answered alike, as if there were nothing.
"""

import secrets
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction

from roadstead.agents import metadata
from roadstead.agents.commands import lose_sent, ring
from roadstead.agents.models import Agent, Command, UsedNonce
from roadstead.agents.states import OPEN, Role
from roadstead.audit.record import record
from roadstead.core.clock import now
from roadstead.jobs.services import wake
from roadstead_agent import signing, wire

_KEEP = timedelta(seconds=4 * signing.WINDOW_SECONDS)


class Unknown(Exception):
    """Nobody may have sent this."""


class Old(Exception):
    """The agent is known, but its clock and ours are too far apart, or somebody kept the request for a while."""

    def __init__(self, agent: Agent) -> None:
        super().__init__(agent.pk)
        self.agent = agent


def sender_of(request: wire.Request, *, frontgate: Agent | None = None) -> Agent:
    """Return who sent a request, `frontgate` having passed it on; raises `Unknown`, `Old`."""
    agent = Agent.objects.filter(pk=request.agent, revoked_at=None).first()
    if agent is None or (frontgate and agent.frontgate_id != frontgate.pk) or not agent.sealed_secret:
        raise Unknown
    if not request.signed_with(agent.secret):
        raise Unknown
    if abs(request.time - now().timestamp()) > signing.WINDOW_SECONDS:
        raise Old(agent)
    _use(request)
    _seen(agent)
    return agent


def _use(request: wire.Request) -> None:
    """Take a nonce, once."""
    try:
        with transaction.atomic():
            UsedNonce.objects.create(pk=f"{request.agent}:{request.nonce}"[:80])
    except IntegrityError:
        raise Unknown from None


def _seen(agent: Agent) -> None:
    """Note that an agent is there; the first time, that it has its secret."""
    fresh: dict[str, Any] = {"seen_at": now()}
    if not agent.confirmed:
        fresh |= {"confirmed": True, "sealed_token": ""}
    Agent.objects.filter(pk=agent.pk).update(**fresh)
    if not agent.connected:
        _tell_who_waits(agent)


def _tell_who_waits(agent: Agent) -> None:
    # Read after the agent was seen: a step that waits leaves its token before it looks, so one of the two meets the other.
    tokens = Agent.objects.filter(pk=agent.pk).values_list("awaited_by", flat=True).get()
    if tokens:
        Agent.objects.filter(pk=agent.pk, awaited_by=tokens).update(awaited_by="")
        for token in tokens.split():
            wake(token)


@transaction.atomic
def enrol(request: wire.Request, *, frontgate: Agent | None = None) -> tuple[bytes, bytes]:
    """Exchange a one-time token for a secret that each side makes for itself; return the token and the body of the answer.

    Asked again with the same nonce, as after a lost answer, it answers the same; with another one, it is a machine that was made
    anew before the first one said a word. The token is spent once a secret that came of it has been used.
    """
    agent = Agent.objects.select_for_update(of=("self",)).filter(pk=request.agent, revoked_at=None).first()
    if agent is None or (frontgate and agent.frontgate_id != frontgate.pk) or not agent.sealed_token:
        raise Unknown
    token = agent.token
    if not request.signed_with(token):
        raise Unknown
    nonce = str(wire.opened(token, request.body, purpose="enrol").get("nonce", ""))
    if len(nonce) != 2 * signing.NONCE_BYTES:
        raise Unknown
    if agent.theirs != nonce:
        _exchange(agent, token, nonce)
    answer = {"nonce": agent.ours, "time": int(now().timestamp()), "number": _handled(agent)}
    return token, wire.sealed(token, answer, purpose="enrolled")


def _exchange(agent: Agent, token: bytes, nonce: str) -> None:
    """Give an agent its secret. Whoever had one before, on a machine that was lost, has none any more."""
    agent.theirs, agent.ours = nonce, secrets.token_hex(signing.NONCE_BYTES)
    agent.secret = signing.secret_from(token, agent.pk, agent.theirs, agent.ours)
    agent.confirmed, agent.enrolled_at, agent.enrolments = False, now(), agent.enrolments + 1
    agent.boot, agent.health, agent.facts = [], "", {}
    agent.save()
    lose_sent(agent)
    if agent.enrolments > 1:
        (metadata.write_again if agent.role == Role.FRONTGATE else metadata.tell_again)(agent)
    ring(agent)
    record(None, "agent.enrolled", agent, times=agent.enrolments)


def _handled(agent: Agent) -> int:
    """Return the number of the last command that a fresh machine has nothing to do with."""
    first = Command.objects.filter(agent=agent, state__in=OPEN).order_by("number").values_list("number", flat=True).first()
    return agent.last_number if first is None else first - 1


def forget_nonces() -> None:
    """Forget nonces of requests that are too old to be taken anyway."""
    UsedNonce.objects.filter(used_at__lt=now() - _KEEP).delete()
