"""What the page of a version offers a person: only what the services accept from them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from roadstead.accounts.access import may
from roadstead.accounts.permissions import Action
from roadstead.catalog.selectors import verbs_open_to
from roadstead.catalog.track import Status, Verb

if TYPE_CHECKING:
    from collections.abc import Sequence

    from roadstead.accounts.models import User
    from roadstead.catalog.models import Version
    from roadstead.reviews.buoys import Buoy

Primary = Literal["submit", "wait", "release", "view", "recover", ""]
_WAITING = {Status.SUBMITTED, Status.IN_REVIEW}


@dataclass(frozen=True)
class Offers:
    """The one big button, and what the menu holds. `waits_for` is the station of the track where somebody has to act."""

    primary: Primary
    edit: bool
    withdraw: bool
    test: bool
    suspend: bool
    delete: bool
    waits_for: "Buoy | None" = None


def offers_to(actor: "User", version: "Version", buoys: "Sequence[Buoy]") -> Offers:
    """Return what a person may do on a version's page now."""
    verbs = set(verbs_open_to(actor, version))
    return Offers(
        primary=_primary(version, verbs),
        edit=Verb.EDIT in verbs,
        withdraw=Verb.WITHDRAW in verbs and not _technical_begun(buoys),
        test=may(actor, Action.TEST_INSTANCE),
        suspend=Verb.SUSPEND in verbs,
        delete=Verb.DELETE in verbs or (Verb.SUSPEND in verbs and may(actor, Action.DELETE_APP, version)),
        waits_for=next((buoy for buoy in buoys if buoy.state in {"wait", "now"}), None) if version.status in _WAITING else None,
    )


def _primary(version: "Version", verbs: set[Verb]) -> Primary:
    if version.status == Status.ACTIVE:
        return "view"
    if version.status in _WAITING:
        return "wait"
    if Verb.SUBMIT in verbs:
        return "submit"
    if Verb.RELEASE in verbs:
        return "release"
    return "recover" if Verb.RECOVER in verbs else ""


def _technical_begun(buoys: "Sequence[Buoy]") -> bool:
    """Whether the last stage before the store is claimed: from then on a version can't be withdrawn."""
    return buoys[-2].state == "now"
