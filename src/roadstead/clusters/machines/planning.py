"""The plan of an instance that is there, and the plan of one that somebody thinks of."""

from typing import TYPE_CHECKING

from roadstead.blobs import services as blobs
from roadstead.clusters.machines import outline, plans
from roadstead.clusters.machines.answers import document_of, sample_of
from roadstead.clusters.machines.shape import nodes_for
from roadstead.clusters.operations import Operation
from roadstead.clusters.states import NodeStatus, Status
from roadstead.runtimes import services as runtimes

if TYPE_CHECKING:
    from roadstead.clusters.models import Cluster
    from roadstead.jobs import Plan
    from roadstead.packaging.services import Document


def plan_of(cluster: "Cluster", operation: "Operation") -> "Plan":
    """Return the plan of an operation on an instance, from its rows alone."""
    provider, place = runtimes.place_of(cluster.environment_id, ending=operation in (Operation.STOP, Operation.DELETE))
    nodes = [node for node in cluster.nodes.all() if node.status != NodeStatus.DELETED]
    told = plans.Shape(nodes, outline.from_store(cluster.outline), provider.capabilities_at(place))
    return plans.plan_for(operation, told, running=cluster.status == Status.ACTIVE)


def plan_of_wish(cluster: "Cluster") -> "Plan":
    """Return the plan of a creation that isn't written; raises `AnswersRefused`. Reads the package: never within `atomic`."""
    return _first(cluster, document_of(blobs.read(cluster.digest), cluster.values))


def plan_of_sample(cluster: "Cluster") -> "Plan":
    """Return the plan of a creation with the package's own answers, before anybody has given theirs."""
    return _first(cluster, sample_of(blobs.read(cluster.digest)))


def _first(cluster: "Cluster", document: "Document") -> "Plan":
    provider, place = runtimes.place_of(cluster.environment_id)
    told = plans.Shape(nodes_for(cluster, document), outline.outlines_of(document), provider.capabilities_at(place))
    return plans.plan_for(Operation.CREATE, told, running=False)
