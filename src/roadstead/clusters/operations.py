"""What can be done to an instance, and when: the one table. A pair that is not listed cannot happen."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from roadstead.accounts.access import may, owns
from roadstead.accounts.permissions import Action
from roadstead.clusters.states import Status, Transition

if TYPE_CHECKING:
    from roadstead.accounts.access import Actor
    from roadstead.accounts.models import User
    from roadstead.clusters.models import Cluster


class Operation(StrEnum):
    """The operations that instances know today."""

    CREATE = "create"
    UPGRADE = "upgrade"
    UPDATE = "update"
    ROLL_BACK = "rollback"
    STOP = "stop"
    START = "start"
    DELETE = "delete"
    CEASE = "cease"


@dataclass(frozen=True)
class Rule:
    """How one operation runs: the kind of its job, what the instance says meanwhile, and what the actor must hold."""

    kind: str
    transition: Transition
    action: Action


RULES: dict[Operation, Rule] = {
    Operation.CREATE: Rule("cluster.create", Transition.CREATING, Action.CREATE_INSTANCE),
    Operation.UPGRADE: Rule("cluster.upgrade", Transition.UPGRADING, Action.UPGRADE_INSTANCE),
    Operation.UPDATE: Rule("cluster.update", Transition.UPDATING, Action.CONFIGURE_INSTANCE),
    Operation.ROLL_BACK: Rule("cluster.rollback", Transition.ROLLBACKING, Action.ROLL_BACK_INSTANCE),
    Operation.STOP: Rule("cluster.stop", Transition.STOPPING, Action.STOP_INSTANCE),
    Operation.START: Rule("cluster.start", Transition.STARTING, Action.START_INSTANCE),
    Operation.DELETE: Rule("cluster.delete", Transition.DELETING, Action.DELETE_INSTANCE),
    Operation.CEASE: Rule("cluster.cease", Transition.CEASING, Action.CEASE_INSTANCE),
}
# Their pages show the parameters, so they are for those who may read these.
_TELLING = {Operation.UPGRADE, Operation.UPDATE, Operation.ROLL_BACK}
OPERATION_OF_KIND = {rule.kind: operation for operation, rule in RULES.items()}

# Where a successful job leads from each state. `create` makes the instance, so no button offers it.
LEADS_TO: dict[tuple[Status, Operation], Status] = {
    (Status.PENDING, Operation.CREATE): Status.ACTIVE,
    (Status.PENDING, Operation.DELETE): Status.DELETED,
    (Status.ACTIVE, Operation.UPGRADE): Status.ACTIVE,
    (Status.ACTIVE, Operation.UPDATE): Status.ACTIVE,
    (Status.ACTIVE, Operation.ROLL_BACK): Status.ACTIVE,
    (Status.ACTIVE, Operation.STOP): Status.STOPPED,
    (Status.STOPPED, Operation.START): Status.ACTIVE,
    (Status.ACTIVE, Operation.DELETE): Status.DELETED,
    (Status.STOPPED, Operation.DELETE): Status.DELETED,
    (Status.DELETED, Operation.CEASE): Status.CEASED,
}

# What instances on machines know. Deleting one leaves nothing, so there is nothing to cease.
ON_MACHINES = frozenset({Operation.CREATE, Operation.STOP, Operation.START, Operation.DELETE})


def operations_in(status: str, delivery: str = "helm") -> list[Operation]:
    """Return the operations that a state allows an instance of this delivery type, in the order of the table."""
    known = ON_MACHINES if delivery == "vm" else frozenset(Operation)
    return [operation for held, operation in LEADS_TO if held == status and operation in known - {Operation.CREATE}]


def operations_open_to(actor: "User", cluster: "Cluster") -> list[Operation]:
    """Return the buttons this person sees now, and all that `services` will accept from them."""
    if cluster.transition:
        return []
    told = reads_values(actor, cluster)
    held = [operation for operation in operations_in(cluster.status, cluster.delivery) if may(actor, RULES[operation].action, cluster)]
    return [operation for operation in held if told or operation not in _TELLING]


def reads_values(actor: "Actor", cluster: "Cluster") -> bool:
    """Whether somebody who reaches an instance may read what was typed for it, and its notes and logs, which may hold the same: passwords.

    Whose instance it is may, and who holds the action for it. What was typed for a test is no customer's.
    """
    return cluster.debug or owns(actor, cluster) or may(actor, Action.VIEW_VALUES, cluster)


def create_action(*, debug: bool) -> Action:
    """Return what deploying needs: test deployments have a permission of their own."""
    return Action.TEST_INSTANCE if debug else Action.CREATE_INSTANCE
