"""What the makers of an app see of the instances that its customers run: that they exist and how they are.

What was typed for one, its notes and its logs are its owner's; a customer's instance has no page for anybody who doesn't reach it anyway.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from roadstead.accounts.access import may, visible
from roadstead.accounts.permissions import Action
from roadstead.clusters.models import Cluster
from roadstead.clusters.seen import pod_count
from roadstead.clusters.states import PRESENT, Status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from roadstead.accounts.access import Actor
    from roadstead.catalog.models import App
    from roadstead.core.states import State


@dataclass(frozen=True)
class CustomerInstance:
    """One row, and all that a maker is told. `opens` says whether the reader reaches the instance itself."""

    id: str
    name: str
    state: "State"
    version: str
    delivery: str
    environment: str
    pods: int | None
    customer: str
    created_at: datetime
    opens: bool


def may_see_customers(actor: "Actor", app: "App") -> bool:
    """Whether this person is told who runs an app: whoever holds its statistics."""
    return may(actor, Action.VIEW_APP_STATISTICS, app)


def instances_of_customers(actor: "Actor", app: "App", *, status: str = "", search: str = "") -> QuerySet[Cluster]:
    """The rows of the list: what still lives, unless a state is asked for; tests are none. To be read through `as_customers`."""
    if not may_see_customers(actor, app):
        return Cluster.objects.none()
    rows = Cluster.objects.filter(app=app.pk, debug=False).select_related("version", "environment", "owner").defer("sealed_values")
    if status in Status.values:
        rows = rows.filter(status=status)
    elif status != "all":
        rows = rows.filter(status__in=PRESENT)
    if search:
        rows = rows.filter(Q(name__icontains=search) | Q(pk=search) | Q(version__name=search) | Q(owner__name__icontains=search))
    return rows


def as_customers(actor: "Actor", rows: "Iterable[Cluster]") -> list[CustomerInstance]:
    """Leave of each row what a maker is told."""
    rows = list(rows)
    shown = Cluster.objects.filter(pk__in=[row.pk for row in rows])
    reached = set(visible(actor, shown, Action.VIEW_INSTANCES).values_list("pk", flat=True))
    return [
        CustomerInstance(
            id=row.pk,
            name=row.name,
            state=row.state,
            version=row.version.name,
            delivery=row.delivery,
            environment=row.environment.name,
            pods=pod_count(row),
            customer=row.owner.name,
            created_at=row.created_at,
            opens=row.pk in reached,
        )
        for row in rows
    ]
