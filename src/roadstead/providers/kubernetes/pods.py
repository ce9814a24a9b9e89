"""Workloads and their pods: how many are ready, and why the others are not."""

import re
from typing import Any

from roadstead.runtimes.sdk import Pod, RanImage, Workload

Json = dict[str, Any]
# `docker.io/library/nginx@sha256:…`, `docker-pullable://nginx@sha256:…`, and for images that no registry knows `sha256:…`.
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}$")


def workload(item: Json, pods: list[Json]) -> Workload:
    """Return a Deployment, StatefulSet or DaemonSet with the pods that its selector takes."""
    spec, status = item["spec"], item.get("status", {})
    if item["kind"] == "DaemonSet":
        wanted, ready = status.get("desiredNumberScheduled", 0), status.get("numberReady", 0)
    else:
        wanted, ready = spec.get("replicas", 1), status.get("readyReplicas", 0)
    return Workload(
        kind=item["kind"],
        name=item["metadata"]["name"],
        ready=ready,
        wanted=wanted,
        images=tuple(container["image"] for container in spec["template"]["spec"]["containers"]),
        pods=tuple(pod(found) for found in pods if selects(spec["selector"], found)),
    )


def settled(item: Json) -> bool:
    """Whether the controller has seen the present definition and all of its pods are new and ready."""
    spec, status = item["spec"], item.get("status", {})
    if status.get("observedGeneration", 0) < item["metadata"].get("generation", 0):
        return False
    if item["kind"] == "DaemonSet":
        wanted = status.get("desiredNumberScheduled", 0)
        return bool(status.get("numberReady", 0) >= wanted and status.get("updatedNumberScheduled", 0) >= wanted)
    wanted = spec.get("replicas", 1)
    return bool(status.get("readyReplicas", 0) >= wanted and status.get("updatedReplicas", 0) >= wanted)


def selects(selector: Json, item: Json) -> bool:
    """Whether a label selector takes an object."""
    labels = item["metadata"].get("labels") or {}
    equal = all(labels.get(name) == value for name, value in (selector.get("matchLabels") or {}).items())
    return equal and all(_matches(rule, labels) for rule in selector.get("matchExpressions") or ())


def pod(item: Json) -> Pod:
    """Return a pod with the first reason that keeps it from being ready."""
    status, metadata = item.get("status", {}), item["metadata"]
    containers = [*status.get("initContainerStatuses", ()), *status.get("containerStatuses", ())]
    conditions = {condition["type"]: condition for condition in status.get("conditions", ())}
    reason, message = _why(status, containers, conditions)
    ready = conditions.get("Ready", {}).get("status") == "True"
    return Pod(
        name=metadata["name"],
        status="Terminating" if metadata.get("deletionTimestamp") else status.get("phase", "Unknown"),
        ready=ready,
        node=item["spec"].get("nodeName", ""),
        address=status.get("podIP", ""),
        restarts=sum(container.get("restartCount", 0) for container in containers),
        created=metadata.get("creationTimestamp", ""),
        reason="" if ready else reason,
        message="" if ready else message[:500],
        images=_images(item["spec"], containers),
    )


def _images(spec: Json, statuses: list[Json]) -> tuple[RanImage, ...]:
    """Return what each container was told to run, with the digest that its node reports to have run."""
    reported = {status.get("name"): status.get("imageID") or "" for status in statuses}
    return tuple(
        RanImage(one["name"], one["image"], _digest(reported.get(one["name"], "")))
        for one in [*(spec.get("initContainers") or ()), *(spec.get("containers") or ())]
    )


def _digest(reported: str) -> str:
    found = _DIGEST.search(reported)
    return found[0] if found else ""


def _why(status: Json, containers: list[Json], conditions: Json) -> tuple[str, str]:
    for container in containers:
        waiting = container.get("state", {}).get("waiting") or {}
        if waiting.get("reason") not in (None, "ContainerCreating", "PodInitializing"):
            return waiting["reason"], waiting.get("message", "")
        ended = container.get("state", {}).get("terminated") or {}
        if ended.get("exitCode"):
            return _end(ended)
    scheduled = conditions.get("PodScheduled", {})
    if scheduled.get("status") == "False":
        return scheduled.get("reason", ""), scheduled.get("message", "")
    # It runs again and isn't ready yet: why it ended the last time is the best that is known.
    before = [container.get("lastState", {}).get("terminated") or {} for container in containers]
    failed = next((ended for ended in before if ended.get("exitCode")), None)
    return _end(failed) if failed else (status.get("reason", ""), status.get("message", ""))


def _end(ended: Json) -> tuple[str, str]:
    return ended.get("reason", "Error"), ended.get("message") or f"exit code {ended['exitCode']}"


def _matches(rule: Json, labels: dict[str, str]) -> bool:
    value, values = labels.get(rule["key"]), rule.get("values") or ()
    match rule["operator"]:
        case "In":
            return value in values
        case "NotIn":
            return value not in values
        case "Exists":
            return value is not None
        case _:
            return value is None
