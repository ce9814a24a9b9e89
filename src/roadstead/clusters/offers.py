"""Which versions an instance can be upgraded to."""

from typing import TYPE_CHECKING

from django.db.models import Case, When

from roadstead.catalog.selectors import versions_visible_to
from roadstead.catalog.track import Status

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from roadstead.accounts.access import Actor
    from roadstead.catalog.models import Version
    from roadstead.clusters.models import Cluster


def upgrades_for(actor: "Actor", cluster: "Cluster") -> "QuerySet[Version]":
    """The versions that an instance can be upgraded to, newest first: newer ones in the store; for a test, any that the person reaches."""
    same = {"app": cluster.app_id, "type": cluster.delivery}
    if cluster.debug:
        rows = versions_visible_to(actor).filter(**same)
    else:
        rows = cluster.app.versions.filter(**same, status=Status.ACTIVE, sequence__gte=cluster.version.sequence)
    return rows.exclude(pk=cluster.version_id).order_by("-sequence", "-created_at")


def redeployable(actor: "Actor", cluster: "Cluster") -> "Version | None":
    """The version that an instance's answers can be deployed with once more: its own, else the newest of the app that can be deployed."""
    rows = versions_visible_to(actor) if cluster.debug else cluster.app.versions.filter(status=Status.ACTIVE)
    own = Case(When(pk=cluster.version_id, then=0), default=1)
    return rows.filter(app=cluster.app_id, type=cluster.delivery).order_by(own, "-sequence", "-created_at").first()
