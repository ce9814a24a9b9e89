"""The test deployments of a review. How each operation on one ended is written down at once, so that nothing is lost with the instance."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from roadstead.audit.record import record
from roadstead.clusters.selectors import operation_of, ran_images
from roadstead.jobs.selectors import keep, kept_timeline
from roadstead.reviews.images import SeenImage, seen_image
from roadstead.reviews.models import Evidence
from roadstead.reviews.states import TEARDOWN_STATES, TRIAL_STATES
from roadstead.runtimes.selectors import provider_title

if TYPE_CHECKING:
    from roadstead.clusters.models import Cluster
    from roadstead.core.problems import Words
    from roadstead.core.states import State
    from roadstead.jobs.models import Job
    from roadstead.jobs.selectors import Timeline

ATTACHED, OUTCOME, TEARDOWN = "deployment", "outcome", "teardown"
KINDS = (ATTACHED, OUTCOME, TEARDOWN)
_REMOVES = {"delete", "cease"}
_CREATE = "create"
_HTTP = ("http://", "https://")
_ADDRESSES = 8


def attachment(cluster: "Cluster") -> dict[str, Any]:
    """Return what is noted of a test deployment when it is attached: where it goes."""
    place = cluster.environment
    return {"place": place.name, "provider": place.provider, "namespace": place.zone, "instance": cluster.name}


def note_end(cluster: "Cluster", job: "Job") -> None:
    """Write down how an operation on a test deployment of a review ended; called in the transaction that ends the job."""
    attached = Evidence.objects.filter(kind=ATTACHED, cluster=cluster).select_related("submission").first() if cluster.debug else None
    if attached is None:
        return
    operation = operation_of(job)
    row = Evidence.objects.create(
        submission=attached.submission,
        kind=TEARDOWN if operation in _REMOVES else OUTCOME,
        code=operation,
        result=str(job.status),
        params={"timeline": keep(job), "undone": job.undone, "left": _left(cluster), **({} if operation in _REMOVES else _seen(cluster))},
        cluster=cluster,
    )
    ran = {one["image"]: one["digests"] for one in row.params.get("images", ())}
    told = {"cluster": cluster.pk, "operation": operation, "result": row.result, "job": job.pk, "images": ran}
    record(None, "review.test-ended", attached.submission, **told)


def _left(cluster: "Cluster") -> list[dict[str, str]]:
    """What is still where it ran after everything was removed, such as volumes that hold data."""
    return [] if cluster.is_live else [{"kind": row["kind"], "name": row["name"]} for row in cluster.left]


def _seen(cluster: "Cluster") -> dict[str, Any]:
    view = cluster.view
    return {
        "digest": cluster.digest,
        "images": [ran.to_store() for ran in ran_images(view)],
        "addresses": list(view.get("endpoints", ()))[:_ADDRESSES],
        "workloads": [{name: workload[name] for name in ("kind", "name", "ready", "wanted")} for workload in view.get("workloads", ())],
    }


@dataclass(frozen=True)
class Ended:
    """An operation on a test deployment that is over."""

    state: "State"
    timeline: "Timeline"
    at: datetime


@dataclass(frozen=True)
class Trial:
    """A test deployment as it was seen; `link` leads to its instance, where the reader may look at that.

    `foreign` says that another package than the reviewed one ran in it at the end.
    """

    cluster_id: str
    instance: str
    place: str
    place_kind: "Words"
    namespace: str
    by: str
    begun: datetime
    state: "State"
    teardown: "State"
    torn_down_at: datetime | None
    outcome: Ended | None
    later: list[Ended] = field(default_factory=list)
    images: list[SeenImage] = field(default_factory=list)
    addresses: list[dict[str, str]] = field(default_factory=list)
    workloads: list[dict[str, Any]] = field(default_factory=list)
    left: list[dict[str, str]] = field(default_factory=list)
    foreign: bool = False
    link: str = ""

    @property
    def seconds(self) -> int:
        """How long it took; nothing while it isn't over."""
        took = self.outcome.timeline.took if self.outcome else None
        return round(took.total_seconds()) if took else 0

    @property
    def warned(self) -> int:
        """How many of its images there is something to say about."""
        return sum(bool(image.warnings) for image in self.images)


def trials_among(rows: Iterable[Evidence], reach: Collection[str] = ()) -> list[Trial]:
    """Return the test deployments among a submission's evidence, in its order; `reach` are the instances that the reader may open."""
    own = sorted((row for row in rows if row.kind in KINDS), key=lambda row: (str(row.cluster_id), row.pk))
    found = [list(group) for _cluster, group in groupby(own, key=lambda row: row.cluster_id)]
    trials = [(rows_of[0].pk, _trial(rows_of, reach)) for rows_of in found]
    return [trial for _pk, trial in sorted(trials, key=lambda pair: pair[0])]


def _trial(rows: list[Evidence], reach: Collection[str]) -> Trial:
    attached, *noted = rows
    outcomes = [row for row in noted if row.kind == OUTCOME]
    creation = next((row for row in reversed(outcomes) if row.code == _CREATE), None)
    removal = next((row for row in reversed(noted) if row.kind == TEARDOWN), None)
    last: Mapping[str, Any] = next((row.params for row in reversed(outcomes)), {})
    about = attached.params or attachment(_instance(attached))
    return Trial(
        cluster_id=str(attached.cluster_id),
        instance=about["instance"],
        place=about["place"],
        place_kind=provider_title(about["provider"]),
        namespace=about["namespace"],
        by=attached.recorded_by.name if attached.recorded_by else "",
        begun=attached.recorded_at,
        state=TRIAL_STATES[creation.result if creation else _open(attached)],
        teardown=TEARDOWN_STATES[_teardown(creation, removal) or _open(attached)],
        torn_down_at=removal.recorded_at if removal else None,
        outcome=_ended(creation) if creation else None,
        later=[_ended(row) for row in noted if row is not creation],
        images=[seen_image(stored) for stored in last.get("images", ())],
        addresses=[_address(stored) for stored in last.get("addresses", ())],
        workloads=list(last.get("workloads", ())),
        left=_rest(creation, removal),
        foreign=bool(last) and last["digest"] != attached.submission.digest,
        link=reverse("instance", args=[attached.cluster_id]) if attached.cluster_id in reach else "",
    )


def _instance(row: Evidence) -> "Cluster":
    assert row.cluster is not None  # a test deployment always has one
    return row.cluster


def _ended(row: Evidence) -> Ended:
    return Ended(TRIAL_STATES[row.result], kept_timeline(row.params["timeline"]), row.recorded_at)


def _address(stored: Mapping[str, str]) -> dict[str, str]:
    """Whatever a cluster said, only web addresses become links."""
    return {**stored, "url": stored["url"] if stored["url"].startswith(_HTTP) else ""}


def _open(attached: Evidence) -> str:
    """Say that it isn't over; of those from before ends were written down, nobody knows."""
    return "underway" if attached.params else "unseen"


def _teardown(creation: Evidence | None, removal: Evidence | None) -> str:
    if removal and removal.result != "successful":
        return "failed"
    if _rest(creation, removal):
        return "left"
    if removal:
        return "removed"
    if creation is None:
        return ""
    return "nothing" if creation.params["undone"] else "standing"


def _rest(creation: Evidence | None, removal: Evidence | None) -> list[dict[str, str]]:
    last = removal or creation
    return list(last.params.get("left", ())) if last else []
