"""What the page of one instance shows one person."""

from dataclasses import replace
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from roadstead.clusters.asks import asks_for
from roadstead.clusters.machines.gate_seen import frontgate_of
from roadstead.clusters.machines.seen import machines_of
from roadstead.clusters.menu import menu_for
from roadstead.clusters.operations import OPERATION_OF_KIND, Operation, reads_values
from roadstead.clusters.seen import seen_of
from roadstead.clusters.selectors import job_verbs
from roadstead.clusters.values import readable_values
from roadstead.core.finding import found
from roadstead.core.states import State
from roadstead.jobs.selectors import jobs_of, timeline
from roadstead.runtimes.selectors import provider_title

if TYPE_CHECKING:
    from roadstead.accounts.models import User
    from roadstead.clusters.forms import ConfirmForm
    from roadstead.clusters.models import Cluster
    from roadstead.core.web_types import Context
    from roadstead.jobs.models import Job

TABS = ("activity", "machines", "frontgate", "workloads", "objects", "events", "values", "notes")
JOBS_SHOWN, JOBS_KEPT = 8, 200


def page_of_instance(
    actor: "User", cluster: "Cluster", *, tab: str, job_id: str, whole: bool = False, refused: "ConfirmForm | None" = None
) -> "Context":
    """Everything that the page needs, whichever tab is open."""
    moving = activity_of(actor, cluster, job_id=job_id, whole=whole, refused=refused)
    return moving | {
        "nav": "test-instances" if cluster.debug else "instances",
        "tab": tab,
        "seen": seen_of(cluster),
        "machines": machines_of(cluster) if cluster.delivery == "vm" else [],
        "frontgate": frontgate_of(actor, cluster) if tab == "frontgate" else None,
        "reads": reads_values(actor, cluster),
        "values": readable_values(cluster) if tab == "values" else "",
        # A job's end changes what runs.
        "live_trigger": "load, sse:end, every 20s" if moving["current"] else "load, every 20s",
    }


def activity_of(actor: "User", cluster: "Cluster", *, job_id: str, whole: bool = False, refused: "ConfirmForm | None" = None) -> "Context":
    """The head, the timeline of one job (the newest, unless another is asked for), and the other jobs, the last few or the `whole` list."""
    shown = JOBS_KEPT if whole else JOBS_SHOWN
    jobs = list(jobs_of(actor, cluster).select_related("owner", "actor").prefetch_related("steps")[: shown + 1])
    newest = next(iter(jobs), None)
    job = found(jobs_of(actor, cluster).select_related("owner", "actor").prefetch_related("steps"), job_id) if job_id else newest
    verbs = job_verbs(actor, cluster, newest) if newest else ()
    current = newest if newest and newest.unfinished else None
    asks = asks_for(actor, cluster, newest, verbs, refused)
    address = reverse("instance_activity", args=[cluster.pk])
    return {
        "cluster": cluster,
        "app": cluster.app,
        # Asking for the provider also loads its words: a stored problem of its is said by them.
        "place_kind": provider_title(cluster.environment.provider),
        "state": _state(cluster, current),
        "current": current,
        "job": job,
        "timeline": timeline(job) if job else None,
        "can_retry": "retry" in verbs and job == newest,
        "can_give_up": "give-up" in verbs and job == newest,
        "gives_up": _gives_up(job),
        "asks": asks,
        "menu": menu_for(actor, cluster, asks),
        "earlier": [timeline(row) for row in jobs[:shown] if row != job],
        "more_jobs": len(jobs) > shown and not whole,
        "activity_address": f"{address}?job={job_id}&jobs={'all' if whole else ''}",
    }


def _gives_up(job: "Job | None") -> str:
    """What giving a failed job up is called."""
    creation = job is None or OPERATION_OF_KIND[job.kind] is Operation.CREATE
    return _("Give up and clean up") if creation else _("Give up and go back")


def _state(cluster: "Cluster", current: "Job | None") -> State:
    """How the head says the state; while a job runs, with the step that it is at."""
    state = cluster.state
    if current is None or not cluster.transition:
        return state
    step = min(current.done + 1, current.total)
    words = _("%(state)s · step %(step)d of %(total)d") % {"state": state.word, "step": step, "total": current.total}
    return replace(state, word=words)
