"""How the record of a version is said: what was done to it, who took which stage and what was decided, newest first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING

from roadstead.audit.selectors import events_of
from roadstead.store.states import CLAIMED, DEED_STATES

if TYPE_CHECKING:
    from roadstead.catalog.models import Version
    from roadstead.core.states import State
    from roadstead.reviews.models import Submission

_ROWS = 50
# The decision that ended the review stands in the record too, with its stage and both people.
_SAID_BY_DECISIONS = {"version.force-pass", "version.force-reject"}


@dataclass(frozen=True)
class Row:
    """Something that happened to a version; `stage` and `submission_id` belong to what reviewers did."""

    state: "State"
    who: str
    at: datetime
    reason: str = ""
    stage: str = ""
    submission_id: str = ""


def history_of(version: "Version", submissions: "Iterable[Submission]") -> list[Row]:
    """Return what happened to a version and to its submissions (`reviews.history_of`), newest first."""
    return sorted(chain(_deeds(version), _reviewed(submissions)), key=lambda row: row.at, reverse=True)[:_ROWS]


def last_rejection(history: list[Row]) -> Row | None:
    """Return the row that says why a version was refused last."""
    return next((row for row in history if row.state.tone == "bad"), None)


def _deeds(version: "Version") -> Iterator[Row]:
    for event in events_of("catalog.version", version.pk)[:_ROWS]:
        if event.verb in DEED_STATES and event.verb not in _SAID_BY_DECISIONS:
            yield Row(DEED_STATES[event.verb], event.actor_name, event.at, event.data.get("reason", ""))


def _reviewed(submissions: "Iterable[Submission]") -> Iterator[Row]:
    for submission in submissions:
        for claim in submission.claims.all():
            yield Row(CLAIMED, claim.reviewer.name, claim.claimed_at, "", claim.stage_name, submission.pk)
        for decision in submission.decisions.all():
            yield Row(decision.state, decision.who, decision.decided_at, decision.reason, decision.stage_name, submission.pk)
