"""Addresses below `/api/v1/`."""

from django.urls import path, re_path

from roadstead.api.assembly import the_api
from roadstead.api.problems import of_missing
from roadstead.api.views import docs

urlpatterns = [
    path("docs", docs, name="api_docs"),
    path("", the_api().urls),
    re_path(r"^.*$", of_missing),
]
