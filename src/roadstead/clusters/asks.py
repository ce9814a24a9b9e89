"""The questions that a dangerous act asks first: what it does, what is lost, and the way out."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from roadstead.clusters.forms import ConfirmForm
from roadstead.clusters.machines.plans import called
from roadstead.clusters.operations import OPERATION_OF_KIND, Operation, operations_open_to
from roadstead.clusters.planning import plan_of, titles_of
from roadstead.core.problems import Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from roadstead.accounts.models import User
    from roadstead.clusters.models import Cluster
    from roadstead.jobs.models import Job


@dataclass(frozen=True)
class Ask:
    """One dialog; `form` is there where the name must be typed."""

    id: str
    address: str
    title: str
    text: str
    action: str
    way_out: str
    losses: tuple[str, ...] = ()
    form: ConfirmForm | None = None
    steps: tuple[Words, ...] = ()
    icon: str = ""
    danger: bool = True


def asks_for(actor: "User", cluster: "Cluster", job: "Job | None", verbs: "Sequence[str]", refused: ConfirmForm | None = None) -> list[Ask]:
    """Return the dangerous acts that are open to this person now; `refused` is a question that was answered wrongly."""
    open_to = operations_open_to(actor, cluster)
    asks = [_cancel(cluster, job)] if job and "cancel" in verbs else []
    asks += [_ASKS[operation](cluster) for operation in open_to if operation in _ASKS]
    return [replace(ask, form=refused) if refused and ask.id == refused.act else ask for ask in asks]


def _cancel(cluster: "Cluster", job: "Job") -> Ask:
    operation = OPERATION_OF_KIND[job.kind]
    if operation is not Operation.CREATE:
        backs = {
            Operation.STOP: _("The present step ends first. Then what was stopped is started again."),
            Operation.START: _("The present step ends first. Then what was started is stopped again."),
        }
        return Ask(
            id="cancel",
            address=reverse("instance_job_cancel", args=[cluster.pk, job.pk]),
            title=_("Cancel this operation on %(name)s") % {"name": cluster.name},
            text=backs.get(operation, _("The present step ends first. Then the release goes back to the revision that ran before.")),
            action=_("Cancel and go back"),
            way_out=_("Go on"),
        )
    return Ask(
        id="cancel",
        address=reverse("instance_job_cancel", args=[cluster.pk, job.pk]),
        title=_("Cancel the creation of %(name)s") % {"name": cluster.name},
        text=_("The present step ends first. Then everything that was created is removed, and the name is free again."),
        action=_("Cancel creation"),
        way_out=_("Go on creating"),
    )


def _delete(cluster: "Cluster") -> Ask:
    return Ask(
        id="delete",
        address=reverse("instance_delete", args=[cluster.pk]),
        title=_("Delete %(name)s") % {"name": cluster.name},
        text=_deleted(cluster) % {"environment": cluster.environment.name},
        action=_("Delete instance"),
        way_out=_("Keep it"),
        losses=_losses(cluster),
        steps=_steps(cluster, Operation.DELETE),
        icon="trash",
        form=ConfirmForm(wanted=cluster.name, act="delete"),
    )


def _deleted(cluster: "Cluster") -> str:
    if cluster.delivery == "vm":
        return _("Its machines in “%(environment)s” are deleted with their disks and all that is on them. This can't be undone.")
    return _("Everything that the app runs in “%(environment)s” is removed for good. What it keeps, such as volumes, is listed afterwards.")


def _cease(cluster: "Cluster") -> Ask:
    return Ask(
        id="cease",
        address=reverse("instance_cease", args=[cluster.pk]),
        title=_("Cease %(name)s") % {"name": cluster.name},
        text=_("The release's history goes too, and the name is free for another instance. This can't be undone."),
        action=_("Cease instance"),
        way_out=_("Keep it"),
        form=ConfirmForm(wanted=cluster.name, act="cease"),
        steps=_steps(cluster, Operation.CEASE),
        icon="circle-off",
    )


def _stop(cluster: "Cluster") -> Ask:
    return Ask(
        id="stop",
        address=reverse("instance_stop", args=[cluster.pk]),
        title=_("Stop %(name)s") % {"name": cluster.name},
        text=_("Its machines are stopped, so nobody can use it until it's started again. What is on their disks stays.")
        if cluster.delivery == "vm"
        else _("All of its pods end, so nobody can use it until it's started again. Data in its volumes stays."),
        action=_("Stop instance"),
        way_out=_("Keep it running"),
        losses=_at_rest(cluster),
        steps=_steps(cluster, Operation.STOP),
        icon="player-stop",
    )


def _start(cluster: "Cluster") -> Ask:
    return Ask(
        id="start",
        address=reverse("instance_start", args=[cluster.pk]),
        title=_("Start %(name)s") % {"name": cluster.name},
        text=_("Its machines are started with the disks and addresses that they had.")
        if cluster.delivery == "vm"
        else _("Each workload gets as many pods as it had."),
        action=_("Start instance"),
        way_out=_("Not now"),
        steps=_steps(cluster, Operation.START),
        icon="player-play",
        danger=False,
    )


def _steps(cluster: "Cluster", operation: Operation) -> tuple[Words, ...]:
    return tuple(titles_of(plan_of(cluster, operation)))


def _at_rest(cluster: "Cluster") -> tuple[str, ...]:
    """What stopping means for those of its objects that have no pods all the time."""
    kinds = {row["kind"] for row in cluster.view.get("others", ())}
    words = {
        "CronJob": _("Schedules make no new runs; a run under way goes on to its end."),
        "Job": _("Jobs under way are ended, and begin anew at the start."),
        "HorizontalPodAutoscaler": _("Autoscalers rest: they leave alone what has no pods."),
    }
    return tuple(text for kind, text in words.items() if kind in kinds)


def _losses(cluster: "Cluster") -> tuple[str, ...]:
    """What was last seen of it, counted by kind; of machines, each with its disks."""
    if cluster.delivery == "vm":
        return tuple(f"{called(node)} · {sum(disk['size'] for disk in node.disks)} GiB" for node in cluster.nodes.exclude(status="deleted"))
    rows = [*cluster.view.get("workloads", ()), *cluster.view.get("others", ())]
    kinds = dict.fromkeys(row["kind"] for row in rows)
    return tuple(f"{sum(row['kind'] == kind for row in rows)} × {kind}" for kind in kinds)


_ASKS = {Operation.STOP: _stop, Operation.START: _start, Operation.DELETE: _delete, Operation.CEASE: _cease}
