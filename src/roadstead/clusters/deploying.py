"""The deploy form as a page: for people with an environment, and for reviewers who deploy what they review to a test environment."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from roadstead.accounts.access import require
from roadstead.blobs import services as blobs
from roadstead.clusters.answers import parameters_of, typed, view_of
from roadstead.clusters.creation import create, values_problems
from roadstead.clusters.forms import CLEAN_UP, KEEP, SUGGESTION_LENGTH, DeployForm, suggested_name
from roadstead.clusters.machines.gate_seen import frontgate_expected
from roadstead.clusters.needs import as_packaged, needed
from roadstead.clusters.operations import create_action, reads_values
from roadstead.clusters.planning import first_titles
from roadstead.clusters.seen import WORKLOAD_KINDS
from roadstead.clusters.selectors import Place, clusters_visible_to, places_for
from roadstead.clusters.states import Status
from roadstead.core.errors import Invalid, Missing, WrongState
from roadstead.core.pages import actor_of
from roadstead.packaging import services as packaging

if TYPE_CHECKING:
    from roadstead.catalog.models import Version
    from roadstead.clusters.models import Cluster
    from roadstead.runtimes.models import Environment

NEEDS = "needs"  # what the summary asks for whenever an answer changes
Created = Callable[["Cluster"], HttpResponse]


def deploy_page(request: HttpRequest, version: "Version", *, debug: bool, created: Created) -> HttpResponse:
    """Show the deploy form of a version, or deploy and answer with what `created` makes of the new instance.

    `debug` offers test environments only. `version` must be one that this person may deploy. `?environment=` chooses a place beforehand,
    `?like=` takes the answers of an earlier instance.
    """
    actor = actor_of(request)
    require(actor, create_action(debug=debug))
    places = places_for(actor, version, debug=debug)
    if request.method != "POST":
        return _page(request, version, places, _blank(request, version, places, debug=debug), debug=debug)
    sent = request.POST.dict() | {"values": typed(request.POST, {version.pk: version})}
    if request.POST.get("view") == NEEDS:
        return _summed_up(request, version, places, sent)
    if "view" in request.POST:  # the other view of the parameters, or what is wrong with them up to now
        form = DeployForm(initial=sent, places=places)
        form.problems = values_problems(version, sent["values"])
        return _page(request, version, places, form, debug=debug)
    form = DeployForm(sent, places=places, check=lambda values: values_problems(version, values))
    if not form.is_valid():
        return _page(request, version, places, form, debug=debug, status=422)
    try:
        return created(create(actor=actor, version_id=version.pk, debug=debug, **form.wish()))
    except (Invalid, WrongState, Missing) as error:
        if error.field not in form.fields:
            raise
        form.add_error(error.field, error.message)
        return _page(request, version, places, form, debug=debug, status=error.status)


def _summed_up(request: HttpRequest, version: "Version", places: list[Place], sent: dict[str, str]) -> HttpResponse:
    """Show what a deployment would take with the answers that the form holds now."""
    place = _place_named(places, sent.get("environment", ""))
    gate = frontgate_expected(actor_of(request), place, sent["values"])
    context = {"needed": needed(version, sent["values"], name=sent.get("name", "")), "gate": gate}
    return render(request, "clusters/_needs.html", context)


def _blank(request: HttpRequest, version: "Version", places: list[Place], *, debug: bool) -> DeployForm:
    like = clusters_visible_to(actor_of(request)).filter(pk=request.GET.get("like", ""), app=version.app_id).first()
    if like and not reads_values(actor_of(request), like):
        like = None
    wanted = like.environment_id if like else request.GET.get("environment", "")
    return DeployForm(
        places=places,
        initial={
            "environment": _preselected(wanted, places),
            "name": _another_name(like) if like else suggested_name(version.app.name),
            "values": like.values if like else packaging.open_package(blobs.read(version.package)).values,
            "on_failure": KEEP if debug else CLEAN_UP,
        },
    )


def _another_name(like: "Cluster") -> str:
    """A name is free again once nothing is left of its instance."""
    return like.name if like.status == Status.CEASED else f"{like.name[:SUGGESTION_LENGTH].rstrip('-')}-2"


def _preselected(wanted: str, places: list[Place]) -> str:
    # A place whose last check found something wrong may be chosen, but only on purpose.
    fitting = sorted((place.environment for place in places if place.fits), key=lambda environment: environment.broken_since is not None)
    return wanted if wanted in {environment.pk for environment in fitting} else next((environment.pk for environment in fitting), "")


def _page(
    request: HttpRequest, version: "Version", places: list[Place], form: DeployForm, *, debug: bool, status: int = 200
) -> HttpResponse:
    place = _place_named(places, form["environment"].value())
    context: dict[str, Any] = {
        "nav": "test-instances" if debug else "instances",
        "version": version,
        "app": version.app,
        "places": places,
        "chosen": form["environment"].value(),
        "form": form,
        "parameters": parameters_of(version, form["values"].value() or "", form.problems, view_of(request.POST)),
        "debug": debug,
        "any_place": any(place.fits for place in places),
        "new_environment": _new_environment(request, debug=debug),
        "summary": _summary(version),
        "needed": as_packaged(version, form["values"].value() or ""),
        "gate": frontgate_expected(actor_of(request), place, form["values"].value() or ""),
        "steps": first_titles(version, place, form["values"].value() or ""),
    }
    return render(request, "clusters/deploy.html", context, status=status)


def _place_named(places: list[Place], picked: str) -> "Environment | None":
    return next((place.environment for place in places if place.fits and place.environment.pk == picked), None)


def _new_environment(request: HttpRequest, *, debug: bool) -> str:
    """Where an environment is made; it leads back to this form."""
    query = {"next": request.get_full_path()} | ({"test": "1"} if debug else {})
    return f"{reverse('environment_new')}?{urlencode(query)}"


def _summary(version: "Version") -> dict[str, Any]:
    """What the package's templates make with their own values: workloads, other objects, images."""
    kinds: dict[str, int] = version.facts.get("kinds", {})
    workloads = sum(kinds.get(kind, 0) for kind in WORKLOAD_KINDS)
    return {"workloads": workloads, "others": sum(kinds.values()) - workloads, "images": version.facts.get("images", [])}
