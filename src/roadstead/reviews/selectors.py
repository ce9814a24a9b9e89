"""Which submissions a person reaches, who holds them, and what this person may do to each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from roadstead.accounts.access import may, visible
from roadstead.accounts.permissions import Action
from roadstead.accounts.selectors import platform_rules
from roadstead.clusters.selectors import clusters_visible_to
from roadstead.core.clock import now
from roadstead.core.errors import Missing
from roadstead.core.lookup import Lookup
from roadstead.core.states import State
from roadstead.reviews.buoys import Buoy, stage_buoys, version_buoys
from roadstead.reviews.models import Claim, Decision, Evidence, ForceRequest, Submission, state_of
from roadstead.reviews.search import found_in
from roadstead.reviews.track import ACTION_OF, OPEN_STAGES, TRACK, Stage, Verdict, stages_after
from roadstead.reviews.trials import Trial, trials_among

if TYPE_CHECKING:
    from roadstead.accounts.access import Actor
    from roadstead.catalog.models import App, Version


# Asked several times in every step of a review.
_WITH_DETAILS = Lookup(
    lambda submission_id: Submission.objects.select_related(
        "version__app__provider", "app__provider__head", "app__category", "owner"
    ).filter(pk=submission_id)
)
_CLAIMS = Lookup(
    lambda submission_id: Claim.objects.filter(submission=submission_id, ended_at=None).select_related("reviewer").order_by("pk")
)
_EVIDENCE = Lookup(
    lambda submission_id: (
        Evidence.objects.filter(submission=submission_id).select_related("submission", "cluster__environment", "recorded_by").order_by("pk")
    )
)
_DECISIONS = Lookup(
    lambda submission_id: Decision.objects.filter(submission=submission_id).select_related("reviewer").order_by("decided_at")
)


def claim_lifetime() -> timedelta:
    """How long a claim holds after the last action on it."""
    return timedelta(hours=platform_rules().claim_hours)


def live_claims() -> QuerySet[Claim]:
    """The claims that hold now; a lapsed one counts no more, though nobody has ended it yet."""
    return Claim.objects.filter(ended_at=None, active_at__gt=now() - claim_lifetime())


def stages_open_to(actor: "Actor") -> list[Stage]:
    """The stages that this person's role reviews."""
    return [stage for stage, action in ACTION_OF.items() if may(actor, action)]


def submissions_visible_to(actor: "Actor") -> QuerySet[Submission]:
    """One's own submissions, and those within reach of a review action that one holds."""
    if not stages_open_to(actor):
        return Submission.objects.filter(owner=actor.pk)
    return visible(actor, Submission.objects.all(), *ACTION_OF.values())


def submission_for(actor: "Actor", submission_id: str) -> Submission:
    """Return one submission with what its page shows; a foreign one is missing."""
    submission = _WITH_DETAILS.first(submission_id)
    if submission is None or not _reaches(actor, submission):
        raise Missing
    return submission


def _reaches(actor: "Actor", submission: Submission) -> bool:
    """Answer for one row what `submissions_visible_to` asks of many."""
    return submission.owner_id == actor.pk or any(may(actor, action, submission) for action in ACTION_OF.values())


def claim_of(submission: Submission) -> Claim | None:
    """Return the claim that holds this submission now."""
    claim = last_claim_of(submission)
    return None if claim is None or has_lapsed(claim) else claim


def last_claim_of(submission: Submission) -> Claim | None:
    """Return the claim that nobody has ended, lapsed or not."""
    return _CLAIMS.first(submission.pk)


def has_lapsed(claim: Claim) -> bool:
    """Whether nothing has happened on a claim for too long."""
    return lapses_at(claim) <= now()


def lapses_at(claim: Claim) -> datetime:
    """When a claim lapses if nothing more happens."""
    return claim.active_at + claim_lifetime()


def may_review(actor: "Actor", submission: Submission) -> bool:
    """Whether this person may process the present stage: the role's action reaches it, and it isn't their own."""
    stage = Stage(submission.stage)
    return stage in ACTION_OF and submission.owner_id != actor.pk and may(actor, ACTION_OF[stage], submission)


def verdicts_open_to(actor: "Actor", submission: Submission, claim: Claim | None) -> list[Verdict]:
    """The buttons this person sees now, and all that `services.decide` will accept from them."""
    if claim is None or claim.reviewer_id != actor.pk or not may_review(actor, submission):
        return []
    barred = {Verdict.WAIVED, Verdict.PASS} if lacks_certification(submission) else {Verdict.WAIVED}
    return [verdict for stage, verdict in TRACK if stage == submission.stage and verdict not in barred]


def lacks_certification(submission: Submission) -> bool:
    """Whether the business stage can't be passed because the platform hasn't certified the provider."""
    provider = submission.app.provider
    return submission.stage == Stage.BUSINESS and not (provider and provider.certified)


def may_force(actor: "Actor", submission: Submission) -> bool:
    """Whether this person may ask for, or confirm, a decision past the stages; nobody may on their own submission."""
    return submission.is_open and submission.owner_id != actor.pk and may(actor, Action.FORCE_DECIDE, submission)


def force_request_of(submission: Submission) -> ForceRequest | None:
    """Return the forced decision that waits for a second administrator."""
    return submission.force_requests.filter(answer="").select_related("asked_by").first()


def forces_waiting_for(actor: "Actor") -> list[ForceRequest]:
    """Return the forced decisions that this person could confirm as the second administrator, the oldest first."""
    if not may(actor, Action.FORCE_DECIDE):
        return []
    # Which wait is asked alone: they are few, and joined at once a database begins with the submissions, which are many.
    waiting = list(ForceRequest.objects.filter(answer="").exclude(asked_by=actor.pk).values_list("pk", flat=True))
    if not waiting:
        return []
    rows = ForceRequest.objects.filter(Exists(submissions_visible_to(actor).filter(pk=OuterRef("submission"))), pk__in=waiting)
    rows = rows.exclude(submission__owner=actor.pk).select_related("submission__app", "submission__version", "asked_by")
    return list(rows.order_by("asked_at")[:FORCES_SHOWN])


def may_take_over(actor: "Actor", submission: Submission, held: Claim | None) -> bool:
    """Whether this person may take the stage from whoever has it: after that claim lapsed, or as an administrator."""
    if held is None or held.reviewer_id == actor.pk or not may_review(actor, submission):
        return False
    return has_lapsed(held) or may(actor, Action.FORCE_DECIDE, submission)


def may_release(actor: "Actor", submission: Submission, held: Claim | None) -> bool:
    """Whether this person may give the stage back to the queue: whoever holds it, or an administrator."""
    return held is not None and (held.reviewer_id == actor.pk or may(actor, Action.FORCE_DECIDE, submission))


FORCES_SHOWN = 5
QUEUES = ("unprocessed", "mine", "processed", "all")


def queue(actor: "Actor", tab: str) -> QuerySet[Submission]:
    """The rows of one tab of the review queue; what waits longest comes first."""
    rows = submissions_visible_to(actor).exclude(owner=actor.pk, stage__in=OPEN_STAGES)
    stages = stages_open_to(actor)
    if tab == "mine":
        return rows.filter(Exists(live_claims().filter(submission=OuterRef("pk"), reviewer=actor.pk)))
    if tab == "processed":
        return rows.filter(_past(stages))
    if tab == "all":
        return rows
    return rows.filter(stage__in=stages)


def _past(stages: Iterable[Stage]) -> Q:
    past = Q(stage__in=())
    for stage in stages:
        past |= Q(stage__in=stages_after(stage))
        past |= Q(Exists(Decision.objects.filter(stage=stage, submission=OuterRef("pk"))))
    return past


def waiting_since(actor: "Actor") -> list[datetime]:
    """Since when each submission waits for this person's role and is held by nobody else, oldest first; a hundred at most."""
    held_by_others = live_claims().filter(submission=OuterRef("pk")).exclude(reviewer=actor.pk)
    rows = queue(actor, "unprocessed").exclude(Exists(held_by_others)).order_by("stage_at")
    return list(rows.values_list("stage_at", flat=True)[:100])


def waiting_for(actor: "Actor") -> int:
    """How many submissions wait for this person's role and are held by nobody else; shown beside the queue's name."""
    return len(waiting_since(actor))


def providers_in(rows: QuerySet[Submission]) -> dict[str, str]:
    """The providers of a list's first rows by their ids, for its filter."""
    found = rows.filter(app__provider__isnull=False).values_list("app__provider", "app__provider__company_name")[:500]
    return dict(sorted(found, key=lambda provider: str(provider[1])))


@dataclass(frozen=True)
class Row:
    """A submission in a list, with who holds it."""

    submission: Submission
    claim: Claim | None
    lapsed: Claim | None
    state: State
    buoys: list[Buoy]
    decided_by: str = ""

    @property
    def late(self) -> bool:
        """Whether it has been waiting for longer than a stage should take."""
        goal = timedelta(hours=settings.OPTIONS.review_goal_hours)
        return self.submission.is_open and now() - self.submission.stage_at > goal


def rows_of(submissions: Iterable[Submission]) -> list[Row]:
    """Return list rows with their claims and decisions, in two queries whatever their number."""
    listed = list(submissions)
    held = {claim.submission_id: claim for claim in Claim.objects.filter(ended_at=None, submission__in=listed).select_related("reviewer")}
    lapsed = {pk: claim for pk, claim in held.items() if has_lapsed(claim)}
    claims = {pk: claim for pk, claim in held.items() if pk not in lapsed}
    decisions: dict[str, list[Decision]] = {}
    for decision in Decision.objects.filter(submission__in=listed).select_related("reviewer", "confirmed_by").order_by("decided_at"):
        decisions.setdefault(decision.submission_id, []).append(decision)
    return [
        Row(
            s,
            claims.get(s.pk),
            lapsed.get(s.pk),
            state_of(s, claimed=s.pk in claims),
            stage_buoys(s, claims.get(s.pk), decisions.get(s.pk, [])),
            "" if s.is_open else next((one.who for one in reversed(decisions.get(s.pk, []))), ""),
        )
        for s in listed
    ]


def ended(apps: "QuerySet[App] | None" = None) -> QuerySet[Submission]:
    """The reviews that ended with a verdict: of some apps, or of all."""
    rows = Submission.objects.filter(stage__in=(Stage.PASSED, Stage.REJECTED))
    return rows if apps is None else rows.filter(app__in=apps)


def found_by(actor: "Actor", words: str) -> QuerySet[Submission]:
    """The reviews of the queue that are meant by a number, an app, a version or a provider; newest first."""
    return with_details(found_in(queue(actor, "all"), words)).order_by("-stage_at")


def with_details(submissions: QuerySet[Submission]) -> QuerySet[Submission]:
    """Fetch what a list shows of each submission."""
    return submissions.select_related("version", "app", "app__provider", "owner")


def history_of(version: "Version", *, besides: str = "") -> QuerySet[Submission]:
    """A version's other submissions, newest first, with their claims and decisions."""
    decisions = Prefetch("decisions", Decision.objects.select_related("reviewer", "confirmed_by").order_by("decided_at"))
    claims = Prefetch("claims", Claim.objects.select_related("reviewer").order_by("claimed_at"))
    rows = Submission.objects.filter(version=version).exclude(pk=besides).select_related("owner")
    return rows.prefetch_related(decisions, claims).order_by("-submitted_at")


def forced_decision_of(version: "Version", submissions: Iterable[Submission]) -> Decision | None:
    """The decision past the stages by which a version came where it is, if two administrators made one."""
    current = version.submission_id if version.status != "draft" else ""
    return next((row for one in submissions if one.pk == current for row in one.decisions.all() if row.forced), None)


def evidence_of(version: "Version") -> list[Decision]:
    """The decisions of the submission by which a version passed; what the store shows as its proof."""
    passed = Submission.objects.filter(version=version, stage=Stage.PASSED).order_by("-submitted_at").first()
    return list(passed.decisions.select_related("reviewer", "confirmed_by").order_by("decided_at")) if passed else []


def evidence_rows(submission: Submission) -> QuerySet[Evidence]:
    """The last result of each check that was recorded for a submission."""
    rows = submission.evidence.filter(kind="check").order_by("pk")
    later = Evidence.objects.filter(submission=OuterRef("submission"), kind="check", code=OuterRef("code"), pk__gt=OuterRef("pk"))
    return rows.exclude(Exists(later))


def trials_of(submission: Submission) -> list[Trial]:
    """The test deployments of a submission, for whoever only reads what they proved."""
    rows = submission.evidence.exclude(kind="check").select_related("submission", "recorded_by", "cluster__environment").order_by("pk")
    return trials_among(rows)


def decisions_of(submission: Submission) -> list[Decision]:
    """The decisions of a submission with who gave them, in order."""
    return _DECISIONS.all(submission.pk)


@dataclass(frozen=True)
class Proof:
    """What was recorded about a submission's digest: the last result of each check, and the test deployments."""

    checks: list[Evidence]
    deployments: list[Trial]
    checked_at: datetime | None


def proof_of(actor: "Actor", submission: Submission) -> Proof:
    """Return the evidence of a submission; the instances of its test deployments are linked where this person reaches them."""
    rows = _EVIDENCE.all(submission.pk)
    last = {row.code: row for row in rows if row.kind == "check"}
    checked_at = max((row.recorded_at for row in last.values()), default=None)
    instances = {row.cluster_id for row in rows if row.cluster_id}
    reach = set(clusters_visible_to(actor).filter(pk__in=instances).values_list("pk", flat=True)) if instances else set()
    return Proof(list(last.values()), trials_among(rows, reach), checked_at)


def track_of(version: "Version", submissions: Sequence[Submission] | None = None) -> list[Buoy]:
    """The whole way of a version: submit, the three stages of its latest submission, in store; `submissions` are those of `history_of`."""
    latest = next(iter(history_of(version) if submissions is None else submissions), None)
    if latest is None:
        return version_buoys(version, None, [])
    held = next((claim for claim in latest.claims.all() if claim.ended_at is None and not has_lapsed(claim)), None)
    return version_buoys(version, latest, stage_buoys(latest, held, latest.decisions.all()))


def track_of_submission(submission: Submission, claim: Claim | None) -> list[Buoy]:
    """The whole way of a version as one submission of it went."""
    decisions = list(submission.decisions.select_related("reviewer", "confirmed_by"))
    return version_buoys(submission.version, submission, stage_buoys(submission, claim, decisions))
