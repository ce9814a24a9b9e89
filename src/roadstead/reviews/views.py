"""The review queue and the page of one review."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from roadstead.blobs import services as blobs
from roadstead.clusters.deploying import deploy_page
from roadstead.core.errors import NotPermitted
from roadstead.core.pages import actor_of, signed_in
from roadstead.core.paging import page_of
from roadstead.packaging import services as packaging
from roadstead.reviews import selectors, services
from roadstead.reviews.forms import RejectForm
from roadstead.reviews.panel import panel_for
from roadstead.reviews.search import found_in
from roadstead.reviews.source import source_of, tree_of
from roadstead.reviews.track import Stage, Verdict

if TYPE_CHECKING:
    from roadstead.clusters.models import Cluster
    from roadstead.reviews.models import Submission

TABS = ("information", "instructions", "provider", "files", "changes")


@signed_in
@require_GET
def review_queue(request: HttpRequest) -> HttpResponse:
    """Show one tab of the queue, what waits longest first."""
    actor = actor_of(request)
    if not selectors.stages_open_to(actor):
        raise NotPermitted
    tab = request.GET.get("tab", "unprocessed")
    tab = tab if tab in selectors.QUEUES else "unprocessed"
    words = request.GET.get("q", "").strip()
    rows = found_in(selectors.with_details(selectors.queue(actor, tab)), words)
    page = page_of(rows, cursor=request.GET.get("cursor", ""), order=("stage_at", "id"))
    context = {
        "nav": "reviews",
        "tab": tab,
        "words": words,
        "page": page,
        "rows": selectors.rows_of(page.items),
        "waiting": selectors.waiting_for(actor),
        "mine": len(selectors.queue(actor, "mine").values_list("pk", flat=True)[:100]),
    }
    return render(request, "reviews/queue.html", context)


@signed_in
@require_GET
def review(request: HttpRequest, submission_id: str) -> HttpResponse:
    """Show one review."""
    submission = selectors.submission_for(actor_of(request), submission_id)
    return _page(request, submission)


def _page(request: HttpRequest, submission: "Submission", *, reject_form: RejectForm | None = None, status: int = 200) -> HttpResponse:
    panel = panel_for(actor_of(request), submission)
    tab = request.GET.get("tab") or ("files" if submission.stage == Stage.TECHNICAL else "information")
    context = {
        "nav": "reviews",
        "submission": submission,
        "version": submission.version,
        "app": submission.app,
        "panel": panel,
        "buoys": selectors.track_of_submission(submission, panel.claim),
        "tab": tab if tab in TABS else "information",
        "history": selectors.history_of(submission.version, besides=submission.pk),
        "reject_form": reject_form or RejectForm(),
    }
    if context["tab"] == "files":
        context |= _files(request, submission)
    return render(request, "reviews/review.html", context, status=status)


def _files(request: HttpRequest, submission: "Submission") -> dict[str, object]:
    package = packaging.open_package(blobs.read(submission.digest))
    paths = [file.path for file in package.files]
    if request.GET.get("show") == "rendered":
        manifests = blobs.read(submission.version.facts["manifests"]).decode()
        return {"tree": tree_of(paths), "source": source_of("manifests.yaml", manifests), "rendered": True, "count": len(paths)}
    wanted = request.GET.get("file", "")
    chosen = wanted if wanted in paths else ("values.yaml" if "values.yaml" in paths else paths[0])
    return {"tree": tree_of(paths), "source": source_of(chosen, package.text(chosen)), "count": len(paths)}


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
    form = RejectForm(request.POST)
    if not form.is_valid():
        return _page(request, selectors.submission_for(actor, submission_id), reject_form=form, status=422)
    reason = form.cleaned_data["reason"]
    services.decide(actor=actor, submission_id=submission_id, stage=_stage(request), verdict=Verdict.REJECT, reason=reason)
    return _act_then_return(request, submission_id, _("The version is rejected. The developer sees your reason."))


@signed_in
@require_http_methods(["GET", "POST"])
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
@require_GET
def package(request: HttpRequest, submission_id: str) -> HttpResponse:
    """Download the reviewed package, byte for byte."""
    submission = selectors.submission_for(actor_of(request), submission_id)
    answer = HttpResponse(blobs.read(submission.digest), content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = f'attachment; filename="{submission.version_id}.tgz"'
    return answer
