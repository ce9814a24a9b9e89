"""The addresses of an installation, and one that does nothing."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def empty(request: HttpRequest) -> HttpResponse:
    """Do nothing: what is left is the server and the middleware."""
    return HttpResponse(b"", content_type="application/json")


urlpatterns = [path("bench/empty", empty), path("", include("roadstead.config.urls"))]
