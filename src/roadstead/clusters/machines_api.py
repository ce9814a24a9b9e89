"""The machines of an instance for programs: how they and their agents are, the frontgate that serves them, and what they wrote."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema
from pydantic import Field

from roadstead.accounts.bearer import Bearer, Scope
from roadstead.clusters import history, live, selectors
from roadstead.clusters.machines.gate_seen import frontgate_of
from roadstead.clusters.machines.seen import machine_named, machines_of
from roadstead.clusters.machines_schemas import Frontgate, InstanceMachine, InstanceMachines
from roadstead.clusters.operations import reads_values
from roadstead.core.api import Id
from roadstead.core.errors import NotPermitted
from roadstead.core.pages import actor_of

READ = Bearer(Scope.INSTANCES_READ)
MachineId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,64}$", description="The id of a machine of the instance, or of its frontgate")]
machines = Router(tags=["instances"])


class Console(Schema):
    """The last lines that a machine wrote."""

    text: str


class ConsoleAsked(Schema):
    """How much of a console."""

    lines: Annotated[int, Field(ge=1, le=2000)] = 500


@machines.get("/{cluster_id}/machines", response=InstanceMachines, auth=READ, operation_id="list_machines")
def list_machines(request: HttpRequest, cluster_id: Id) -> InstanceMachines:
    """Ask the environment how the machines of an instance are, and answer that with what their agents say. Releases have none."""
    actor = actor_of(request)
    cluster = selectors.cluster_for(actor, cluster_id)
    if cluster.delivery != "vm":
        return InstanceMachines(machines=[], frontgate=None, seen_at=None, unknown_since=None)
    if cluster.is_live:
        live.refresh(cluster)
    gate = frontgate_of(actor, cluster)
    return InstanceMachines(
        machines=[InstanceMachine.of(machine) for machine in machines_of(cluster)],
        frontgate=Frontgate.of(gate) if gate else None,
        seen_at=cluster.viewed_at,
        unknown_since=cluster.unknown_since,
    )


@machines.get("/{cluster_id}/machines/{machine_id}/console", response={200: Console, 409: None}, auth=READ, operation_id="get_console")
def get_console(request: HttpRequest, cluster_id: Id, machine_id: MachineId, asked: Query[ConsoleAsked]) -> Console:
    """Ask the environment for the last lines that a machine, or the frontgate, wrote: its agent and what it started."""
    actor = actor_of(request)
    cluster = selectors.cluster_for(actor, cluster_id)
    if not reads_values(actor, cluster):
        raise NotPermitted
    token, _name = machine_named(cluster, machine_id)
    return Console(text=history.console(cluster, token, lines=asked.lines))
