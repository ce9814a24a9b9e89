"""The page on which something is done to several instances: a question first, then what became of each."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from roadstead.clusters import services
from roadstead.clusters.forms import ConfirmForm
from roadstead.clusters.operations import Operation
from roadstead.clusters.several import IN_BULK, Chosen, looked_over
from roadstead.clusters.several_asks import begun_words, confirmation, none_of, question_of
from roadstead.core.errors import Missing
from roadstead.core.pages import actor_of, is_fragment, safe_next, signed_in


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def instances_several(request: HttpRequest) -> HttpResponse:
    """Ask whether to stop, start or delete the chosen instances, and do it: only those that the question named."""
    actor = actor_of(request)
    sent = request.POST if request.method == "POST" else request.GET
    operation = _operation(sent.get("act", ""))
    chosen = looked_over(actor, operation, sent.getlist("instance"))
    if request.method != "POST":
        going = [row for row in chosen if not row.reason]
        return _question(request, operation, going, [row for row in chosen if row.reason], confirmation(operation, going))
    form = confirmation(operation, chosen, request.POST)
    if form and not form.is_valid():
        # The question stays as it was: what has moved on meanwhile is told when it is carried out.
        return _question(request, operation, chosen, [], form)
    rows = services.begin_several(actor=actor, operation=operation, cluster_ids=[row.id for row in chosen])
    return _told(request, operation, rows)


def _operation(named: str) -> Operation:
    operation = next((operation for operation in IN_BULK if operation.value == named), None)
    if operation is None:
        raise Missing
    return operation


def _question(
    request: HttpRequest, operation: Operation, going: list[Chosen], passed_by: list[Chosen], form: ConfirmForm | None
) -> HttpResponse:
    ask = question_of(operation, going, form) if going else None
    title = ask.title if ask else none_of(operation)
    context = {**_list(request), "ask": ask, "title": title, "going": going, "passed_by": passed_by}
    template = "clusters/_several_dialog.html" if is_fragment(request) else "clusters/several.html"
    return render(request, template, context, status=422 if form and form.errors else 200)


def _told(request: HttpRequest, operation: Operation, rows: list[Chosen]) -> HttpResponse:
    begun = [row for row in rows if not row.reason]
    if len(begun) == len(rows):
        messages.success(request, begun_words(operation, len(begun)))
        return redirect(_list(request)["back"])
    context = {
        **_list(request),
        "title": begun_words(operation, len(begun)) if begun else none_of(operation),
        "rows": rows,
        "refused": len(rows) - len(begun),
    }
    return render(request, "clusters/several_done.html", context, status=200 if begun else 409)


def _list(request: HttpRequest) -> dict[str, str]:
    """Return the list that the instances were chosen in: where it is, and its name in the navigation."""
    back = safe_next(request, reverse("instances"))
    named = {reverse(name): name.replace("_", "-") for name in ("test_instances", "all_instances")}
    return {"back": back, "nav": named.get(back.partition("?")[0], "instances")}
