"""Addresses below `/api/v1/`."""

from django.urls import path, re_path

from roadstead.api.assembly import assemble
from roadstead.api.problems import of_missing

urlpatterns = [
    path("", assemble().urls),
    re_path(r"^.*$", of_missing),
]
