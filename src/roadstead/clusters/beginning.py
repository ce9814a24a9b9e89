"""How every operation on an instance begins: held, looked at, and marked as under way."""

from typing import TYPE_CHECKING

from roadstead.audit.record import record
from roadstead.clusters.errors import ClusterInTransition, ClusterNotInStatus
from roadstead.clusters.models import Cluster
from roadstead.clusters.operations import RULES, Operation, operations_in, operations_open_to
from roadstead.clusters.planning import submit
from roadstead.clusters.selectors import clusters_visible_to
from roadstead.clusters.states import Transition
from roadstead.core.errors import NotPermitted
from roadstead.core.finding import found

if TYPE_CHECKING:
    from roadstead.accounts.models import User


def begin(actor: "User", cluster_id: str, operation: Operation) -> Cluster:
    """Start an operation that needs nothing but the instance, in the caller's transaction."""
    cluster = locked(actor, cluster_id)
    refuse_closed(actor, cluster, operation)
    enter(cluster, RULES[operation].transition)
    job = submit(actor=actor, cluster=cluster, operation=operation)
    record(actor, f"cluster.{operation}", cluster, name=cluster.name, job=job.pk)
    return cluster


def locked(actor: "User", cluster_id: str) -> Cluster:
    """Return an instance with its row held. Lock before looking: two quick requests must not make two jobs on one instance."""
    return found(clusters_visible_to(actor).select_for_update(of=("self",)).select_related("environment"), cluster_id)


def refuse_closed(actor: "User", cluster: Cluster, operation: Operation) -> None:
    """Raise what keeps this person from this operation now."""
    if operation in operations_open_to(actor, cluster):
        return
    if cluster.transition:
        raise ClusterInTransition(state=cluster.state.word)
    if operation in operations_in(cluster.status, cluster.delivery):
        raise NotPermitted
    raise ClusterNotInStatus(state=cluster.state.word)


def enter(cluster: Cluster, transition: Transition) -> None:
    """Mark an instance as being worked on."""
    # Compare and set: the second guard, should the lock ever be lost.
    if not Cluster.objects.filter(pk=cluster.pk, transition=Transition.NONE).update(transition=transition, last_error={}):
        raise ClusterInTransition(state=cluster.state.word)
    cluster.transition, cluster.last_error = transition, {}
