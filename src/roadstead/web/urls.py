"""Addresses of the frame's own doors."""

from django.urls import path

from roadstead.web import views

urlpatterns = [
    path("scheme", views.scheme, name="scheme"),
    path("workbench/search", views.search, name="search"),
]
