"""Addresses of environments."""

from django.urls import path

from roadstead.runtimes import views

urlpatterns = [
    path("workbench/environments", views.environments, name="environments"),
    path("workbench/environments/new", views.environment_new, name="environment_new"),
    path("workbench/environments/<str:environment_id>", views.environment, name="environment"),
]
