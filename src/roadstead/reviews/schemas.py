"""The shapes in which the API tells of reviews."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from ninja import Schema
from pydantic import Field

from roadstead.core.api import Filter, Listing, Name, Reason, Ref
from roadstead.reviews import selectors
from roadstead.reviews.models import status_of
from roadstead.reviews.track import OPEN_STAGES

if TYPE_CHECKING:
    from roadstead.accounts.models import User
    from roadstead.reviews import models
    from roadstead.reviews.trials import Trial

OpenStage = Literal["provider", "business", "technical"]
assert set(OPEN_STAGES) == {"provider", "business", "technical"}


class ReviewClaim(Schema):
    """Who processes a review, and until when if nothing more happens."""

    reviewer: str
    name: str
    stage: str
    claimed_at: datetime
    lapses_at: datetime

    @classmethod
    def of(cls, claim: "models.Claim") -> Self:
        """Tell of a claim."""
        return cls(
            reviewer=claim.reviewer_id,
            name=claim.reviewer.name,
            stage=claim.stage,
            claimed_at=claim.claimed_at,
            lapses_at=selectors.lapses_at(claim),
        )


class ReviewDecision(Schema):
    """One verdict on one stage."""

    stage: str
    verdict: str
    reason: str
    reviewer: str
    decided_at: datetime


class ReviewCheck(Schema):
    """The last result of one automatic check."""

    code: str
    result: str
    params: dict[str, Any]
    recorded_at: datetime


class TestedImage(Schema):
    """An image of a test deployment: its name in the manifests, and the digests that ran; none where the cluster reported none."""

    image: str
    digests: list[str]


class TestedDeployment(Schema):
    """A test deployment as it was seen; it stays when its instance is gone."""

    instance: str
    environment: str
    begun_at: datetime
    result: str
    seconds: int
    teardown: str
    images: list[TestedImage]

    @classmethod
    def of(cls, trial: "Trial") -> Self:
        """Tell of a test deployment."""
        return cls(
            instance=trial.cluster_id,
            environment=trial.place,
            begun_at=trial.begun,
            result=trial.state.value,
            seconds=trial.seconds,
            teardown=trial.teardown.value,
            images=[TestedImage(image=one.image, digests=one.digests) for one in trial.images],
        )


class Review(Schema):
    """One way of a version along the track. `status` is derived of stage, claim and decisions."""

    id: str
    app: str
    app_name: str
    version: str
    version_name: str
    digest: str
    stage: str
    status: str
    submitted_by: str
    submitted_at: datetime
    stage_at: datetime
    claim: ReviewClaim | None

    @classmethod
    def of(cls, submission: "models.Submission", claim: "models.Claim | None") -> Self:
        """Tell of a submission."""
        return cls(**_facts(submission, claim))


class WholeReview(Review):
    """A review with all that is known; `verdicts` are those that this person can give now."""

    verdicts: list[str]
    decisions: list[ReviewDecision]
    checks: list[ReviewCheck]
    test_deployments: list[TestedDeployment]

    @classmethod
    def whole(cls, submission: "models.Submission", actor: "User") -> Self:
        """Tell somebody of a submission with its decisions and evidence."""
        claim = selectors.claim_of(submission)
        proof = selectors.proof_of(actor, submission)
        decisions = selectors.decisions_of(submission)
        return cls(
            **_facts(submission, claim),
            verdicts=[verdict.value for verdict in selectors.verdicts_open_to(actor, submission, claim)],
            decisions=[
                ReviewDecision(
                    stage=row.stage,
                    verdict=row.verdict,
                    reason=row.reason,
                    reviewer=row.reviewer.name if row.reviewer else "",
                    decided_at=row.decided_at,
                )
                for row in decisions
            ],
            checks=[ReviewCheck(code=row.code, result=row.result, params=row.params, recorded_at=row.recorded_at) for row in proof.checks],
            test_deployments=[TestedDeployment.of(trial) for trial in proof.deployments],
        )


def _facts(submission: "models.Submission", claim: "models.Claim | None") -> dict[str, Any]:
    return {
        "id": submission.pk,
        "app": submission.app_id,
        "app_name": submission.app.name,
        "version": submission.version_id,
        "version_name": submission.version.name,
        "digest": submission.digest,
        "stage": submission.stage,
        "status": status_of(submission, claimed=claim is not None),
        "submitted_by": submission.owner_id,
        "submitted_at": submission.submitted_at,
        "stage_at": submission.stage_at,
        "claim": ReviewClaim.of(claim) if claim else None,
    }


class ReviewsAsked(Listing):
    """What the queue is narrowed to; `version` finds the reviews of one version, one's own among them."""

    queue: Literal["unprocessed", "mine", "processed", "all"] = "unprocessed"
    version: Filter = ""
    provider: Filter = ""
    type: Literal["", "helm", "vm"] = ""
    sort: Literal["stage_at", "-stage_at", "submitted_at", "-submitted_at"] = "stage_at"


class AtStage(Schema):
    """The stage that the reviewer sees; a stale one decides nothing."""

    stage: OpenStage


class Rejection(AtStage):
    """A verdict against a version; the developer reads the reason."""

    reason: Annotated[Reason, Field(min_length=1)]


class ForceWish(Rejection):
    """A decision past the stages, which a second administrator has to confirm."""

    verdict: Literal["pass", "reject"]


class ForceAnswer(Schema):
    """Whether a forced decision counts."""

    confirm: bool


class TestDeployment(Schema):
    """A deployment of exactly the reviewed package, to a test environment."""

    __test__ = False

    environment: Ref
    name: Name
    values: Annotated[str, Field(max_length=512 * 1024)] = ""
