"""Addresses of the store and of the developer's pages."""

from django.urls import path

from roadstead.store import versions, views, workbench

urlpatterns = [
    path("", views.store_home, name="store_home"),
    path("apps/<str:app_id>", views.store_app, name="store_app"),
    path("apps/<str:app_id>/deploy", views.store_deploy, name="store_deploy"),
    path("media/icons/<str:digest>", views.icon, name="icon"),
    path("workbench/apps", workbench.my_apps, name="my_apps"),
    path("workbench/all-apps", workbench.all_apps, name="all_apps"),
    path("workbench/apps/new", workbench.app_new, name="app_new"),
    path("workbench/apps/sample", workbench.app_sample, name="app_sample"),
    path("workbench/apps/<str:app_id>", workbench.app_page, name="app"),
    path("workbench/apps/<str:app_id>/confirm", workbench.app_confirm, name="app_confirm"),
    path("workbench/apps/<str:app_id>/created", workbench.app_created, name="app_created"),
    path("workbench/apps/<str:app_id>/information", workbench.app_information, name="app_information"),
    path("workbench/apps/<str:app_id>/delete", workbench.app_delete, name="app_delete"),
    path("workbench/apps/<str:app_id>/versions/new", versions.version_new, name="version_new"),
    path("workbench/versions/<str:version_id>", versions.version_page, name="version"),
    path("workbench/versions/<str:version_id>/package", versions.version_package, name="version_package"),
    path("workbench/versions/<str:version_id>/download", versions.version_download, name="version_download"),
    path("workbench/versions/<str:version_id>/log", versions.version_log, name="version_log"),
    path("workbench/versions/<str:version_id>/submit", versions.version_submit, name="version_submit"),
    path("workbench/versions/<str:version_id>/withdraw", versions.version_withdraw, name="version_withdraw"),
    path("workbench/versions/<str:version_id>/release", versions.version_release, name="version_release"),
    path("workbench/versions/<str:version_id>/suspend", versions.version_suspend, name="version_suspend"),
    path("workbench/versions/<str:version_id>/recover", versions.version_recover, name="version_recover"),
    path("workbench/versions/<str:version_id>/delete", versions.version_delete, name="version_delete"),
]
