"""Reviews for programs: the queue, and everything that a reviewer does."""

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from roadstead.accounts.bearer import Bearer, Scope
from roadstead.accounts.repeating import once
from roadstead.blobs import services as blobs
from roadstead.core.api import FILE, Id, PageOf, page
from roadstead.core.errors import NotPermitted
from roadstead.core.pages import actor_of
from roadstead.core.paging import page_of
from roadstead.reviews import selectors, services
from roadstead.reviews.filters import filtered
from roadstead.reviews.schemas import AtStage, ForceAnswer, ForceWish, Rejection, Review, ReviewsAsked, TestDeployment, WholeReview
from roadstead.reviews.search import found_in
from roadstead.reviews.testing import deploy_for_test
from roadstead.reviews.track import Stage, Verdict

READ, WRITE = Bearer(Scope.REVIEWS_READ), Bearer(Scope.REVIEWS_WRITE)
router = Router(tags=["reviews"])


@router.get("", response=PageOf[Review], auth=READ, operation_id="list_reviews")
def list_reviews(request: HttpRequest, asked: Query[ReviewsAsked]) -> PageOf[Review]:
    """List one queue of this person's, what waits longest first; or the reviews of one version."""
    actor = actor_of(request)
    if asked.version:
        rows = selectors.submissions_visible_to(actor).filter(version=asked.version)
    elif selectors.stages_open_to(actor):
        rows = selectors.queue(actor, asked.queue)
    else:
        raise NotPermitted
    rows = filtered(found_in(selectors.with_details(rows), asked.q), delivery=asked.type, provider=asked.provider)
    found = page_of(rows, cursor=asked.cursor, order=(asked.sort, "id"), size=asked.limit)
    told = [Review.of(row.submission, row.claim) for row in selectors.rows_of(found.items)]
    return page(told, found.next_cursor)


@router.get("/{submission_id}", response=WholeReview, auth=READ, operation_id="get_review")
def get_review(request: HttpRequest, submission_id: Id) -> WholeReview:
    """Return one review with its decisions, checks and test deployments."""
    return _whole(request, submission_id)


def _whole(request: HttpRequest, submission_id: str) -> WholeReview:
    actor = actor_of(request)
    return WholeReview.whole(selectors.submission_for(actor, submission_id), actor)


@router.get("/{submission_id}/package", response={200: None}, auth=READ, operation_id="download_reviewed_package", openapi_extra=FILE)
def download_reviewed_package(request: HttpRequest, submission_id: Id) -> HttpResponse:
    """Hand out the reviewed package, byte for byte."""
    submission = selectors.submission_for(actor_of(request), submission_id)
    answer = HttpResponse(blobs.read(submission.digest), content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{submission.version_id}.tgz"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@router.post("/{submission_id}/claim", response=WholeReview, auth=WRITE, operation_id="claim_review")
def claim_review(request: HttpRequest, submission_id: Id, sent: AtStage) -> WholeReview:
    """Take a stage to process it; exclusive until it is decided, given back, or lapses."""
    services.claim(actor=actor_of(request), submission_id=submission_id, stage=Stage(sent.stage))
    return _whole(request, submission_id)


@router.post("/{submission_id}/take-over", response=WholeReview, auth=WRITE, operation_id="take_over_review")
def take_over_review(request: HttpRequest, submission_id: Id, sent: AtStage) -> WholeReview:
    """Take a stage from somebody whose claim lapsed, or as an administrator."""
    services.take_over(actor=actor_of(request), submission_id=submission_id, stage=Stage(sent.stage))
    return _whole(request, submission_id)


@router.post("/{submission_id}/release", response=WholeReview, auth=WRITE, operation_id="release_review")
def release_review(request: HttpRequest, submission_id: Id) -> WholeReview:
    """Give a stage back to the queue."""
    services.release_claim(actor=actor_of(request), submission_id=submission_id)
    return _whole(request, submission_id)


@router.post("/{submission_id}/check", response=WholeReview, auth=WRITE, operation_id="recheck_review")
def recheck_review(request: HttpRequest, submission_id: Id) -> WholeReview:
    """Run the automatic checks again."""
    services.recheck(actor=actor_of(request), submission_id=submission_id)
    return _whole(request, submission_id)


@router.post("/{submission_id}/pass", response=WholeReview, auth=WRITE, operation_id="pass_review")
def pass_review(request: HttpRequest, submission_id: Id, sent: AtStage) -> WholeReview:
    """Pass a stage that one has claimed."""
    services.decide(actor=actor_of(request), submission_id=submission_id, stage=Stage(sent.stage), verdict=Verdict.PASS)
    return _whole(request, submission_id)


@router.post("/{submission_id}/reject", response=WholeReview, auth=WRITE, operation_id="reject_review")
def reject_review(request: HttpRequest, submission_id: Id, sent: Rejection) -> WholeReview:
    """Reject a stage that one has claimed, with a reason for the developer."""
    services.decide(
        actor=actor_of(request), submission_id=submission_id, stage=Stage(sent.stage), verdict=Verdict.REJECT, reason=sent.reason
    )
    return _whole(request, submission_id)


@router.post("/{submission_id}/force", response=WholeReview, auth=WRITE, operation_id="ask_force")
def ask_force(request: HttpRequest, submission_id: Id, sent: ForceWish) -> WholeReview:
    """Ask a second administrator to end a review past its stages."""
    stage, verdict = Stage(sent.stage), Verdict(sent.verdict)
    services.ask_force(actor=actor_of(request), submission_id=submission_id, stage=stage, verdict=verdict, reason=sent.reason)
    return _whole(request, submission_id)


@router.post("/{submission_id}/force-answer", response=WholeReview, auth=WRITE, operation_id="answer_force")
def answer_force(request: HttpRequest, submission_id: Id, sent: ForceAnswer) -> WholeReview:
    """Confirm or decline a forced decision."""
    services.answer_force(actor=actor_of(request), submission_id=submission_id, confirm=sent.confirm)
    return _whole(request, submission_id)


@router.post("/{submission_id}/deployments", response={201: WholeReview}, auth=WRITE, operation_id="deploy_for_test")
@once
def test_deployment(request: HttpRequest, submission_id: Id, sent: TestDeployment) -> WholeReview:
    """Deploy exactly the reviewed package to a test environment, as evidence of the review."""
    deploy_for_test(
        actor=actor_of(request), submission_id=submission_id, environment_id=sent.environment, name=sent.name, values=sent.values
    )
    return _whole(request, submission_id)
