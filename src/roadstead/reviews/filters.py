"""What a list of reviews can be narrowed to: a state, a delivery type, a provider."""

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from roadstead.core.problems import Words
from roadstead.reviews.selectors import live_claims
from roadstead.reviews.track import OPEN_STAGES, Stage

if TYPE_CHECKING:
    from roadstead.reviews.models import Submission

# In the order of a review's life.
STATES: dict[str, Words] = {
    "waiting": _("Waiting for review"),
    "claimed": _("In review"),
    Stage.PASSED: _("Passed"),
    Stage.REJECTED: _("Rejected"),
    Stage.WITHDRAWN: _("Withdrawn"),
}


def in_state(rows: "QuerySet[Submission]", state: str) -> "QuerySet[Submission]":
    """Narrow a list to one of `STATES`; whether somebody processes a review is decided by its claim."""
    held = Exists(live_claims().filter(submission=OuterRef("pk")))
    match state:
        case "waiting":
            return rows.filter(~held, stage__in=OPEN_STAGES)
        case "claimed":
            return rows.filter(held, stage__in=OPEN_STAGES)
        case Stage.PASSED | Stage.REJECTED | Stage.WITHDRAWN:
            return rows.filter(stage=state)
        case _:
            return rows


def filtered(rows: "QuerySet[Submission]", *, delivery: str = "", provider: str = "", state: str = "") -> "QuerySet[Submission]":
    """Narrow a list to one delivery type, one provider, one state, or several of them."""
    rows = in_state(rows, state)
    if delivery:
        rows = rows.filter(version__type=delivery)
    return rows.filter(app__provider=provider) if provider else rows
