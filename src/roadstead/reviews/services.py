"""The verbs of a review: submit, withdraw, claim, give back, decide."""

from typing import TYPE_CHECKING

from django.db import transaction

from roadstead.accounts.access import holders, owned_by
from roadstead.accounts.selectors import platform_rules
from roadstead.audit.record import record
from roadstead.catalog import selectors as versions
from roadstead.catalog import services as catalog
from roadstead.catalog.track import Verb
from roadstead.clusters import selectors as clusters
from roadstead.core.clock import now
from roadstead.core.errors import Missing
from roadstead.jobs.selectors import ended_jobs_of
from roadstead.reviews.checks import CheckResult, examine
from roadstead.reviews.errors import (
    ClaimedAlready,
    ForceAskedAlready,
    ForceNeedsReason,
    NeedsSecondPerson,
    NothingToConfirm,
    NotYoursToDecide,
    PackageChanged,
    ProviderNotCertified,
    RejectionNeedsReason,
    StageHasMovedOn,
    TooLateToWithdraw,
)
from roadstead.reviews.models import Claim, Decision, Evidence, ForceRequest, Submission
from roadstead.reviews.selectors import (
    claim_lifetime,
    claim_of,
    force_request_of,
    has_lapsed,
    lacks_certification,
    last_claim_of,
    may_force,
    may_release,
    may_review,
    may_take_over,
    submission_for,
    submissions_visible_to,
    verdicts_open_to,
)
from roadstead.reviews.track import ACTION_OF, FORCED, OPEN_STAGES, OUTCOMES, TRACK, Stage, Verdict
from roadstead.reviews.trials import ATTACHED, attachment, note_end

if TYPE_CHECKING:
    from roadstead.accounts.models import User
    from roadstead.catalog.models import Version
    from roadstead.clusters.models import Cluster

REASON_LENGTH = 500


def submit(*, actor: "User", version_id: str) -> Submission:
    """Send a version on its way: a new submission that starts at the provider's stage, with the automatic checks as first evidence."""
    checked = versions.version_for(actor, version_id)
    results = examine(checked)
    with transaction.atomic():
        version = catalog.move(version_id=version_id, actor=actor, verb=Verb.SUBMIT)
        if version.package != checked.package:
            raise PackageChanged
        return _submitted(actor, version, results)


def _submitted(actor: "User", version: "Version", results: list[CheckResult]) -> Submission:
    submission = Submission.objects.create(version=version, app=version.app, digest=version.package, **owned_by(actor))
    catalog.attach_submission(version=version, submission_id=submission.pk)
    _record_checks(submission, results)
    record(actor, "review.submitted", submission, version=version.pk, digest=submission.digest)
    if _is_only_reviewer(actor, submission):
        _waive(actor, submission)
    return submission


def _record_checks(submission: Submission, results: list[CheckResult], *, by: "User | None" = None) -> None:
    for check in results:
        Evidence.objects.create(
            submission=submission, kind="check", code=check.code, result=check.result, params=dict(check.params), recorded_by=by
        )


def recheck(*, actor: "User", submission_id: str) -> Submission:
    """Run the automatic checks again; what they found before stays as it was recorded."""
    results = examine(submission_for(actor, submission_id).version)
    with transaction.atomic():
        submission = _lock(actor, pk=submission_id)
        if not may_review(actor, submission):
            raise NotYoursToDecide
        _record_checks(submission, results, by=actor)
        submission.claims.filter(ended_at=None, reviewer=actor, active_at__gt=now() - claim_lifetime()).update(active_at=now())
        record(actor, "review.checked", submission, results={check.code: check.result for check in results})
        return submission


def _is_only_reviewer(actor: "User", submission: Submission) -> bool:
    """Whether the submitter is the only active person who could review the provider's stage."""
    return list(holders(ACTION_OF[Stage.PROVIDER], submission).values_list("pk", flat=True)) == [actor.pk]


def _waive(actor: "User", submission: Submission) -> None:
    catalog.move(version_id=submission.version_id, actor=actor, verb=Verb.START_REVIEW)
    _conclude(submission, Verdict.WAIVED)
    record(actor, "review.waived", submission, stage=Stage.PROVIDER.value)


@transaction.atomic
def withdraw(*, actor: "User", version_id: str) -> "Version":
    """Take a version back to draft, until its technical review has begun. The claimant learns of it by the record."""
    submission = _lock(actor, version=version_id)
    claim = claim_of(submission)
    if submission.stage == Stage.TECHNICAL and claim:
        raise TooLateToWithdraw
    version = catalog.move(version_id=version_id, actor=actor, verb=Verb.WITHDRAW, submission_id="")
    _end_claims(submission)
    _enter(submission, Stage.WITHDRAWN)
    record(actor, "review.withdrawn", submission, version=version_id, claimant=claim.reviewer_id if claim else None)
    return version


@transaction.atomic
def claim(*, actor: "User", submission_id: str, stage: Stage) -> Claim:
    """Take a stage to process it; exclusive, until it is decided, given back, or lapses."""
    submission = _lock(actor, pk=submission_id)
    held = claim_of(submission)
    if held and held.reviewer_id == actor.pk:
        return held
    if held:
        raise ClaimedAlready(name=held.reviewer.name, hours=platform_rules().claim_hours)
    return _take(actor, submission, stage)


@transaction.atomic
def take_over(*, actor: "User", submission_id: str, stage: Stage) -> Claim:
    """Take a stage from somebody: after their claim lapsed, or as an administrator at any time."""
    submission = _lock(actor, pk=submission_id)
    held = last_claim_of(submission)
    if held and held.reviewer_id != actor.pk and not may_take_over(actor, submission, held):
        raise ClaimedAlready(name=held.reviewer.name, hours=platform_rules().claim_hours)
    return _take(actor, submission, stage)


def _take(actor: "User", submission: Submission, stage: Stage) -> Claim:
    if submission.stage != stage:
        raise StageHasMovedOn
    if not may_review(actor, submission):
        raise NotYoursToDecide
    before = last_claim_of(submission)
    _end_claims(submission)
    if stage is Stage.PROVIDER:
        _start_once(actor, submission)
    taken = Claim.objects.create(submission=submission, stage=stage, reviewer=actor)
    data = {"stage": stage.value, "version": submission.version_id}
    if before and before.reviewer_id != actor.pk:
        record(actor, "review.taken-over", submission, taken_from=before.reviewer_id, lapsed=has_lapsed(before), **data)
    else:
        record(actor, "review.claimed", submission, **data)
    return taken


def _start_once(actor: "User", submission: Submission) -> None:
    if versions.version_by_id(submission.version_id).status == "submitted":
        catalog.move(version_id=submission.version_id, actor=actor, verb=Verb.START_REVIEW)


@transaction.atomic
def release_claim(*, actor: "User", submission_id: str) -> Submission:
    """Give a stage back to the queue; an administrator gives back what others hold."""
    submission = _lock(actor, pk=submission_id)
    held = claim_of(submission)
    if held is None or not may_release(actor, submission, held):
        raise NotYoursToDecide
    _end_claims(submission)
    record(actor, "review.released", submission, stage=submission.stage, claimant=held.reviewer_id)
    return submission


@transaction.atomic
def decide(*, submission_id: str, actor: "User", stage: Stage, verdict: Verdict, reason: str = "") -> Submission:
    """Record one verdict and move the submission one stage along the track."""
    # Lock before looking: two reviewers may press their buttons in the same second.
    submission = _lock(actor, pk=submission_id)
    if submission.stage != stage:
        raise StageHasMovedOn
    held = claim_of(submission)
    if verdict is Verdict.PASS and held and held.reviewer_id == actor.pk and lacks_certification(submission):
        raise ProviderNotCertified(company=str(submission.app.provider))
    if verdict not in verdicts_open_to(actor, submission, held):
        raise NotYoursToDecide
    reason = reason.strip()
    if (verdict is Verdict.REJECT and not reason) or len(reason) > REASON_LENGTH:
        raise RejectionNeedsReason(field="reason")
    _conclude(submission, verdict, held, reason)
    if submission.stage in OUTCOMES:  # passed or rejected: the version moves too
        catalog.move(version_id=submission.version_id, actor=actor, verb=OUTCOMES[Stage(submission.stage)], reason=reason)
    record(actor, "review.decided", submission, stage=stage.value, verdict=verdict.value, reason=reason, version=submission.version_id)
    return submission


@transaction.atomic
def ask_force(*, actor: "User", submission_id: str, stage: Stage, verdict: Verdict, reason: str) -> ForceRequest:
    """Ask a second administrator to end a review past its stages."""
    submission = _lock(actor, pk=submission_id)
    if submission.stage != stage:
        raise StageHasMovedOn
    if verdict not in FORCED or not may_force(actor, submission):
        raise NotYoursToDecide
    reason = reason.strip()
    if not 0 < len(reason) <= REASON_LENGTH:
        raise ForceNeedsReason(field="reason")
    if force_request_of(submission):
        raise ForceAskedAlready
    asked = ForceRequest.objects.create(submission=submission, verdict=verdict, reason=reason, asked_by=actor)
    record(actor, "review.force-asked", submission, verdict=verdict.value, reason=reason, version=submission.version_id)
    return asked


@transaction.atomic
def answer_force(*, actor: "User", submission_id: str, confirm: bool) -> Submission:
    """Confirm a forced decision, which ends the review, or decline it; whoever asked may only take it back."""
    submission = _lock(actor, pk=submission_id)
    asked = force_request_of(submission)
    if asked is None:
        raise NothingToConfirm
    if not may_force(actor, submission) or (confirm and asked.asked_by_id == actor.pk):
        raise NeedsSecondPerson
    asked.answer, asked.answered_by, asked.answered_at = ("confirmed" if confirm else "declined"), actor, now()
    asked.save(update_fields=["answer", "answered_by", "answered_at"])
    if confirm:
        _force(actor, submission, asked)
    else:
        record(actor, "review.force-declined", submission, asked_by=asked.asked_by_id)
    return submission


def _force(actor: "User", submission: Submission, asked: ForceRequest) -> None:
    stage, verdict = Stage(submission.stage), Verdict(asked.verdict)
    verb, end = FORCED[verdict]
    Decision.objects.create(
        submission=submission,
        stage=stage,
        verdict=verdict,
        reason=asked.reason,
        reviewer=asked.asked_by,
        confirmed_by=actor,
        started_at=asked.asked_at,
    )
    _end_claims(submission)
    submission.forced, submission.rejected_in = True, stage.value if end is Stage.REJECTED else ""
    _enter(submission, end)
    catalog.move(version_id=submission.version_id, actor=actor, verb=verb, reason=asked.reason, asked_by=asked.asked_by_id)
    record(actor, "review.forced", submission, verdict=verdict.value, asked_by=asked.asked_by_id, reason=asked.reason)


def _conclude(submission: Submission, verdict: Verdict, held: Claim | None = None, reason: str = "") -> None:
    stage = Stage(submission.stage)
    Decision.objects.create(
        submission=submission,
        stage=stage,
        verdict=verdict,
        reason=reason,
        reviewer=held.reviewer if held else None,
        started_at=held.claimed_at if held else now(),
    )
    _end_claims(submission)
    if verdict is Verdict.REJECT:
        submission.rejected_in = stage.value
    _enter(submission, TRACK[stage, verdict])


def _enter(submission: Submission, stage: Stage) -> None:
    submission.stage, submission.stage_at = stage, now()
    submission.save(update_fields=["stage", "stage_at", "rejected_in", "forced"])
    # Whoever confirmed would confirm something else than what was asked for.
    submission.force_requests.filter(answer="").update(answer="void", answered_at=now())


def _end_claims(submission: Submission) -> None:
    submission.claims.filter(ended_at=None).update(ended_at=now())


@transaction.atomic
def attach_deployment(*, actor: "User", submission_id: str, cluster: "Cluster") -> Evidence:
    """Attach a test deployment to the review; an action on it keeps the claim alive."""
    submission = _lock(actor, pk=submission_id)
    held = claim_of(submission)
    if held is None or held.reviewer_id != actor.pk:
        raise NotYoursToDecide
    if cluster.digest != submission.digest:
        raise StageHasMovedOn
    submission.claims.filter(pk=held.pk).update(active_at=now())
    # Held, so that its job either ends before this looks, or finds what this attaches.
    cluster = clusters.held(cluster.pk)
    row = Evidence.objects.create(
        submission=submission, kind=ATTACHED, code="test-deployment", params=attachment(cluster), cluster=cluster, recorded_by=actor
    )
    record(actor, "review.tested", submission, cluster=cluster.pk, environment=cluster.environment_id)
    for job in ended_jobs_of(cluster):
        note_end(cluster, job)
    return row


def _lock(actor: "User", *, pk: str = "", version: str = "") -> Submission:
    rows = submissions_visible_to(actor).select_for_update(of=("self",))
    found = rows.filter(pk=pk) if pk else rows.filter(version=version, stage__in=OPEN_STAGES)
    submission = found.first()
    if submission is None:
        raise Missing
    return submission
