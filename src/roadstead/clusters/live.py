"""What runs now: asked of the environment within a deadline, kept as what was last seen."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from django.utils.translation import gettext_lazy as _

from roadstead.clusters.machines import seen as machines
from roadstead.clusters.models import Cluster
from roadstead.clusters.seen import MISSING
from roadstead.core.clock import now
from roadstead.core.problems import problem_kind
from roadstead.runtimes import services as runtimes
from roadstead.runtimes.sdk import NotThere, ProviderError, Release, ReleaseProvider, ReleaseView, Target, TimedOut

if TYPE_CHECKING:
    from collections.abc import Sequence

    from roadstead.runtimes.sdk import Other

Answer = TypeVar("Answer")
SECONDS = 5.0
NO_ANSWER = problem_kind("instance_no_answer", _("The environment didn't answer within %(seconds)s s. Try again."))
# Environments that never answer must not hold more than these threads; who finds none free reads "unknown" at the deadline.
_ASKING = ThreadPoolExecutor(max_workers=8, thread_name_prefix="live")


def refresh(cluster: Cluster) -> Cluster:
    """Ask the environment what runs and keep the answer; without one, note since when nothing is known. Never inside `atomic`."""
    if cluster.delivery == "vm":
        return _refresh_machines(cluster)
    provider, target = runtimes.target_of(cluster.environment_id)
    asked = _ASKING.submit(provider.workloads, target, Release(name=cluster.name, token=cluster.pk))
    try:
        return keep(cluster, asked.result(timeout=SECONDS))
    except NotThere:
        return keep(cluster, ReleaseView(status=MISSING))
    except (ProviderError, TimeoutError):
        return _keep_unknown(cluster)


def asked(cluster: Cluster, question: Callable[[ReleaseProvider, Target, Release], Answer]) -> Answer:
    """Ask the environment something within the deadline; whatever keeps it from answering is a `ProviderError`. Never inside `atomic`."""
    provider, target = runtimes.target_of(cluster.environment_id)
    answer = _ASKING.submit(question, provider, target, Release(name=cluster.name, token=cluster.pk))
    try:
        return answer.result(timeout=SECONDS)
    except TimeoutError as error:
        raise TimedOut(NO_ANSWER(seconds=round(SECONDS))) from error


def console_of(cluster: Cluster, token: str, *, lines: int) -> str:
    """Return the last lines that a machine wrote; whatever keeps the place from answering is a `ProviderError`. Never inside `atomic`."""
    provider, place = runtimes.place_of(cluster.environment_id)
    try:
        return _ASKING.submit(partial(provider.console, place, token, lines=lines)).result(timeout=SECONDS)
    except TimeoutError as error:
        raise TimedOut(NO_ANSWER(seconds=round(SECONDS))) from error


def keep(cluster: Cluster, view: ReleaseView) -> Cluster:
    """Keep what was seen; that there is no such release is an answer too."""
    cluster.view, cluster.viewed_at, cluster.unknown_since = view.as_dict(), now(), None
    cluster.save(update_fields=["view", "viewed_at", "unknown_since"])
    return cluster


def known_objects(cluster: Cluster) -> list[tuple[str, str]]:
    """Return the objects beside workloads that were last seen of an instance, or left of it, as (kind, name)."""
    return list(dict.fromkeys((row["kind"], row["name"]) for row in (*cluster.view.get("others", ()), *cluster.left)))


def keep_left(cluster: Cluster, found: "Sequence[Other]") -> None:
    """Keep what a removal has left."""
    cluster.left = [asdict(other) for other in found]
    cluster.save(update_fields=["left"])


def _refresh_machines(cluster: Cluster) -> Cluster:
    nodes, ask = machines.question(cluster)
    try:
        return machines.keep(cluster, nodes, _ASKING.submit(ask).result(timeout=SECONDS))
    except (ProviderError, TimeoutError):
        return _keep_unknown(cluster)


def _keep_unknown(cluster: Cluster) -> Cluster:
    if cluster.unknown_since is None:
        cluster.unknown_since = now()
        cluster.save(update_fields=["unknown_since"])
    return cluster
