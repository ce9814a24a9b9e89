"""Looking over an instance's shoulder, for programs: what its cluster noted lately, and the last lines of its pods."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema
from pydantic import Field

from roadstead.accounts.bearer import Bearer, Scope
from roadstead.clusters import history, selectors
from roadstead.clusters.operations import reads_values
from roadstead.core.api import Id
from roadstead.core.errors import NotPermitted
from roadstead.core.pages import actor_of

if TYPE_CHECKING:
    from roadstead.clusters.watching import Wish

READ = Bearer(Scope.INSTANCES_READ)
PodName = Annotated[str, Path(pattern=r"^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$", description="The name of a pod")]
watching = Router(tags=["instances"])


class InstanceEvent(Schema):
    """Something that the cluster noted about an object of an instance."""

    kind: str
    name: str
    reason: str
    message: str
    warning: bool
    count: int
    at: str


class InstanceLog(Schema):
    """The last lines of one container of a pod; `restarted` have an earlier run to ask for."""

    container: str
    containers: list[str]
    restarted: list[str]
    text: str


class LogAsked(Schema):
    """Of which container, how much, and whether of the run before the last restart."""

    container: Annotated[str, Field(max_length=63)] = ""
    lines: Annotated[int, Field(ge=1, le=2000)] = 100
    previous: bool = False


@watching.get("/{cluster_id}/events", response={200: list[InstanceEvent], 409: None}, auth=READ, operation_id="list_events")
def list_events(request: HttpRequest, cluster_id: Id) -> list[InstanceEvent]:
    """Ask the environment what it noted lately about an instance."""
    cluster = selectors.cluster_for(actor_of(request), cluster_id)
    found = history.told(cluster, lambda provider, target, release: provider.events(target, release)) if cluster.is_live else ()
    return [InstanceEvent(**asdict(event)) for event in found]


@watching.get("/{cluster_id}/pods/{pod}/log", response={200: InstanceLog, 409: None}, auth=READ, operation_id="get_pod_log")
def get_pod_log(request: HttpRequest, cluster_id: Id, pod: PodName, asked: Query[LogAsked]) -> InstanceLog:
    """Ask the environment for the last lines of a pod."""
    cluster = selectors.cluster_for(actor_of(request), cluster_id)
    if not reads_values(actor_of(request), cluster):
        raise NotPermitted
    wish: Wish = {"container": asked.container, "lines": asked.lines, "previous": asked.previous}
    log = history.told(cluster, lambda provider, target, release: provider.pod_log(target, release, pod=pod, **wish))
    return InstanceLog(container=log.container, containers=list(log.containers), restarted=list(log.restarted), text=log.text)
