"""What was last seen of an instance, arranged for reading: workloads with their pods, other objects by kind, ways in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from roadstead.clusters.states import Transition
from roadstead.core.problems import Problem
from roadstead.core.states import State, Tone

if TYPE_CHECKING:
    from roadstead.clusters.models import Cluster
    from roadstead.core.problems import Words

WORKLOAD_KINDS = ("Deployment", "StatefulSet", "DaemonSet")
# What people look for first.
OTHER_KINDS = ("Service", "Ingress", "PersistentVolumeClaim", "ConfigMap", "Secret")
_PHASES: "dict[str, tuple[Words, str, Tone]]" = {
    "Running": (pgettext_lazy("pod", "Running"), "player-play", "ok"),
    "Succeeded": (pgettext_lazy("pod", "Completed"), "check", "ok"),
    "Pending": (pgettext_lazy("pod", "Pending"), "hourglass", "wait"),
    "Terminating": (pgettext_lazy("pod", "Terminating"), "loader-2", "work"),
    "Failed": (pgettext_lazy("pod", "Failed"), "alert-triangle", "bad"),
    "Unknown": (pgettext_lazy("pod", "Unknown"), "help", "halt"),
}
# The facts that providers tell of objects; one that isn't listed is shown under its own name.
_FACTS: "dict[str, Words]" = {
    "keys": _("Keys"),
    "type": _("Type"),
    "cluster_ip": _("Cluster IP"),
    "external": _("External address"),
    "ports": _("Ports"),
    "status": _("State"),
    "volume": _("Volume"),
    "capacity": _("Capacity"),
    "access": _("Access mode"),
    "hosts": _("Hosts"),
    "address": _("Address"),
    "done": _("Completed"),
    "schedule": _("Schedule"),
    "last": _("Last run"),
    "target": _("Target"),
    "pods": _("Pods"),
}
MISSING = "missing"
_COMING_OR_GOING = {Transition.CREATING, Transition.DELETING, Transition.CEASING}


@dataclass(frozen=True)
class SeenPod:
    """One pod; `why` is the reason that the cluster gives when it isn't ready."""

    name: str
    state: State
    node: str
    address: str
    restarts: int
    created: datetime | None
    why: str


@dataclass(frozen=True)
class SeenWorkload:
    """A workload with its pods; `state` says how many of the wanted ones are ready."""

    kind: str
    name: str
    state: State
    images: list[str]
    pods: list[SeenPod]


@dataclass(frozen=True)
class Group:
    """Things of one kind."""

    kind: str
    rows: list[Any]
    columns: "list[Words]"


@dataclass(frozen=True)
class Seen:
    """Everything that was seen, empty where nothing was."""

    status: str
    workloads: list[Group]
    pods: list[SeenPod]
    others: list[Group]
    left: list[Group]
    endpoints: list[dict[str, str]]
    notes: str
    problems: list[Problem]

    @property
    def missing(self) -> bool:
        """Whether the environment answered that there is no such release."""
        return self.status == MISSING

    @property
    def workload_count(self) -> int:
        """How many workloads there are."""
        return sum(len(group.rows) for group in self.workloads)

    @property
    def other_count(self) -> int:
        """How many other objects there are."""
        return sum(len(group.rows) for group in self.others)

    @property
    def all_workloads(self) -> list[SeenWorkload]:
        """The workloads without their grouping."""
        return [workload for group in self.workloads for workload in group.rows]


def seen_of(cluster: "Cluster") -> Seen:
    """Read what was kept of an instance's last view."""
    view = cluster.view
    workloads = [_workload(row) for row in view.get("workloads", ())]
    # While it comes to be, or goes, nobody wonders that there is no release.
    status = "" if cluster.transition in _COMING_OR_GOING else view.get("status", "")
    return Seen(
        status=status,
        workloads=[
            Group(kind, rows, []) for kind in WORKLOAD_KINDS if (rows := [workload for workload in workloads if workload.kind == kind])
        ],
        pods=[_pod(row) for row in view.get("pods", ())],
        others=_by_kind(view.get("others", ())),
        left=[] if cluster.is_live else _by_kind(cluster.left),
        endpoints=endpoints_of(cluster),
        notes=view.get("notes", ""),
        problems=[Problem.from_store(row) for row in view.get("problems", ())],
    )


def endpoints_of(cluster: "Cluster") -> list[dict[str, str]]:
    """Return the ways in that were seen last."""
    return [_endpoint(row) for row in cluster.view.get("endpoints", ())]


def pod_count(cluster: "Cluster") -> int | None:
    """Return how many pods were seen last; None where nobody has looked, or nothing can run any more."""
    if not cluster.is_live or cluster.viewed_at is None:
        return None
    return sum(len(row["pods"]) for row in cluster.view.get("workloads", ())) + len(cluster.view.get("pods", ()))


def pod_state(status: str, reason: str, *, ready: bool) -> State:
    """Say a pod's state: its phase in the reader's language, a container's reason as the cluster says it."""
    word, icon, tone = _PHASES.get(status, (status, "alert-triangle", "bad"))
    if ready or status == "Succeeded" or (not reason and status != "Running"):
        return State(status, word, icon, tone)
    return (
        State(status, reason, "alert-triangle", "bad") if reason else State(status, pgettext_lazy("pod", "Not ready"), "hourglass", "wait")
    )


def _pod(row: Mapping[str, Any]) -> SeenPod:
    state = pod_state(row["status"], row["reason"], ready=row["ready"])
    created = parse_datetime(row["created"]) if row["created"] else None
    return SeenPod(row["name"], state, row["node"], row["address"], row["restarts"], created, row["message"])


def _endpoint(row: Mapping[str, str]) -> dict[str, str]:
    """Whatever a cluster says, only web addresses become links."""
    return {**row, "url": row["url"] if row["url"].startswith(("http://", "https://")) else ""}


def _workload(row: Mapping[str, Any]) -> SeenWorkload:
    ready, wanted = row["ready"], row["wanted"]
    icon, tone = _ready_sign(ready, wanted)
    state = State("ready", f"{ready} / {wanted}", icon, tone)
    return SeenWorkload(row["kind"], row["name"], state, list(row["images"]), [_pod(pod) for pod in row["pods"]])


def _ready_sign(ready: int, wanted: int) -> tuple[str, Tone]:
    if wanted == 0:
        return "player-stop", "off"
    return ("check", "ok") if ready >= wanted else ("hourglass", "wait")


def _by_kind(others: "Sequence[Mapping[str, Any]]") -> list[Group]:
    kinds = sorted({row["kind"] for row in others}, key=lambda kind: (_rank(kind), kind))
    return [_group(kind, [row for row in others if row["kind"] == kind]) for kind in kinds]


def _group(kind: str, rows: "list[Mapping[str, Any]]") -> Group:
    columns = list(dict.fromkeys(fact for row in rows for fact in row["facts"]))
    cells = [{"name": row["name"], "facts": [row["facts"].get(column, "") for column in columns]} for row in rows]
    return Group(kind, cells, [_FACTS.get(column, column) for column in columns])


def _rank(kind: str) -> int:
    return OTHER_KINDS.index(kind) if kind in OTHER_KINDS else len(OTHER_KINDS)
