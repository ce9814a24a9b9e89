"""Deploying, the list of instances and the page of one."""

from collections.abc import Callable
from typing import TypedDict

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from roadstead.accounts.access import reaches_others
from roadstead.accounts.permissions import Action
from roadstead.catalog.selectors import deployable_version
from roadstead.clusters import live, selectors, services
from roadstead.clusters.deploying import deploy_page
from roadstead.clusters.forms import ConfirmForm
from roadstead.clusters.machines.gate_seen import frontgate_of
from roadstead.clusters.machines.seen import machines_of
from roadstead.clusters.models import Cluster
from roadstead.clusters.operations import reads_values
from roadstead.clusters.page import TABS, activity_of, page_of_instance
from roadstead.clusters.seen import pod_count, seen_of
from roadstead.clusters.several import acts_of
from roadstead.clusters.states import STATUS_STATES
from roadstead.core.pages import actor_of, signed_in
from roadstead.core.paging import page_of


class _Activity(TypedDict):
    job_id: str
    whole: bool


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def deploy(request: HttpRequest, version_id: str) -> HttpResponse:
    """Deploy a version to one's own environment, or with `?test=1` to a test environment."""
    debug = request.GET.get("test") == "1"
    version = deployable_version(actor_of(request), version_id, debug=debug)
    return deploy_page(request, version, debug=debug, created=lambda cluster: redirect("instance", cluster.pk))


@signed_in
@require_safe
def instances(request: HttpRequest, *, debug: bool = False, everybody: bool = False) -> HttpResponse:
    """List a person's instances, or with `everybody` all that they reach, or the test instances that they reach, newest first."""
    actor, debug = actor_of(request), debug or request.GET.get("test") == "1"
    status, words, place = (request.GET.get(name, "").strip() for name in ("status", "q", "environment"))
    own = not (debug or everybody or place)
    rows = selectors.listed(actor, debug=debug, status=status, search=words, environment=place, own=own)
    page = page_of(rows, cursor=request.GET.get("cursor", ""), order=("-created_at", "id"))
    name = "test_instances" if debug else "all_instances" if everybody else "instances"
    context = {
        "nav": name.replace("_", "-"),
        "debug": debug,
        "everybody": everybody,
        "reaches_others": not debug and reaches_others(actor, Action.VIEW_INSTANCES),
        "address": reverse(name),
        "page": page,
        "rows": [(cluster, acts_of(actor, cluster), pod_count(cluster)) for cluster in page],
        "place": next((cluster.environment for cluster in page), None) if place else None,
        "words": words,
        "status": status,
        "states": STATUS_STATES.values(),
        "moving": any(cluster.transition for cluster in page),
    }
    return render(request, "clusters/instances.html", context)


@signed_in
@require_safe
def instance(request: HttpRequest, cluster_id: str) -> HttpResponse:
    """Show one instance."""
    return _instance_page(request, selectors.cluster_for(actor_of(request), cluster_id))


def _instance_page(request: HttpRequest, cluster: Cluster, *, status: int = 200, refused: ConfirmForm | None = None) -> HttpResponse:
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else TABS[0]
    context = page_of_instance(actor_of(request), cluster, tab=tab, refused=refused, **_activity_asked_for(request))
    # Without JavaScript, a question is a page with its dialog open.
    context["asked"] = request.GET.get("ask", "") or (refused.act if refused else "")
    return render(request, "clusters/instance.html", context, status=status)


def _activity_asked_for(request: HttpRequest) -> _Activity:
    return {"job_id": request.GET.get("job", ""), "whole": request.GET.get("jobs") == "all"}


@signed_in
@require_safe
def instance_activity(request: HttpRequest, cluster_id: str) -> HttpResponse:
    """The part of the page that moves while a job runs: its head and the timeline."""
    actor = actor_of(request)
    cluster = selectors.cluster_for(actor, cluster_id)
    context = activity_of(actor, cluster, **_activity_asked_for(request)) | {"swapped": True}
    return render(request, "clusters/_activity.html", context)


@signed_in
@require_safe
def instance_live(request: HttpRequest, cluster_id: str) -> HttpResponse:
    """Ask the environment what runs now, and show it as the part of the page that asked."""
    actor = actor_of(request)
    cluster = selectors.cluster_for(actor, cluster_id)
    if cluster.is_live:
        live.refresh(cluster)
    part = request.GET.get("part", "")
    name = part if part in ("machines", "frontgate", "workloads", "objects") else "side"
    return render(
        request,
        f"clusters/_{name}.html",
        {
            "cluster": cluster,
            "seen": seen_of(cluster),
            "machines": machines_of(cluster) if cluster.delivery == "vm" else [],
            "frontgate": frontgate_of(actor, cluster) if part == "frontgate" else None,
            "reads": reads_values(actor, cluster),
        },
    )


@signed_in
@require_POST
def instance_delete(request: HttpRequest, cluster_id: str) -> HttpResponse:
    """Delete an instance whose name was typed."""
    return _confirmed(request, cluster_id, "delete", services.delete)


@signed_in
@require_POST
def instance_cease(request: HttpRequest, cluster_id: str) -> HttpResponse:
    """Remove the last traces of an instance whose name was typed."""
    return _confirmed(request, cluster_id, "cease", services.cease)


def _confirmed(request: HttpRequest, cluster_id: str, act: str, verb: Callable[..., Cluster]) -> HttpResponse:
    actor = actor_of(request)
    cluster = selectors.cluster_for(actor, cluster_id)
    form = ConfirmForm(request.POST, wanted=cluster.name, act=act)
    if not form.is_valid():
        return _instance_page(request, cluster, refused=form, status=422)
    verb(actor=actor, cluster_id=cluster_id)
    return redirect("instance", cluster_id)


@signed_in
@require_POST
def job_cancel(request: HttpRequest, cluster_id: str, job_id: str) -> HttpResponse:
    """Cancel a job that has a way back."""
    services.cancel(actor=actor_of(request), cluster_id=cluster_id, job_id=job_id)
    messages.info(request, _("It stops after its present step. Then everything goes back to how it was before."))
    return redirect("instance", cluster_id)


@signed_in
@require_POST
def job_retry(request: HttpRequest, cluster_id: str, job_id: str) -> HttpResponse:
    """Go on from the step that failed."""
    services.retry(actor=actor_of(request), cluster_id=cluster_id, job_id=job_id)
    return redirect("instance", cluster_id)


@signed_in
@require_POST
def job_give_up(request: HttpRequest, cluster_id: str, job_id: str) -> HttpResponse:
    """Undo what a failed job has left behind."""
    services.give_up(actor=actor_of(request), cluster_id=cluster_id, job_id=job_id)
    return redirect("instance", cluster_id)
