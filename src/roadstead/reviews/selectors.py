"""Which submissions a person reaches, who holds them, and what this person may do to each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from roadstead.accounts.access import may, visible
from roadstead.core.clock import now
from roadstead.core.errors import Missing
from roadstead.core.states import State
from roadstead.reviews.buoys import Buoy, stage_buoys, version_buoys
from roadstead.reviews.models import Claim, Decision, Evidence, Submission, state_of
from roadstead.reviews.track import ACTION_OF, OPEN_STAGES, TRACK, Stage, Verdict, stages_after

if TYPE_CHECKING:
    from roadstead.accounts.access import Actor
    from roadstead.catalog.models import Version


def claim_lifetime() -> timedelta:
    """How long a claim holds after the last action on it."""
    return timedelta(hours=settings.OPTIONS.claim_hours)


def live_claims() -> QuerySet[Claim]:
    """The claims that hold now; a lapsed one counts no more, though nobody has ended it yet."""
    return Claim.objects.filter(ended_at=None, active_at__gt=now() - claim_lifetime())


def stages_open_to(actor: "Actor") -> list[Stage]:
    """The stages that this person's role reviews."""
    return [stage for stage, action in ACTION_OF.items() if may(actor, action)]


def submissions_visible_to(actor: "Actor") -> QuerySet[Submission]:
    """One's own submissions, and those within reach of a review action that one holds."""
    reach = Q(owner=actor.pk)
    for stage in stages_open_to(actor):
        reach |= Q(pk__in=visible(actor, Submission.objects.all(), ACTION_OF[stage]).values("pk"))
    return Submission.objects.filter(reach)


def submission_for(actor: "Actor", submission_id: str) -> Submission:
    """Return one submission with what its page shows; a foreign one is missing."""
    rows = submissions_visible_to(actor).select_related("version", "app", "app__provider", "owner")
    submission = rows.filter(pk=submission_id).first()
    if submission is None:
        raise Missing
    return submission


def claim_of(submission: Submission) -> Claim | None:
    """Return the claim that holds this submission now."""
    return live_claims().filter(submission=submission).select_related("reviewer").first()


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
    return [verdict for stage, verdict in TRACK if stage == submission.stage and verdict is not Verdict.WAIVED]


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
        past |= Q(pk__in=Decision.objects.filter(stage=stage).values("submission"))
    return past


def waiting_for(actor: "Actor") -> int:
    """How many submissions wait for this person's role and are held by nobody else; shown beside the queue's name."""
    held_by_others = live_claims().filter(submission=OuterRef("pk")).exclude(reviewer=actor.pk)
    return len(queue(actor, "unprocessed").exclude(Exists(held_by_others)).values_list("pk", flat=True)[:100])


@dataclass(frozen=True)
class Row:
    """A submission in a list, with who holds it."""

    submission: Submission
    claim: Claim | None
    state: State
    buoys: list[Buoy]


def rows_of(submissions: Iterable[Submission]) -> list[Row]:
    """Return list rows with their claims and decisions, in two queries whatever their number."""
    listed = list(submissions)
    claims = {claim.submission_id: claim for claim in live_claims().filter(submission__in=listed).select_related("reviewer")}
    decisions: dict[str, list[Decision]] = {}
    for decision in Decision.objects.filter(submission__in=listed).select_related("reviewer"):
        decisions.setdefault(decision.submission_id, []).append(decision)
    return [
        Row(s, claims.get(s.pk), state_of(s, claimed=s.pk in claims), stage_buoys(s, claims.get(s.pk), decisions.get(s.pk, [])))
        for s in listed
    ]


def with_details(submissions: QuerySet[Submission]) -> QuerySet[Submission]:
    """Fetch what a list shows of each submission."""
    return submissions.select_related("version", "app", "app__provider", "owner")


def history_of(version: "Version", *, besides: str = "") -> QuerySet[Submission]:
    """A version's other submissions, newest first, with their decisions."""
    decisions = Prefetch("decisions", Decision.objects.select_related("reviewer").order_by("decided_at"))
    return Submission.objects.filter(version=version).exclude(pk=besides).prefetch_related(decisions).order_by("-submitted_at")


def evidence_of(version: "Version") -> list[Decision]:
    """The decisions of the submission by which a version passed; what the store shows as its proof."""
    passed = Submission.objects.filter(version=version, stage=Stage.PASSED).order_by("-submitted_at").first()
    return list(passed.decisions.select_related("reviewer").order_by("decided_at")) if passed else []


def evidence_rows(submission: Submission, kind: str) -> QuerySet[Evidence]:
    """The checks, or the test deployments, that were recorded for a submission."""
    return submission.evidence.filter(kind=kind).select_related("cluster", "cluster__environment").order_by("pk")


def track_of(version: "Version") -> list[Buoy]:
    """The whole way of a version: submit, the three stages of its latest submission, in store."""
    submission = Submission.objects.filter(version=version).select_related("owner").order_by("-submitted_at").first()
    if submission is None:
        return version_buoys(version, None, [])
    decisions = list(submission.decisions.select_related("reviewer"))
    return version_buoys(version, submission, stage_buoys(submission, claim_of(submission), decisions))


def track_of_submission(submission: Submission, claim: Claim | None) -> list[Buoy]:
    """The whole way of a version as one submission of it went."""
    decisions = list(submission.decisions.select_related("reviewer"))
    return version_buoys(submission.version, submission, stage_buoys(submission, claim, decisions))
