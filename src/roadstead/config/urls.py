"""Root addresses; each package keeps its own table."""

from django.urls import URLPattern, URLResolver, include, path

PACKAGES = ("accounts", "runtimes", "clusters", "reviews", "store", "web")

urlpatterns: list[URLPattern | URLResolver] = [
    # Those with a prefix first: they are ruled out at a glance, while every address of the others is tried in turn.
    path("api/v1/", include("roadstead.api.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    *(path("", include(f"roadstead.{package}.urls")) for package in PACKAGES),
]

handler400 = "roadstead.web.views.bad_request"
handler500 = "roadstead.web.views.server_error"
