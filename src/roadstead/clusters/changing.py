"""The pages that change an instance: what would change is shown first, then done."""

from collections.abc import Callable
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from roadstead.clusters import services
from roadstead.clusters.answers import parameters_of, typed, view_of
from roadstead.clusters.beginning import refuse_closed
from roadstead.clusters.changes import ways_back
from roadstead.clusters.comparing import Side, compared
from roadstead.clusters.creation import values_problems
from roadstead.clusters.errors import EnvironmentSilent
from roadstead.clusters.forms import ChangeForm
from roadstead.clusters.offers import upgrades_for
from roadstead.clusters.operations import Operation
from roadstead.clusters.planning import plan_of, titles_of
from roadstead.clusters.selectors import cluster_for
from roadstead.core.errors import Invalid, WrongState
from roadstead.core.pages import actor_of, signed_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from roadstead.catalog.models import Version
    from roadstead.clusters.models import Cluster

OFFERED = 30


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def update(request: HttpRequest, cluster_id: str) -> HttpResponse:
    """Other parameters for the same version."""
    cluster = _opened(request, cluster_id, Operation.UPDATE)

    def do(form: ChangeForm) -> object:
        return services.update(actor=actor_of(request), cluster_id=cluster_id, values=form.cleaned_data["values"])

    return _change(request, cluster, [cluster.version], Operation.UPDATE, do)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def upgrade(request: HttpRequest, cluster_id: str) -> HttpResponse:
    """Another version, one of those offered, with the same parameters or others."""
    cluster = _opened(request, cluster_id, Operation.UPGRADE)
    versions = list(upgrades_for(actor_of(request), cluster)[:OFFERED])

    def do(form: ChangeForm) -> object:
        wish = form.cleaned_data
        return services.upgrade(actor=actor_of(request), cluster_id=cluster_id, version_id=wish["version"], values=wish["values"])

    return _change(request, cluster, versions, Operation.UPGRADE, do)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def roll_back(request: HttpRequest, cluster_id: str) -> HttpResponse:
    """Back to an earlier revision: `?revision=` shows what would change."""
    cluster = _opened(request, cluster_id, Operation.ROLL_BACK)
    wanted = request.POST.get("revision", "") or request.GET.get("revision", "")
    number = int(wanted) if wanted.isascii() and wanted.isdigit() else 0
    if request.method == "POST":
        services.roll_back(actor=actor_of(request), cluster_id=cluster_id, revision=number)
        return redirect("instance", cluster_id)
    context = _frame(cluster, Operation.ROLL_BACK)
    try:
        context["pasts"] = pasts = ways_back(cluster)
    except EnvironmentSilent as silent:
        return render(request, "clusters/rollback.html", context | {"silent": silent.message})
    chosen = next((past for past in pasts if past.revision.number == number), None)
    if chosen:
        context |= {"chosen": chosen, **compared(cluster, Side(chosen.digest, chosen.values))}
    return render(request, "clusters/rollback.html", context)


@signed_in
@require_POST
def stop(request: HttpRequest, cluster_id: str) -> HttpResponse:
    """End all pods."""
    services.stop(actor=actor_of(request), cluster_id=cluster_id)
    return redirect("instance", cluster_id)


@signed_in
@require_POST
def start(request: HttpRequest, cluster_id: str) -> HttpResponse:
    """Bring the pods back."""
    services.start(actor=actor_of(request), cluster_id=cluster_id)
    return redirect("instance", cluster_id)


def _opened(request: HttpRequest, cluster_id: str, operation: Operation) -> "Cluster":
    cluster = cluster_for(actor_of(request), cluster_id)
    refuse_closed(actor_of(request), cluster, operation)
    return cluster


def _change(
    request: HttpRequest,
    cluster: "Cluster",
    versions: "Sequence[Version]",
    operation: Operation,
    do: Callable[[ChangeForm], object],
) -> HttpResponse:
    """Show the form, then what would change, then do it: only what was compared is done."""
    named = {version.pk: version for version in versions}
    context = _frame(cluster, operation) | {"versions": versions}
    if request.method != "POST":
        first = {"version": next(iter(named), ""), "values": cluster.values}
        return _page(request, context, ChangeForm(versions=versions, initial=first))
    sent = request.POST.dict() | {"values": typed(request.POST, named)}
    if "view" in request.POST:
        return _page(request, context, _looked_at(sent, named))
    form = ChangeForm(sent, versions=versions, check=lambda version, values: values_problems(named[version], values))
    if not form.is_valid():
        return _page(request, context, form, status=422)
    mark = _mark(cluster, form)
    if request.POST.get("compared") != mark:
        version = named[form.cleaned_data["version"]]
        context |= compared(cluster, Side(version.package, form.cleaned_data["values"]))
        return _page(request, context | {"mark": mark, "picked_version": version}, form)
    try:
        do(form)
    except (Invalid, WrongState) as error:
        if error.field not in form.fields:
            raise
        form.add_error(error.field, error.message)
        return _page(request, context, form, status=error.status)
    return redirect("instance", cluster.pk)


def _looked_at(sent: "Mapping[str, str]", named: "Mapping[str, Version]") -> ChangeForm:
    """The form as it is up to now, for the other view of the parameters or another version's form."""
    form = ChangeForm(versions=list(named.values()), initial=sent)
    if version := named.get(sent.get("version", "")):
        form.problems = values_problems(version, sent["values"])
    return form


def _page(request: HttpRequest, context: dict[str, Any], form: ChangeForm, *, status: int = 200) -> HttpResponse:
    picked = form["version"].value()
    version = next((version for version in context["versions"] if version.pk == picked), None)
    if version:
        context["parameters"] = parameters_of(version, form["values"].value() or "", form.problems, view_of(request.POST))
    return render(request, "clusters/change.html", context | {"form": form, "picked": picked}, status=status)


def _mark(cluster: "Cluster", form: ChangeForm) -> str:
    """Name what was compared: these answers against what the instance has now."""
    told = (cluster.digest, cluster.values, form.cleaned_data["version"], form.cleaned_data["values"])
    return sha256("\0".join(told).encode()).hexdigest()


def _frame(cluster: "Cluster", operation: Operation) -> dict[str, Any]:
    return {
        "nav": "test-instances" if cluster.debug else "instances",
        "cluster": cluster,
        "app": cluster.app,
        "upgrading": operation is Operation.UPGRADE,
        "steps": titles_of(plan_of(cluster, operation)),
    }
