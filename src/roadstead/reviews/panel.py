"""What the decision panel shows one person: whose turn it is, and the acts that `services` will accept from them."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, TypedDict
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from roadstead.accounts.access import may
from roadstead.accounts.permissions import Action
from roadstead.core.states import State
from roadstead.reviews.checks import check_detail, check_title
from roadstead.reviews.models import Claim, Evidence, ForceRequest, Submission, state_of
from roadstead.reviews.selectors import (
    force_request_of,
    has_lapsed,
    lacks_certification,
    lapses_at,
    last_claim_of,
    may_force,
    may_release,
    may_review,
    may_take_over,
    proof_of,
    verdicts_open_to,
)
from roadstead.reviews.track import STAGE_NAMES, Stage, Verdict

if TYPE_CHECKING:
    from roadstead.accounts.models import User
    from roadstead.reviews.trials import Trial


@dataclass(frozen=True)
class Place:
    """A line that a check names; an empty file stands for what was rendered."""

    file: str
    line: int

    @property
    def words(self) -> str:
        """How the place is named."""
        return f"{PurePosixPath(self.file).name}:{self.line}" if self.file else _("Rendered, line %(line)d") % {"line": self.line}

    @property
    def link(self) -> str:
        """Where the line is shown."""
        query = {"tab": "files", "file": self.file} if self.file else {"tab": "files", "show": "rendered"}
        return f"?{urlencode(query)}#L{self.line}"


@dataclass(frozen=True)
class Check:
    """One automatic check in words; `places` are links to the lines that it names."""

    title: str
    detail: str
    state: State
    places: list[Place]


class _Force(TypedDict):
    """The part of the panel that is about decisions past the stages."""

    force: ForceRequest | None
    can_force: bool
    can_confirm: bool


@dataclass(frozen=True)
class Panel:
    """Everything the panel needs; at most one of the acts is the page's primary one."""

    state: State
    stage: str
    stage_name: str
    claim: Claim | None
    mine: bool
    lapses: datetime | None
    can_claim: bool
    verdicts: list[Verdict]
    can_test: bool
    own: bool
    checks: list[Check]
    checked_at: datetime | None
    can_check: bool
    deployments: "list[Trial]"
    uncertified: bool
    can_take_over: bool
    can_release: bool
    lapsed: Claim | None
    force: ForceRequest | None
    can_force: bool
    can_confirm: bool

    def warned(self, file: str) -> set[int]:
        """The lines of a file, or of what was rendered, that a check names."""
        return {place.line for check in self.checks for place in check.places if place.file == file}

    @property
    def can_pass(self) -> bool:
        """Whether passing is offered."""
        return Verdict.PASS in self.verdicts

    @property
    def can_reject(self) -> bool:
        """Whether rejecting is offered."""
        return Verdict.REJECT in self.verdicts


def panel_for(actor: "User", submission: Submission) -> Panel:
    """Return the panel of one submission for one person."""
    held = last_claim_of(submission)
    lapsed = held if held and has_lapsed(held) else None
    claim = None if lapsed else held
    mine = claim is not None and claim.reviewer_id == actor.pk
    stage = Stage(submission.stage)
    proof = proof_of(actor, submission)
    return Panel(
        state=state_of(submission, claimed=claim is not None),
        stage=stage.value,
        stage_name=str(STAGE_NAMES.get(stage, "")),
        claim=claim,
        mine=mine,
        lapses=lapses_at(claim) if claim else None,
        can_claim=held is None and may_review(actor, submission),
        can_take_over=may_take_over(actor, submission, held),
        can_release=may_release(actor, submission, claim),
        lapsed=lapsed,
        uncertified=lacks_certification(submission),
        **_force_of(actor, submission),
        verdicts=verdicts_open_to(actor, submission, claim),
        can_test=mine and stage is not Stage.BUSINESS and may(actor, Action.TEST_INSTANCE),
        own=submission.owner_id == actor.pk,
        checks=[_check(row) for row in proof.checks],
        checked_at=proof.checked_at,
        can_check=may_review(actor, submission),
        deployments=proof.deployments,
    )


def _force_of(actor: "User", submission: Submission) -> _Force:
    asked = force_request_of(submission) if submission.is_open else None
    allowed = may_force(actor, submission)
    return {"force": asked, "can_force": allowed, "can_confirm": allowed and asked is not None and asked.asked_by_id != actor.pk}


def _check(row: Evidence) -> Check:
    places = dict.fromkeys(Place(place["file"], place["line"]) for place in row.params.get("places", ()))
    return Check(check_title(row.code), check_detail(row.params), row.state, list(places))
