"""Looking over an instance's shoulder: what its cluster noted lately, and the last lines of its pods."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypedDict
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_safe

from roadstead.clusters import live
from roadstead.clusters.machines.seen import machine_named
from roadstead.clusters.operations import reads_values
from roadstead.clusters.selectors import cluster_for
from roadstead.core.errors import NotPermitted
from roadstead.core.pages import actor_of, signed_in
from roadstead.runtimes.sdk import ProviderError

if TYPE_CHECKING:
    from roadstead.core.web_types import Context

LINES = (100, 500, 2000)
CONSOLE_LINES = 500


class Wish(TypedDict):
    """What of a log is asked for."""

    container: str
    lines: int
    previous: bool


@dataclass(frozen=True)
class LogView:
    """How somebody looks at a log: of which container and which run, how much, and whether it goes on by itself."""

    container: str
    lines: int
    previous: bool
    follow: bool

    @classmethod
    def asked_for(cls, request: HttpRequest) -> "LogView":
        """Read it from an address; what makes no sense there is as if it weren't."""
        wanted = request.GET
        lines = next((number for number in LINES if wanted.get("lines") == str(number)), LINES[0])
        previous = wanted.get("previous") == "1"
        return cls(wanted.get("container", ""), lines, previous, follow=not previous and wanted.get("follow") != "0")

    @property
    def wish(self) -> Wish:
        """What the place is asked for."""
        return {"container": self.container, "lines": self.lines, "previous": self.previous}

    @property
    def address(self) -> str:
        """The query that shows this view again."""
        parts = {"container": self.container, "lines": self.lines, "previous": int(self.previous), "follow": int(self.follow)}
        return "?" + urlencode(parts)

    @property
    def ways(self) -> list[tuple[int, str]]:
        """The other amounts, each with its query."""
        return [(number, replace(self, lines=number).address) for number in LINES]

    @property
    def other_run(self) -> str:
        """The query for the run before the last restart, or back."""
        return replace(self, previous=not self.previous, follow=self.previous).address

    @property
    def other_pace(self) -> str:
        """The query that stops following, or begins to."""
        return replace(self, follow=not self.follow).address


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
def console(request: HttpRequest, cluster_id: str, node_id: str) -> HttpResponse:
    """The last lines that a machine of an instance, or its frontgate, wrote; with `?part=1` only what changes while it is watched."""
    actor = actor_of(request)
    cluster = cluster_for(actor, cluster_id)
    if not reads_values(actor, cluster):
        raise NotPermitted
    token, name = machine_named(cluster, node_id)
    context: Context = {"nav": "test-instances" if cluster.debug else "instances", "cluster": cluster, "token": token, "name": name}
    try:
        context["lines"] = live.console_of(cluster, token, lines=CONSOLE_LINES)
    except ProviderError as error:
        context["problems"] = error.problems
    return render(request, "clusters/_console.html" if request.GET.get("part") else "clusters/console.html", context)


@signed_in
@require_safe
def pod_log(request: HttpRequest, cluster_id: str, pod: str) -> HttpResponse:
    """The last lines of one pod; with `?part=1` only what changes while it is watched."""
    actor = actor_of(request)
    cluster = cluster_for(actor, cluster_id)
    if not reads_values(actor, cluster):
        raise NotPermitted
    view = LogView.asked_for(request)
    context: Context = {"nav": "test-instances" if cluster.debug else "instances", "cluster": cluster, "pod": pod, "view": view}
    try:
        log = live.asked(cluster, lambda place, at, release: place.pod_log(at, release, pod=pod, **view.wish))
        context |= {"log": log, "view": replace(view, container=log.container)}
    except ProviderError as error:
        context["problems"] = error.problems
    return render(request, "clusters/_log.html" if request.GET.get("part") else "clusters/log.html", context)
