"""The addresses of an installation, one that does nothing, and one that tells what was asked of a provider."""

import json

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from bench import provider_calls

provider_calls.note_calls()


def empty(request: HttpRequest) -> HttpResponse:
    """Do nothing: what is left is the server and the middleware."""
    return HttpResponse(b"", content_type="application/json")


def calls(request: HttpRequest) -> HttpResponse:
    """Tell, once, which calls of a provider there were."""
    return HttpResponse(json.dumps(provider_calls.taken()).encode(), content_type="application/json")


urlpatterns = [path("bench/empty", empty), path("bench/calls", calls), path("", include("roadstead.config.urls"))]
