"""The page that describes the API: our own HTML made of the document, so that no script has to be let in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from roadstead.accounts.bearer import SCOPE_WORDS
from roadstead.api.reading import operations_by_tag, shapes


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Show every operation: what it takes, what it answers, which scope it needs."""
    scopes = [(scope.value, word) for scope, word in SCOPE_WORDS.items()]
    return render(request, "api/docs.html", {"tags": operations_by_tag().items(), "shapes": shapes(), "scopes": scopes})
