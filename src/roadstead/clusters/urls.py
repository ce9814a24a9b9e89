"""Addresses of deploying and of instances."""

from django.urls import path

from roadstead.clusters import changing, choosing, views, watching

urlpatterns = [
    path("workbench/deploy/<str:version_id>", views.deploy, name="deploy"),
    path("workbench/instances", views.instances, name="instances"),
    path("workbench/all-instances", views.instances, {"everybody": True}, name="all_instances"),
    path("workbench/test-instances", views.instances, {"debug": True}, name="test_instances"),
    path("workbench/instances-several", choosing.instances_several, name="instances_several"),
    path("workbench/instances/<str:cluster_id>", views.instance, name="instance"),
    path("workbench/instances/<str:cluster_id>/activity", views.instance_activity, name="instance_activity"),
    path("workbench/instances/<str:cluster_id>/live", views.instance_live, name="instance_live"),
    path("workbench/instances/<str:cluster_id>/update", changing.update, name="instance_update"),
    path("workbench/instances/<str:cluster_id>/upgrade", changing.upgrade, name="instance_upgrade"),
    path("workbench/instances/<str:cluster_id>/rollback", changing.roll_back, name="instance_rollback"),
    path("workbench/instances/<str:cluster_id>/stop", changing.stop, name="instance_stop"),
    path("workbench/instances/<str:cluster_id>/start", changing.start, name="instance_start"),
    path("workbench/instances/<str:cluster_id>/events", watching.events, name="instance_events"),
    path("workbench/instances/<str:cluster_id>/pods/<str:pod>/log", watching.pod_log, name="instance_pod_log"),
    path("workbench/instances/<str:cluster_id>/machines/<str:node_id>/console", watching.console, name="instance_console"),
    path("workbench/instances/<str:cluster_id>/delete", views.instance_delete, name="instance_delete"),
    path("workbench/instances/<str:cluster_id>/cease", views.instance_cease, name="instance_cease"),
    path("workbench/instances/<str:cluster_id>/jobs/<str:job_id>/cancel", views.job_cancel, name="instance_job_cancel"),
    path("workbench/instances/<str:cluster_id>/jobs/<str:job_id>/retry", views.job_retry, name="instance_job_retry"),
    path("workbench/instances/<str:cluster_id>/jobs/<str:job_id>/give-up", views.job_give_up, name="instance_job_give_up"),
]
