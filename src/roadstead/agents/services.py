"""The verbs of agents: who may act for a machine, what it is ordered, and what its frontgate is to hold."""

import json
import secrets
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Concat

from roadstead.agents import metadata, socket
from roadstead.agents.commands import open_command, ring, withdrawn
from roadstead.agents.errors import AgentMissing, TokenTaken
from roadstead.agents.freezing import frozen_agent, frozen_place
from roadstead.agents.models import Agent, Command
from roadstead.agents.program import frontgate_folder, frontgate_tag, program
from roadstead.agents.selectors import agent_by_id
from roadstead.agents.states import Role
from roadstead.audit.record import record
from roadstead.core.clock import now

__all__ = [
    "admit",
    "answers",
    "boot_config",
    "builds_frontgate",
    "frontgate_folder",
    "frontgate_image",
    "frozen_agent",
    "frozen_place",
    "order",
    "program",
    "publish",
    "relay_folder",
    "revoke",
    "unpublish",
    "withdraw",
]
FRONTGATE_PORT = 9111
SOCKET = "/run/roadstead/platform.sock"
_TOKEN_BYTES = 32
_METADATA_SECONDS = 60.0


def frontgate_image() -> str:
    """Return the image that frontgates are made of: the one that is configured, or the name under which ours is built."""
    return settings.OPTIONS.frontgate_image or frontgate_tag()


def builds_frontgate() -> bool:
    """Whether that image is built at the place, from `frontgate_folder`."""
    return not settings.OPTIONS.frontgate_image


def relay_folder() -> str:
    """Return the folder of this machine that is mounted into frontgates of its own engine."""
    return str(socket.relay_folder())


@transaction.atomic
def admit(*, role: str, environment_id: str, subject_id: str, name: str, frontgate_id: str = "", network: str = "") -> Agent:
    """Make an agent for a machine, or find the one that it has: the same machine and name are the same agent until it is revoked."""
    found = Agent.objects.select_for_update().filter(subject_id=subject_id, name=name, revoked_at=None).first()
    if found is None:
        whose = {"environment_id": environment_id, "subject_id": subject_id, "name": name, "network": network}
        found = Agent.objects.create(role=Role(role), frontgate_id=frontgate_id or None, **whose)
        record(None, "agent.admitted", found, role=found.role, of=subject_id)
    elif found.frontgate_id != (frontgate_id or None):
        found.frontgate_id = frontgate_id or None
        found.save(update_fields=["frontgate"])
    return found


def answers(*, agent_id: str, token: str) -> bool:
    """Whether an agent was heard lately; where it wasn't, its next word wakes the step of this token."""
    agent = agent_by_id(agent_id)
    if not agent.connected and token not in agent.awaited_by.split():
        Agent.objects.filter(pk=agent_id).update(awaited_by=Concat("awaited_by", Value(f"{token} ")))
        agent = agent_by_id(agent_id)
    return agent.connected


@transaction.atomic
def boot_config(*, agent_id: str, frontgate_address: str = "") -> bytes:
    """Return the first configuration of an agent's machine, with a one-time token: the same until it was used, then a new one.

    A machine that is made anew enrols with the new token, and the secret of the one before is worth nothing from then on.
    """
    agent = _held(agent_id)
    if not agent.token:
        agent.token = secrets.token_bytes(_TOKEN_BYTES)
        agent.theirs = agent.ours = ""
        agent.save(update_fields=["sealed_token", "theirs", "ours"])
    config: dict[str, Any] = {"agent": agent.pk, "role": agent.role, "token": agent.token.hex()}
    if agent.role == Role.FRONTGATE:
        url = settings.OPTIONS.agent_url
        config["platform"] = {"socket": SOCKET, **({"url": url} if url else {})}
        if settings.OPTIONS.agent_ca:
            config["ca"] = settings.OPTIONS.agent_ca.read_text()
    else:
        config["frontgate"] = frontgate_address if ":" in frontgate_address else f"{frontgate_address}:{FRONTGATE_PORT}"
    return json.dumps(config).encode()


@transaction.atomic
def revoke(*, agent_id: str) -> None:
    """Take an agent's identity away, for good, and with it what it was to do; gone already is done."""
    agent = Agent.objects.select_for_update().filter(pk=agent_id, revoked_at=None).first()
    if agent is None:
        return
    agent.token = agent.secret = b""
    agent.sealed_settings, agent.revoked_at = "", now()
    agent.save()
    for command in Command.objects.filter(agent=agent).select_related("agent"):
        withdrawn(command)
    ring(agent)
    record(None, "agent.revoked", agent)


@transaction.atomic
def order(*, agent_id: str, token: str, verb: str, params: dict[str, Any], timeout: float) -> Command:
    """Order something of an agent; ordered again under the same token it is the same command."""
    agent = _held(agent_id)
    found = Command.objects.filter(token=token).first()
    if found and found.agent_id != agent.pk:
        raise TokenTaken
    return found or open_command(agent, token=token, verb=verb, params=params, timeout=timeout)


@transaction.atomic
def withdraw(token: str) -> None:
    """Say that nobody waits for a command any more; if it runs, it is ended."""
    command = Command.objects.select_for_update(of=("self",)).filter(token=token).select_related("agent").first()
    if command:
        withdrawn(command)


@transaction.atomic
def publish(*, frontgate_id: str, cluster_id: str, tree: dict[str, str], nodes: dict[str, Any], token: str) -> Command:
    """Keep a cluster's metadata, and order its frontgate to hold it; its nodes hear where to find it when it does."""
    agent = _held(frontgate_id)
    found = Command.objects.filter(token=token).first()
    if found:
        return found
    metadata.keep(agent, cluster_id, tree, nodes)
    params = {"cluster": cluster_id, "tree": tree, "nodes": nodes}
    return open_command(agent, token=token, verb=metadata.PUT, params=params, timeout=_METADATA_SECONDS)


@transaction.atomic
def unpublish(*, frontgate_id: str, cluster_id: str, token: str) -> Command:
    """Forget a cluster's metadata, here and on its frontgate."""
    agent = _held(frontgate_id)
    found = Command.objects.filter(token=token).first()
    if found:
        return found
    metadata.forget(cluster_id)
    return open_command(agent, token=token, verb=metadata.DELETE, params={"cluster": cluster_id}, timeout=_METADATA_SECONDS)


def _held(agent_id: str) -> Agent:
    """Return an agent that isn't revoked, with its row held; raises `AgentMissing`."""
    agent = Agent.objects.select_for_update(of=("self",)).filter(pk=agent_id, revoked_at=None).first()
    if agent is None:
        raise AgentMissing
    return agent
