"""The track as it is drawn: one buoy a stage, with who and when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from django.utils.translation import gettext as _

from roadstead.reviews.models import Claim, Decision, Submission
from roadstead.reviews.track import OPEN_STAGES, STAGE_NAMES, Stage, Verdict

if TYPE_CHECKING:
    from roadstead.catalog.models import Version

BuoyState = Literal["done", "now", "wait", "refused", "todo", "waived"]
_OF_VERDICT: dict[str, BuoyState] = {Verdict.PASS: "done", Verdict.REJECT: "refused", Verdict.WAIVED: "waived"}


@dataclass(frozen=True)
class Buoy:
    """One station of the track: what it is, whether it is behind us, and who was there since when."""

    label: str
    state: BuoyState
    who: str = ""
    since: datetime | None = None
    until: datetime | None = None
    note: str = ""


def stage_buoys(submission: Submission, claim: Claim | None, decisions: Iterable[Decision]) -> list[Buoy]:
    """Return the three stages of a submission."""
    decided = {decision.stage: decision for decision in decisions}
    return [_stage_buoy(stage, submission, claim, decided.get(stage)) for stage in OPEN_STAGES]


def _stage_buoy(stage: Stage, submission: Submission, claim: Claim | None, decision: Decision | None) -> Buoy:
    label = str(STAGE_NAMES[stage])
    if decision:
        return Buoy(label, _OF_VERDICT[decision.verdict], decision.who, decision.started_at, decision.decided_at, _note(decision))
    if submission.forced:
        return Buoy(label, "waived", note=_("Skipped by a forced decision"))
    if submission.stage != stage:
        return Buoy(label, "todo")
    if claim:
        return Buoy(label, "now", claim.reviewer.name, claim.claimed_at)
    return Buoy(label, "wait", "", submission.stage_at, note=_("Waiting"))


def _note(decision: Decision) -> str:
    if decision.forced:
        return _("Forced by %(names)s") % {"names": decision.who}
    return _("Nobody else could review it") if decision.verdict == Verdict.WAIVED else ""


def version_buoys(version: "Version", submission: Submission | None, stages: list[Buoy]) -> list[Buoy]:
    """Return the whole way of a version: submit, the stages, in store."""
    listed = version.status_at if version.status in {"active", "suspended"} else None
    last = Buoy(_("In store"), "done" if listed else "todo", since=listed, until=listed)
    if submission is None or version.status == "draft":
        return [Buoy(_("Submit"), "now"), *(Buoy(str(STAGE_NAMES[stage]), "todo") for stage in OPEN_STAGES), last]
    sent = Buoy(_("Submit"), "done", submission.owner.name, submission.submitted_at, submission.submitted_at)
    return [sent, *stages, last]
