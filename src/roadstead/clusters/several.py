"""One thing done to several instances: each is decided, and done, by itself."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from roadstead.clusters.beginning import begin, refuse_closed
from roadstead.clusters.errors import ClusterInTransition, ClusterNotInStatus, NoneChosen, TooManyChosen
from roadstead.clusters.operations import Operation, operations_open_to
from roadstead.clusters.selectors import clusters_visible_to
from roadstead.core.errors import DomainError, Missing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from roadstead.accounts.models import User
    from roadstead.clusters.models import Cluster

# What is done to many at once, in the order of its buttons. What else there is needs a look at each.
IN_BULK = (Operation.STOP, Operation.START, Operation.DELETE)
MOST = 100


@dataclass(frozen=True)
class Chosen:
    """An instance that was chosen; `reason` says why it's passed by. `cluster` is None for a foreign one, as for a missing one."""

    id: str
    cluster: "Cluster | None"
    reason: str = ""

    @property
    def name(self) -> str:
        """What it's called, or its number where nobody may know."""
        return self.cluster.name if self.cluster else self.id


def acts_of(actor: "User", cluster: "Cluster") -> list[str]:
    """Return what a list offers to do to this instance together with others."""
    open_to = operations_open_to(actor, cluster)
    return [operation.value for operation in IN_BULK if operation in open_to]


def looked_over(actor: "User", operation: Operation, cluster_ids: "Sequence[str]") -> list[Chosen]:
    """Say of each chosen instance whether the operation would begin on it now."""
    ids = _named(cluster_ids)
    rows = clusters_visible_to(actor).select_related("environment", "app").in_bulk(ids)
    return [_looked_at(actor, operation, cluster_id, rows.get(cluster_id)) for cluster_id in ids]


def begin_several(*, actor: "User", operation: Operation, cluster_ids: "Sequence[str]") -> list[Chosen]:
    """Begin an operation on each instance in a transaction of its own: one that is refused keeps no other from it."""
    return [_begun(actor, operation, cluster_id) for cluster_id in _named(cluster_ids)]


def _named(cluster_ids: "Sequence[str]") -> list[str]:
    ids = list(dict.fromkeys(cluster_ids))
    if not ids:
        raise NoneChosen(field="instance")
    if len(ids) > MOST:
        raise TooManyChosen(field="instance", most=MOST)
    return ids


def _looked_at(actor: "User", operation: Operation, cluster_id: str, cluster: "Cluster | None") -> Chosen:
    if cluster is None:
        return Chosen(cluster_id, None, Missing().message)
    try:
        refuse_closed(actor, cluster, operation)
    except DomainError as refusal:
        return Chosen(cluster_id, cluster, _said(refusal))
    return Chosen(cluster_id, cluster)


def _begun(actor: "User", operation: Operation, cluster_id: str) -> Chosen:
    try:
        with transaction.atomic():
            return Chosen(cluster_id, begin(actor, cluster_id, operation))
    except DomainError as refusal:
        seen = clusters_visible_to(actor).select_related("environment").filter(pk=cluster_id).first()
        return Chosen(cluster_id, seen, _said(refusal))


def _said(refusal: DomainError) -> str:
    """Say a refusal as one of several; that the page can be loaded again is no news there."""
    match refusal:
        case ClusterNotInStatus():
            return _("It's “%(state)s” now.") % refusal.params
        case ClusterInTransition():
            return _("It's busy: “%(state)s”.") % refusal.params
        case _:
            return refusal.message
