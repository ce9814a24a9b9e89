"""The page that describes the API: our own HTML made of the document, so that no script has to be let in."""

from functools import cache

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from roadstead.accounts.bearer import SCOPE_WORDS
from roadstead.api.reading import operations_by_tag, shapes


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Show every operation: what it takes, what it answers, which scope it needs."""
    return render(request, "api/docs.html", {"reference": _reference(get_language() or "")})


@cache
def _reference(_language: str) -> SafeString:
    """Write the reference in the active language, once: it's long, and the same for everybody until the next version."""
    scopes = [(scope.value, word) for scope, word in SCOPE_WORDS.items()]
    return render_to_string("api/_reference.html", {"tags": operations_by_tag().items(), "shapes": shapes(), "scopes": scopes})
