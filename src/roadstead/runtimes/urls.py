"""Addresses of environments."""

from django.urls import path

from roadstead.runtimes import machine_views, upkeep_views, views

urlpatterns = [
    path("workbench/this-machine", machine_views.machine, name="this_machine"),
    path("workbench/this-machine/leftovers", machine_views.machine_sweep, name="this_machine_sweep"),
    path("workbench/this-machine/<str:grant_id>/withdraw", machine_views.machine_withdraw, name="this_machine_withdraw"),
    path("workbench/environments", views.environments, name="environments"),
    path("workbench/environments/new", views.environment_new, name="environment_new"),
    path("workbench/environments/<str:environment_id>", views.environment, name="environment"),
    path("workbench/environments/<str:environment_id>/edit", upkeep_views.environment_edit, name="environment_edit"),
    path("workbench/environments/<str:environment_id>/credential", upkeep_views.environment_credential, name="environment_credential"),
    path("workbench/environments/<str:environment_id>/check", upkeep_views.environment_check, name="environment_check"),
    path("workbench/environments/<str:environment_id>/delete", upkeep_views.environment_delete, name="environment_delete"),
    path("workbench/credentials", upkeep_views.credentials, name="credentials"),
    path("workbench/credentials/<str:credential_id>", upkeep_views.credential, name="credential"),
    path("workbench/credentials/<str:credential_id>/content", upkeep_views.credential_content, name="credential_content"),
    path("workbench/credentials/<str:credential_id>/delete", upkeep_views.credential_delete, name="credential_delete"),
]
