"""Metadata of clusters: kept here, held by a frontgate for its nodes, and written there again when the frontgate was lost."""

import json
from typing import Any

from roadstead.agents.commands import open_command
from roadstead.agents.models import Agent, Command, Tree
from roadstead.agents.states import OPEN, State
from roadstead.core.clock import now
from roadstead.core.ids import new_id
from roadstead.core.secrets import seal, unseal

PUT, DELETE, SETTINGS = "tree.put", "tree.delete", "metadata"
USERS, STORE = "users", "store"
AGAIN = "again"
_SECONDS = 60.0


def keep(frontgate: Agent, cluster_id: str, tree: dict[str, str], nodes: dict[str, Any]) -> None:
    """Keep what a frontgate is to hold of a cluster."""
    row = Tree(cluster_id=cluster_id, frontgate=frontgate, written_at=now())
    row.content = {"tree": tree, "nodes": nodes}
    row.save()


def forget(cluster_id: str) -> None:
    """Forget a cluster."""
    Tree.objects.filter(pk=cluster_id).delete()


def lost(frontgate: Agent, facts: dict[str, Any]) -> bool:
    """Whether a frontgate's store is another one than it was: it began from nothing, and holds nothing of what was written."""
    before = frontgate.facts.get(STORE)
    return bool(before) and STORE in facts and facts[STORE] != before


def remembered(frontgate: Agent) -> dict[str, Any]:
    """Return what is known of a frontgate's store until it says otherwise: an agent that was started again knows it a moment later."""
    return {name: value for name, value in frontgate.facts.items() if name == STORE}


def write_again(frontgate: Agent) -> None:
    """Have a frontgate that was made anew hold all that the old one held. The caller holds its row."""
    for tree in Tree.objects.filter(frontgate=frontgate):
        _write(frontgate, tree)


def _write(frontgate: Agent, tree: Tree) -> None:
    params = {"cluster": tree.pk, **tree.content}
    open_command(frontgate, token=new_id(AGAIN), verb=PUT, params=params, timeout=_SECONDS)


def tell_nodes(command: Command, result: dict[str, Any]) -> None:
    """Tell the nodes of a cluster where its metadata is now: the store's address, and their own user and view."""
    users = result.get(USERS)
    if command.verb != PUT or not isinstance(users, dict):
        return
    views = command.params["nodes"]
    nodes = Agent.objects.select_for_update(of=("self",)).filter(frontgate=command.agent_id, pk__in=[*views], revoked_at=None)
    for node in nodes:
        if node.pk in users:
            place = {**result.get("etcd", {}), "user": node.pk, "password": users[node.pk]}
            _order_settings(node, {"etcd": place, "view": views[node.pk]})


def tell_again(node: Agent) -> None:
    """Tell a node that was made anew what its machine before was told. The caller holds its row."""
    if node.sealed_settings:
        _order_settings(node, json.loads(unseal(node.sealed_settings, context=node.pk)))


def told_in_vain(command: Command) -> None:
    """Repeat what was cut off, where no step waits for it: a node's settings, and what a frontgate that lost it is given again."""
    agent = Agent.objects.select_for_update(of=("self",)).filter(pk=command.agent_id, revoked_at=None).first()
    if agent is None:
        return
    if command.verb == SETTINGS and not Command.objects.filter(agent=agent, verb=SETTINGS, state__in=OPEN).exists():
        tell_again(agent)
    if command.verb == PUT and command.token.startswith(AGAIN):
        for tree in Tree.objects.filter(frontgate=agent, pk=command.params["cluster"]):
            _write(agent, tree)


def _order_settings(node: Agent, settings: dict[str, Any]) -> None:
    """Have a node use these settings, which replace those that it hasn't heard of yet."""
    node.sealed_settings = seal(json.dumps(settings).encode(), context=node.pk)
    node.save(update_fields=["sealed_settings"])
    waiting = Command.objects.filter(agent=node, verb=SETTINGS, state=State.WAITING)
    waiting.update(state=State.FAILED, ended_at=now(), result={"problem": "replaced"})
    open_command(node, token=new_id("settings"), verb=SETTINGS, params=settings, timeout=_SECONDS)


def holds_no_secret(result: dict[str, Any]) -> dict[str, Any]:
    """Return an answer without the passwords of nodes: those are kept sealed."""
    return {name: value for name, value in result.items() if name != USERS}
