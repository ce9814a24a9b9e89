"""Looking over an instance's shoulder: what its cluster noted lately, and the last lines of its pods."""

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_safe

from roadstead.clusters import live
from roadstead.clusters.operations import reads_values
from roadstead.clusters.selectors import cluster_for
from roadstead.core.errors import NotPermitted
from roadstead.core.pages import actor_of, signed_in
from roadstead.runtimes.sdk import ProviderError

if TYPE_CHECKING:
    from roadstead.core.web_types import Context

LINES = (100, 500, 2000)


@signed_in
@require_safe
def events(request: HttpRequest, cluster_id: str) -> HttpResponse:
    """The events of an instance's objects and pods, as a part of its page."""
    actor = actor_of(request)
    cluster = cluster_for(actor, cluster_id)
    context: Context = {"cluster": cluster, "reads": reads_values(actor, cluster)}
    if cluster.is_live:
        try:
            found = live.asked(cluster, lambda provider, target, release: provider.events(target, release))
            context["events"] = [(event, parse_datetime(event.at)) for event in found]
        except ProviderError as error:
            context["problems"] = error.problems
    return render(request, "clusters/_events.html", context)


@signed_in
@require_safe
def pod_log(request: HttpRequest, cluster_id: str, pod: str) -> HttpResponse:
    """The last lines of one pod; with `?part=1` only what changes while it is watched."""
    actor = actor_of(request)
    cluster = cluster_for(actor, cluster_id)
    if not reads_values(actor, cluster):
        raise NotPermitted
    wanted, container = request.GET.get("lines", ""), request.GET.get("container", "")
    lines = int(wanted) if wanted in map(str, LINES) else LINES[0]
    context: Context = {
        "nav": "test-instances" if cluster.debug else "instances",
        "cluster": cluster,
        "pod": pod,
        "lines": lines,
        "choices": LINES,
    }
    try:
        context["log"] = live.asked(cluster, lambda one, at, release: one.pod_log(at, release, pod=pod, container=container, lines=lines))
    except ProviderError as error:
        context["problems"] = error.problems
    return render(request, "clusters/_log.html" if request.GET.get("part") else "clusters/log.html", context)
