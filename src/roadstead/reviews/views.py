"""The review queue and the page of one review."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from roadstead.accounts.selectors import platform_rules
from roadstead.blobs import services as blobs
from roadstead.clusters.deploying import deploy_page
from roadstead.core.deliveries import DELIVERIES
from roadstead.core.errors import NotPermitted
from roadstead.core.pages import actor_of, require_proof, signed_in
from roadstead.core.paging import page_of
from roadstead.reviews import selectors, services
from roadstead.reviews.difference import difference_of
from roadstead.reviews.filters import STATES, filtered
from roadstead.reviews.forms import ForceForm, RejectForm
from roadstead.reviews.panel import panel_for
from roadstead.reviews.plots import figures_for
from roadstead.reviews.reading import FIRST, difference_context, files_context
from roadstead.reviews.search import found_in
from roadstead.reviews.track import Stage, Verdict

if TYPE_CHECKING:
    from roadstead.clusters.models import Cluster
    from roadstead.reviews.models import Submission

_READING = {"files": files_context, "difference": difference_context}
TABS = ("information", "instructions", "provider", "terms", "files", "difference", "tests", "changes")


@signed_in
@require_safe
def review_queue(request: HttpRequest) -> HttpResponse:
    """Show one tab of the queue, what waits longest first."""
    actor = actor_of(request)
    if not selectors.stages_open_to(actor):
        raise NotPermitted
    tab = request.GET.get("tab", "unprocessed")
    tab = tab if tab in selectors.QUEUES else "unprocessed"
    words, delivery, provider, state = (request.GET.get(name, "").strip() for name in ("q", "type", "provider", "state"))
    everything = selectors.queue(actor, tab)
    rows = filtered(found_in(selectors.with_details(everything), words), delivery=delivery, provider=provider, state=state)
    # What waits longest comes first; of what is done, the latest.
    order = ("-stage_at", "id") if tab == "processed" else ("stage_at", "id")
    page = page_of(rows, cursor=request.GET.get("cursor", ""), order=order)
    waiting = selectors.waiting_since(actor)
    context = {
        "nav": "reviews",
        "tab": tab,
        "words": words,
        "delivery": delivery,
        "provider": provider,
        "state": state,
        "states": STATES,
        "deliveries": DELIVERIES,
        "providers": selectors.providers_in(everything),
        "page": page,
        "rows": selectors.rows_of(page.items),
        "waiting": len(waiting),
        "claim_hours": platform_rules().claim_hours,
        "figures": figures_for(actor, waiting),
    }
    return render(request, "reviews/queue.html", context)


@signed_in
@require_safe
def review(request: HttpRequest, submission_id: str) -> HttpResponse:
    """Show one review."""
    submission = selectors.submission_for(actor_of(request), submission_id)
    return _page(request, submission)


def _page(
    request: HttpRequest,
    submission: "Submission",
    *,
    reject_form: RejectForm | None = None,
    force_form: ForceForm | None = None,
    status: int = 200,
) -> HttpResponse:
    panel = panel_for(actor_of(request), submission)
    tab = request.GET.get("tab") or ("files" if submission.stage == Stage.TECHNICAL else "information")
    # A version that was repacked since is another package: an old submission shows the one that it names.
    difference = difference_of(submission.version) if submission.digest == submission.version.package else None
    context: dict[str, Any] = {
        "nav": "reviews",
        "submission": submission,
        "version": submission.version,
        "app": submission.app,
        "panel": panel,
        "buoys": selectors.track_of_submission(submission, panel.claim),
        "tab": tab if tab in TABS else "information",
        "difference": difference,
        "history": selectors.history_of(submission.version, besides=submission.pk),
        "reject_form": reject_form or RejectForm(stage=submission.stage),
        "force_form": force_form or ForceForm(),
    }
    if context["tab"] in _READING:
        context |= _READING[context["tab"]](submission, request.GET, difference)
        context["warned"] = panel.warned("" if context.get("rendered") else request.GET.get("file") or FIRST[submission.version.type])
    return render(request, "reviews/review.html", context, status=status)


def _act_then_return(request: HttpRequest, submission_id: str, done: str) -> HttpResponse:
    messages.success(request, done)
    return redirect("review", submission_id)


def _stage(request: HttpRequest) -> Stage:
    """The stage that the page showed, which its forms' addresses carry; an unknown one is as stale as any other."""
    try:
        return Stage(request.GET.get("stage", ""))
    except ValueError:
        return Stage.WITHDRAWN


@signed_in
@require_POST
def claim(request: HttpRequest, submission_id: str) -> HttpResponse:
    """Take the stage and open the review."""
    services.claim(actor=actor_of(request), submission_id=submission_id, stage=_stage(request))
    return redirect("review", submission_id)


@signed_in
@require_POST
def release(request: HttpRequest, submission_id: str) -> HttpResponse:
    """Give the stage back to the queue."""
    services.release_claim(actor=actor_of(request), submission_id=submission_id)
    return _act_then_return(request, submission_id, _("The review is back in the queue. Somebody else can process it now."))


@signed_in
@require_POST
def take_over(request: HttpRequest, submission_id: str) -> HttpResponse:
    """Take the stage from somebody whose claim lapsed, or as an administrator."""
    services.take_over(actor=actor_of(request), submission_id=submission_id, stage=_stage(request))
    return _act_then_return(request, submission_id, _("You process this review now. The record names both of you."))


@signed_in
@require_POST
def force(request: HttpRequest, submission_id: str) -> HttpResponse:
    """Ask a second administrator for a decision past the stages."""
    require_proof(request)
    actor = actor_of(request)
    form = ForceForm(request.POST)
    if not form.is_valid():
        return _page(request, selectors.submission_for(actor, submission_id), force_form=form, status=422)
    verdict, reason = form.wish()
    services.ask_force(actor=actor, submission_id=submission_id, stage=_stage(request), verdict=verdict, reason=reason)
    return _act_then_return(request, submission_id, _("Your request waits for a second administrator. Nothing has changed until then."))


@signed_in
@require_POST
def answer_force(request: HttpRequest, submission_id: str) -> HttpResponse:
    """Confirm or decline a forced decision."""
    require_proof(request)
    confirm = request.POST.get("answer") == "confirm"
    services.answer_force(actor=actor_of(request), submission_id=submission_id, confirm=confirm)
    done = _("The forced decision counts. The record names both of you.") if confirm else _("The request is declined. The review goes on.")
    return _act_then_return(request, submission_id, done)


@signed_in
@require_POST
def recheck(request: HttpRequest, submission_id: str) -> HttpResponse:
    """Run the automatic checks again."""
    services.recheck(actor=actor_of(request), submission_id=submission_id)
    return _act_then_return(request, submission_id, _("The automatic checks ran again. Their results are in the panel."))


@signed_in
@require_POST
def pass_stage(request: HttpRequest, submission_id: str) -> HttpResponse:
    """Pass the stage."""
    stage = _stage(request)
    submission = services.decide(actor=actor_of(request), submission_id=submission_id, stage=stage, verdict=Verdict.PASS)
    return _act_then_return(request, submission_id, _passed(submission, stage))


def _passed(submission: "Submission", stage: Stage) -> str:
    name = f"{submission.app.name} {submission.version.name}"
    match stage:
        case Stage.PROVIDER:
            return _("Provider review passed. %(name)s goes to business review.") % {"name": name}
        case Stage.BUSINESS:
            return _("Business review passed. %(name)s goes to technical review.") % {"name": name}
        case _:
            return _("Technical review passed. The developer can release %(name)s to the store now.") % {"name": name}


@signed_in
@require_POST
def reject(request: HttpRequest, submission_id: str) -> HttpResponse:
    """Reject the stage with a reason; a mistake shows the dialog again with what was typed."""
    actor = actor_of(request)
    form = RejectForm(request.POST, stage=_stage(request))
    if not form.is_valid():
        return _page(request, selectors.submission_for(actor, submission_id), reject_form=form, status=422)
    reason = form.cleaned_data["reason"]
    services.decide(actor=actor, submission_id=submission_id, stage=_stage(request), verdict=Verdict.REJECT, reason=reason)
    return _act_then_return(request, submission_id, _("The version is rejected. The developer sees your reason."))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def test_deployment(request: HttpRequest, submission_id: str) -> HttpResponse:
    """Deploy exactly the reviewed version to a test environment and attach the deployment to the review."""
    actor = actor_of(request)
    submission = selectors.submission_for(actor, submission_id)
    if not panel_for(actor, submission).can_test:
        raise NotPermitted

    def attach(cluster: "Cluster") -> HttpResponse:
        services.attach_deployment(actor=actor, submission_id=submission_id, cluster=cluster)
        return redirect("instance", cluster.pk)

    return deploy_page(request, submission.version, debug=True, created=attach)


@signed_in
@require_safe
def package(request: HttpRequest, submission_id: str) -> HttpResponse:
    """Download the reviewed package, byte for byte."""
    submission = selectors.submission_for(actor_of(request), submission_id)
    answer = HttpResponse(blobs.read(submission.digest), content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = f'attachment; filename="{submission.version_id}.tgz"'
    return answer
