"""What the decision panel shows one person: whose turn it is, and the acts that `services` will accept from them."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from roadstead.accounts.access import may
from roadstead.accounts.permissions import Action
from roadstead.core.states import State
from roadstead.reviews.checks import check_detail, check_title
from roadstead.reviews.models import Claim, Evidence, Submission, state_of
from roadstead.reviews.selectors import claim_of, evidence_rows, lapses_at, may_review, verdicts_open_to
from roadstead.reviews.track import STAGE_NAMES, Stage, Verdict

if TYPE_CHECKING:
    from roadstead.accounts.models import User


@dataclass(frozen=True)
class Check:
    """One automatic check in words."""

    title: str
    detail: str
    state: State


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
    deployments: list[Evidence]

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
    claim = claim_of(submission)
    mine = claim is not None and claim.reviewer_id == actor.pk
    stage = Stage(submission.stage)
    return Panel(
        state=state_of(submission, claimed=claim is not None),
        stage=stage.value,
        stage_name=str(STAGE_NAMES.get(stage, "")),
        claim=claim,
        mine=mine,
        lapses=lapses_at(claim) if claim else None,
        can_claim=claim is None and may_review(actor, submission),
        verdicts=verdicts_open_to(actor, submission, claim),
        can_test=mine and stage is not Stage.BUSINESS and may(actor, Action.TEST_INSTANCE),
        own=submission.owner_id == actor.pk,
        checks=[Check(check_title(row.code), check_detail(row.params), row.state) for row in evidence_rows(submission, "check")],
        deployments=list(evidence_rows(submission, "deployment")),
    )
