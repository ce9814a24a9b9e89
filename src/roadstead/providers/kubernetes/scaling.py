"""Stopping and starting: workloads without pods, and back to what they were, which each remembers in an annotation."""

from typing import Any

from roadstead.providers.kubernetes import objects, view
from roadstead.providers.kubernetes.client import Api
from roadstead.providers.kubernetes.releases import Contents
from roadstead.runtimes.sdk import Log

Json = dict[str, Any]
REPLICAS = "roadstead.io/replicas"
# A daemon set has no number: it is sent to nodes that don't exist.
_NOWHERE = "roadstead.io/stopped"


def stop(api: Api, namespace: str, contents: Contents, log: Log) -> None:
    """Leave no pod of any workload; one that was stopped already stays as it remembers."""
    for item in view.workload_items(api, namespace, contents):
        if _stopped(item):
            continue
        daemon = item["kind"] == "DaemonSet"
        replicas = "" if daemon else str(item["spec"].get("replicas", 1))
        _change(api, namespace, item, replicas, _selector("true") if daemon else {"replicas": 0})
        log(f"Stopped {item['kind']} {item['metadata']['name']}" + (f" ({replicas} replicas)" if replicas else ""))


def start(api: Api, namespace: str, contents: Contents, log: Log) -> None:
    """Bring the pods back of every workload that was stopped."""
    for item in view.workload_items(api, namespace, contents):
        if not _stopped(item):
            continue
        remembered = item["metadata"]["annotations"][REPLICAS]
        daemon = item["kind"] == "DaemonSet"
        replicas = int(remembered) if remembered.isdigit() else 1
        _change(api, namespace, item, None, _selector(None) if daemon else {"replicas": replicas})
        log(f"Started {item['kind']} {item['metadata']['name']}" + ("" if daemon else f" ({replicas} replicas)"))


def _stopped(item: Json) -> bool:
    return REPLICAS in (item["metadata"].get("annotations") or {})


def _selector(value: str | None) -> Json:
    return {"template": {"spec": {"nodeSelector": {_NOWHERE: value}}}}


def _change(api: Api, namespace: str, item: Json, replicas: str | None, spec: Json) -> None:
    # Number and memory in one patch: whatever cuts this off, none is without the other.
    path = objects.KINDS[item["kind"]].path(namespace, item["metadata"]["name"])
    api.call("PATCH", path, body={"metadata": {"annotations": {REPLICAS: replicas}}, "spec": spec})
