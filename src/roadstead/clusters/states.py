"""How the states and transitions of an instance are said, and what they are called in code."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from roadstead.core.states import State


class Status(TextChoices):
    """Where an instance rests."""

    PENDING = "pending"
    ACTIVE = "active"
    STOPPED = "stopped"
    SUSPENDED = "suspended"
    DELETED = "deleted"
    CEASED = "ceased"


# What a list shows unless it is asked for more: what still lives.
PRESENT = (Status.PENDING, Status.ACTIVE, Status.STOPPED, Status.SUSPENDED)


class Transition(TextChoices):
    """What is being done to an instance; empty while it rests."""

    NONE = ""
    CREATING = "creating"
    UPGRADING = "upgrading"
    ROLLBACKING = "rollbacking"
    RESIZING = "resizing"
    SCALING = "scaling"
    UPDATING = "updating"
    STOPPING = "stopping"
    STARTING = "starting"
    DELETING = "deleting"
    RECOVERING = "recovering"
    CEASING = "ceasing"


class NodeStatus(TextChoices):
    """Where a machine of an instance rests."""

    PENDING = "pending"
    ACTIVE = "active"
    STOPPED = "stopped"
    DELETED = "deleted"


class FrontgateStatus(TextChoices):
    """Where a frontgate rests; it is stopping only while its machine is being stopped."""

    PENDING = "pending"
    ACTIVE = "active"
    STOPPING = "stopping"
    STOPPED = "stopped"
    DELETED = "deleted"


NODE_STATES: dict[str, State] = {
    "pending": State("pending", pgettext_lazy("node", "Pending"), "hourglass", "wait"),
    "active": State("active", pgettext_lazy("node", "Running"), "player-play", "ok"),
    "stopped": State("stopped", pgettext_lazy("node", "Stopped"), "player-stop", "off"),
    "deleted": State("deleted", pgettext_lazy("node", "Deleted"), "trash", "off"),
}
FRONTGATE_STATES: dict[str, State] = {
    **NODE_STATES,
    "stopping": State("stopping", pgettext_lazy("node", "Stopping"), "loader-2", "work"),
}
MACHINE_STATES: dict[str, State] = {
    "pending": State("pending", pgettext_lazy("machine", "Starting"), "hourglass", "wait"),
    "running": State("running", pgettext_lazy("machine", "Running"), "player-play", "ok"),
    "stopped": State("stopped", pgettext_lazy("machine", "Stopped"), "player-stop", "off"),
    "failed": State("failed", pgettext_lazy("machine", "Failed"), "alert-triangle", "bad"),
    "gone": State("gone", pgettext_lazy("machine", "Gone"), "ghost", "bad"),
}
AGENT_STATES: dict[str, State] = {
    "connected": State("connected", pgettext_lazy("agent", "Connected"), "plug-connected", "ok"),
    "healthy": State("healthy", pgettext_lazy("agent", "Healthy"), "heartbeat", "ok"),
    "silent": State("silent", pgettext_lazy("agent", "Not heard"), "plug-connected-x", "halt"),
    "unhealthy": State("unhealthy", pgettext_lazy("agent", "Unhealthy"), "heart-broken", "bad"),
}
STATUS_STATES: dict[str, State] = {
    "pending": State("pending", pgettext_lazy("instance", "Pending"), "hourglass", "wait"),
    "active": State("active", pgettext_lazy("instance", "Running"), "player-play", "ok"),
    "stopped": State("stopped", pgettext_lazy("instance", "Stopped"), "player-stop", "off"),
    "suspended": State("suspended", pgettext_lazy("instance", "Frozen"), "snowflake", "halt"),
    "deleted": State("deleted", pgettext_lazy("instance", "Deleted"), "trash", "off"),
    "ceased": State("ceased", pgettext_lazy("instance", "Ceased"), "circle-off", "off"),
}
TRANSITION_STATES: dict[str, State] = {
    "creating": State("creating", pgettext_lazy("instance", "Creating"), "loader-2", "work"),
    "upgrading": State("upgrading", pgettext_lazy("instance", "Upgrading"), "loader-2", "work"),
    "rollbacking": State("rollbacking", pgettext_lazy("instance", "Rolling back"), "loader-2", "work"),
    "resizing": State("resizing", pgettext_lazy("instance", "Scaling"), "loader-2", "work"),
    "scaling": State("scaling", pgettext_lazy("instance", "Scaling"), "loader-2", "work"),
    "updating": State("updating", pgettext_lazy("instance", "Updating"), "loader-2", "work"),
    "stopping": State("stopping", pgettext_lazy("instance", "Stopping"), "loader-2", "work"),
    "starting": State("starting", pgettext_lazy("instance", "Starting"), "loader-2", "work"),
    "deleting": State("deleting", pgettext_lazy("instance", "Deleting"), "loader-2", "work"),
    "recovering": State("recovering", pgettext_lazy("instance", "Recovering"), "loader-2", "work"),
    "ceasing": State("ceasing", pgettext_lazy("instance", "Ceasing"), "loader-2", "work"),
}
CREATE_FAILED = State("create-failed", pgettext_lazy("instance", "Create failed"), "alert-triangle", "bad")
UNKNOWN = State("unknown", pgettext_lazy("instance", "Unknown"), "help", "halt")


def state_of(status: str, transition: str, *, failed: bool, unknown: bool) -> State:
    """Return how an instance is said: a transition replaces the state; a failed creation and a lost contact have words of their own."""
    if transition:
        return TRANSITION_STATES[transition]
    if status == Status.PENDING and failed:
        return CREATE_FAILED
    return UNKNOWN if status == Status.ACTIVE and unknown else STATUS_STATES[status]
