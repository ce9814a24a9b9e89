"""Stopping and starting: nothing of a release works, and back to what it was, which each object remembers in an annotation.

A workload loses its pods. A job under way and a schedule are suspended: what has begun of a job begins anew. An autoscaler needs
nothing, because it leaves alone what has no replicas; a lone pod goes on, for nothing would bring it back.
"""

from typing import Any

from roadstead.providers.kubernetes import objects, view
from roadstead.providers.kubernetes.client import Api
from roadstead.providers.kubernetes.releases import Contents
from roadstead.runtimes.sdk import Log

Json = dict[str, Any]
REPLICAS = "roadstead.io/replicas"
# A daemon set has no number: it is sent to nodes that don't exist.
_NOWHERE = "roadstead.io/stopped"
_SUSPENDED = ("Job", "CronJob")
_SCALED = (*objects.WORKLOADS, *_SUSPENDED)


def stop(api: Api, namespace: str, contents: Contents, log: Log) -> None:
    """Leave no pod of any workload; one that was stopped already stays as it remembers."""
    for item in view.items_of(api, namespace, contents, _SCALED):
        kind, spec = item["kind"], item["spec"]
        if _resting(item):
            continue
        remembered = str(spec.get("replicas", 1)) if kind in {"Deployment", "StatefulSet"} else ""
        _change(api, namespace, item, remembered, _at_rest(kind))
        log(f"Stopped {_titled(item)}" + (f" ({remembered} replicas)" if remembered else ""))
    for name in (name for kind, name in contents.objects if kind == "Pod"):
        log(f"Pod {name} goes on: it belongs to no workload, so nothing could start it again")


def start(api: Api, namespace: str, contents: Contents, log: Log) -> None:
    """Bring back what was stopped, and nothing else."""
    for item in view.items_of(api, namespace, contents, _SCALED):
        if not _remembers(item):
            continue
        remembered = item["metadata"]["annotations"][REPLICAS]
        # What somebody has changed meanwhile is theirs; only the note goes.
        _change(api, namespace, item, None, _at_work(item["kind"], remembered) if _resting(item) else {})
        log(f"Started {_titled(item)}" + (f" ({remembered} replicas)" if remembered else ""))


def _resting(item: Json) -> bool:
    """Whether an object is at rest. A note alone doesn't say so: an upgrade after a stop that was cut off has woken it."""
    spec = item["spec"]
    match item["kind"]:
        case "DaemonSet":
            return _NOWHERE in (spec["template"]["spec"].get("nodeSelector") or {})
        case "Job":
            ended = {condition["type"] for condition in item.get("status", {}).get("conditions", ()) if condition["status"] == "True"}
            return bool(spec.get("suspend")) or bool(ended & {"Complete", "Failed"})
        case "CronJob":
            return bool(spec.get("suspend"))
        case _:
            return bool(spec.get("replicas", 1) == 0)


def _at_rest(kind: str) -> Json:
    if kind in _SUSPENDED:
        return {"suspend": True}
    return _selector("true") if kind == "DaemonSet" else {"replicas": 0}


def _at_work(kind: str, remembered: str) -> Json:
    if kind in _SUSPENDED:
        return {"suspend": False}
    return _selector(None) if kind == "DaemonSet" else {"replicas": int(remembered) if remembered.isdigit() else 1}


def _remembers(item: Json) -> bool:
    return REPLICAS in (item["metadata"].get("annotations") or {})


def _titled(item: Json) -> str:
    return f"{item['kind']} {item['metadata']['name']}"


def _selector(value: str | None) -> Json:
    return {"template": {"spec": {"nodeSelector": {_NOWHERE: value}}}}


def _change(api: Api, namespace: str, item: Json, replicas: str | None, spec: Json) -> None:
    # Number and memory in one patch: whatever cuts this off, none is without the other.
    path = objects.KINDS[item["kind"]].path(namespace, item["metadata"]["name"])
    api.call("PATCH", path, body={"metadata": {"annotations": {REPLICAS: replicas}}, "spec": spec})
