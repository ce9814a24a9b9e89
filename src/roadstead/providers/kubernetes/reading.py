"""What a cluster tells of a release's objects: events and the last lines of its pods."""

from typing import Any

from roadstead.providers.kubernetes import view
from roadstead.providers.kubernetes.client import Api
from roadstead.providers.kubernetes.problems import POD_MISSING
from roadstead.providers.kubernetes.releases import Contents
from roadstead.runtimes.sdk import Event, NotThere, PodLog

Json = dict[str, Any]
EVENTS_READ, EVENTS_SHOWN = "1000", 200
LOG_BYTES = str(512 * 1024)


def events(api: Api, namespace: str, contents: Contents) -> tuple[Event, ...]:
    """Return the events of the release's objects, of its pods, and of what its workloads made in between, newest first."""
    listed = api.call("GET", f"/api/v1/namespaces/{namespace}/events", query={"limit": EVENTS_READ}).get("items") or ()
    named = {*contents.objects, *(("Pod", pod["metadata"]["name"]) for pod in view.own_pods(api, namespace, contents))}
    stems = tuple(f"{name}-" for kind, name in contents.objects if kind == "Deployment")
    found = [_event(item) for item in listed if _about(item["involvedObject"], named, stems)]
    return tuple(sorted(found, key=lambda event: event.at, reverse=True)[:EVENTS_SHOWN])


def pod_log(api: Api, namespace: str, contents: Contents, *, pod: str, container: str, lines: int, previous: bool) -> PodLog:
    """Return the last lines of one of the release's own pods."""
    item = next((item for item in view.own_pods(api, namespace, contents) if item["metadata"]["name"] == pod), None)
    if item is None:
        raise NotThere(POD_MISSING(pod=pod))
    spec = item["spec"]
    containers = tuple(one["name"] for one in (*spec["containers"], *(spec.get("initContainers") or ())))
    chosen = container if container in containers else containers[0]
    path = f"/api/v1/namespaces/{namespace}/pods/{pod}/log"
    restarted = tuple(status["name"] for status in _statuses(item) if status.get("restartCount"))
    if previous and chosen not in restarted:
        return PodLog(chosen, containers, restarted=restarted)
    run = {"previous": "true"} if previous else {}
    text = api.text(path, container=chosen, tailLines=str(lines), limitBytes=LOG_BYTES, **run)
    return PodLog(chosen, containers, text, restarted)


def _statuses(pod: Json) -> list[Json]:
    status = pod.get("status", {})
    return [*status.get("containerStatuses", ()), *status.get("initContainerStatuses", ())]


def _about(of: Json, named: set[tuple[str, str]], stems: tuple[str, ...]) -> bool:
    kind, name = of.get("kind", ""), of.get("name", "")
    return (kind, name) in named or (kind == "ReplicaSet" and name.rpartition("-")[0] + "-" in stems)


def _event(item: Json) -> Event:
    of, series = item["involvedObject"], item.get("series") or {}
    return Event(
        kind=of.get("kind", ""),
        name=of.get("name", ""),
        reason=item.get("reason", ""),
        message=(item.get("message") or "")[:1000],
        warning=item.get("type") == "Warning",
        count=series.get("count") or item.get("count") or 1,
        at=series.get("lastObservedTime") or item.get("lastTimestamp") or item.get("eventTime") or item["metadata"]["creationTimestamp"],
    )
