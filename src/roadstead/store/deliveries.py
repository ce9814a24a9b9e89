"""An app's versions as its page shows them: by delivery type, what is on its way first, what is over folded away."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from roadstead.catalog.track import Status
from roadstead.clusters import selectors as clusters

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from roadstead.accounts.models import User
    from roadstead.catalog.models import App, Version
    from roadstead.clusters.models import Cluster
    from roadstead.core.problems import Words

# The delivery types of which packages can be uploaded, with what each is.
ADDABLE: "dict[str, Words]" = {
    "helm": gettext_lazy("A chart for Kubernetes. Instances run in a namespace of a cluster."),
    "vm": gettext_lazy("A package for machines. Instances are machines with roles, disks and services."),
}
_OVER = {Status.SUSPENDED, Status.DELETED}
_TESTS_SHOWN = 10


@dataclass
class Delivery:
    """The versions of one delivery type; `past` are suspended or deleted."""

    type: str
    present: list["Version"] = field(default_factory=list)
    past: list["Version"] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many versions there are, without deleted ones."""
        return len(self.present) + sum(version.status != Status.DELETED for version in self.past)


def deliveries_of(versions: Iterable["Version"]) -> list[Delivery]:
    """Sort an app's versions under their delivery types, in the order in which they come."""
    found: dict[str, Delivery] = {}
    for version in versions:
        delivery = found.setdefault(version.type, Delivery(version.type))
        (delivery.past if version.status in _OVER else delivery.present).append(version)
    return list(found.values())


def missing_types(deliveries: "Collection[Delivery]") -> "dict[str, Words]":
    """Return the delivery types that an app could have and has no version of, with what each is."""
    held = {delivery.type for delivery in deliveries if delivery.count}
    return {type_: words for type_, words in ADDABLE.items() if type_ not in held}


def trials_of(actor: "User", *, app: "App | None" = None, version: "Version | None" = None) -> list["Cluster"]:
    """Return the test instances of an app or of one version that live and that this person reaches, newest first."""
    rows = clusters.listed(actor, debug=True)
    rows = rows.filter(version=version) if version else rows.filter(app=app)
    return list(rows.order_by("-created_at")[:_TESTS_SHOWN])


def loss_of(version: "Version", tests: "Sequence[Cluster]") -> str:
    """Say what else follows from deleting a version: that it leaves the store, and which test instances outlive it."""
    losses = [_("It leaves the store at once.")] if version.status == Status.ACTIVE else []
    if tests:
        words = ngettext(
            "%(number)s test instance of it goes on running; delete it first if you don't need it: %(names)s.",
            "%(number)s test instances of it go on running; delete them first if you don't need them: %(names)s.",
            len(tests),
        )
        losses.append(words % {"number": len(tests), "names": ", ".join(cluster.name for cluster in tests)})
    return " ".join(losses)
