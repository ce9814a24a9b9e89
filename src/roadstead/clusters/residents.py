"""What an environment's page says of the instances in it; while one is there, the environment stays."""

from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.urls import reverse

from roadstead.clusters.models import Cluster, Frontgate
from roadstead.clusters.selectors import PRESENT, clusters_visible_to
from roadstead.clusters.states import FrontgateStatus
from roadstead.runtimes.services import Resident

if TYPE_CHECKING:
    from collections.abc import Sequence

    from roadstead.accounts.access import Actor
    from roadstead.runtimes.sdk import Owned

_LIVING = Q(status__in=PRESENT) | ~Q(transition="")


def residents(actor: "Actor", environment_id: str) -> list[Resident]:
    """Return the instances of an environment, newest first; those that aren't the actor's to see have no name."""
    rows = Cluster.objects.filter(_LIVING, environment_id=environment_id)
    seen = set(clusters_visible_to(actor).filter(environment_id=environment_id).values_list("pk", flat=True))
    return [_resident(row, seen=row.pk in seen) for row in rows.select_related("owner").order_by("-created_at", "pk")]


def numbers(environment_ids: "Sequence[str]") -> dict[str, int]:
    """Return how many instances live in each of these environments."""
    rows = Cluster.objects.filter(_LIVING, environment__in=environment_ids).order_by()
    return dict(rows.values_list("environment").annotate(number=Count("pk")))


def keeper(found: "Sequence[Owned]") -> set[str]:
    """Return the tokens of what instances and frontgates that are there still own at a place."""
    named = {one.labels.get("roadstead.cluster", "") for one in found} - {""}
    living = set(Cluster.objects.filter(_LIVING, pk__in=named).values_list("pk", flat=True))
    gates = {one.labels.get("roadstead.frontgate", "") for one in found} - {""}
    living |= set(Frontgate.objects.filter(pk__in=gates).exclude(status=FrontgateStatus.DELETED).values_list("pk", flat=True))
    return {one.token for one in found if living & {one.labels.get("roadstead.cluster"), one.labels.get("roadstead.frontgate")}}


def _resident(row: Cluster, *, seen: bool) -> Resident:
    return Resident(row.name, row.state, reverse("instance", args=[row.pk]), row.owner.name) if seen else Resident("", row.state)
