"""What an operation would do: refused as the operation itself would be, and nothing is written."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from roadstead.clusters import changes, creation
from roadstead.clusters.beginning import refuse_closed
from roadstead.clusters.operations import Operation
from roadstead.clusters.planning import plan_of as planned
from roadstead.clusters.planning import wished_plan
from roadstead.clusters.selectors import cluster_for

if TYPE_CHECKING:
    from roadstead.accounts.models import User
    from roadstead.jobs import Plan


@dataclass(frozen=True)
class Ask:
    """An operation that somebody thinks of."""

    operation: Operation
    version_id: str = ""
    values: str = ""
    revision: int = 0


def plan_of(*, actor: "User", cluster_id: str, ask: Ask) -> "Plan":
    """Return the plan of an operation on an instance, or raise what would refuse it."""
    cluster = cluster_for(actor, cluster_id)
    refuse_closed(actor, cluster, ask.operation)
    match ask.operation:
        case Operation.UPDATE:
            changes.wish_to_update(cluster, ask.values)
        case Operation.UPGRADE:
            changes.wish_to_upgrade(actor, cluster, ask.version_id, ask.values)
        case Operation.ROLL_BACK:
            changes.wish_to_roll_back(cluster, ask.revision)
    return planned(cluster, ask.operation)


def plan_of_creation(*, actor: "User", version_id: str, environment_id: str, name: str, values: str, debug: bool) -> "Plan":
    """Return the plan of a creation, or raise what would refuse it."""
    cluster = creation.wished(actor, version_id, name, values, debug=debug)
    environment = creation.chosen_environment(actor, environment_id)
    creation.refuse_in(environment, cluster)
    cluster.environment = environment
    return wished_plan(cluster)
