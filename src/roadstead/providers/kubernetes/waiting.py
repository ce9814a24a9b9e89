"""Waiting: for workloads to get ready and for objects to be gone, telling what is waited for."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from roadstead.providers.kubernetes import objects, pods, view
from roadstead.providers.kubernetes.client import Api
from roadstead.providers.kubernetes.problems import INTERRUPTED, NOT_GONE, NOT_READY
from roadstead.providers.kubernetes.releases import Contents
from roadstead.runtimes.sdk import Interrupted, Log, TimedOut, Unreachable

Json = dict[str, Any]
PAUSE = 1.0
RELEASE = "meta.helm.sh/release-name"
_INSTANCE = "app.kubernetes.io/instance"


@dataclass
class Patience:
    """How long to wait, who may stop it, and who hears of it."""

    seconds: float
    log: Log
    cancelled: Callable[[], bool]

    def rounds(self) -> Iterator[None]:
        """Give one turn after the other until the time is up; raises when the caller asks to stop."""
        deadline = time.monotonic() + self.seconds
        while True:
            if self.cancelled():
                raise Interrupted(INTERRUPTED())
            yield
            if time.monotonic() >= deadline:
                return
            time.sleep(min(PAUSE, max(0.0, deadline - time.monotonic())))


class _News:
    """Tells a line once, until it changes."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._told: dict[str, str] = {}

    def tell(self, about: str, line: str) -> None:
        """Pass the line on if it is new."""
        if self._told.get(about) != line:
            self._told[about] = line
            self._log(line)


def until_ready(api: Api, namespace: str, contents: Contents, patience: Patience) -> None:
    """Wait until every workload has its pods ready. A cluster that is away for a moment is waited for."""
    news, lacking = _News(patience.log), "?"
    for _turn in patience.rounds():
        try:
            lacking = _look(api, namespace, contents, news)
        except (Unreachable, TimedOut) as error:
            news.tell("server", str(error))
            continue
        if not lacking:
            return
    raise TimedOut(NOT_READY(seconds=round(patience.seconds), what=lacking))


def until_stopped(api: Api, namespace: str, contents: Contents, patience: Patience) -> None:
    """Wait until no pod of the workloads is left."""
    news, left = _News(patience.log), ["?"]
    for _turn in patience.rounds():
        try:
            items = view.workload_items(api, namespace, contents)
            running = view.all_pods(api, namespace) if items else []
        except (Unreachable, TimedOut) as error:
            news.tell("server", str(error))
            continue
        left = [pod["metadata"]["name"] for pod in running if any(pods.selects(item["spec"]["selector"], pod) for item in items)]
        if not left:
            return
        news.tell("left", f"Waiting for {', '.join(left)}")
    raise TimedOut(NOT_GONE(seconds=round(patience.seconds), what=", ".join(left)))


def until_gone(api: Api, namespace: str, name: str, patience: Patience) -> None:
    """Wait until no object carries the release's name any more, but those that it was told to keep."""
    news, left = _News(patience.log), ["?"]
    for _turn in patience.rounds():
        try:
            left = remains(api, namespace, name)
        except (Unreachable, TimedOut) as error:
            news.tell("server", str(error))
            continue
        if not left:
            return
        news.tell("left", f"Waiting for {', '.join(left)}")
    raise TimedOut(NOT_GONE(seconds=round(patience.seconds), what=", ".join(left)))


def remains(api: Api, namespace: str, name: str) -> list[str]:
    """Return what is left of a release: objects that Helm made, and pods and claims that go with them."""
    left = []
    for kind in objects.KINDS.values():
        for metadata in api.metadata(kind.path(namespace)):
            annotations = metadata.get("annotations") or {}
            made = annotations.get(RELEASE) == name and annotations.get("helm.sh/resource-policy") != "keep"
            if made or (_labelled(metadata, name) and metadata.get("deletionTimestamp")):
                left.append(f"{kind.name} {metadata['name']}")
    ending = api.metadata(f"/api/v1/namespaces/{namespace}/pods", labelSelector=f"{_INSTANCE}={name}")
    return [*left, *(f"Pod {metadata['name']}" for metadata in ending)]


def _look(api: Api, namespace: str, contents: Contents, news: _News) -> str:
    """Tell how each workload stands and return those that are not ready, in words."""
    running, lacking = view.all_pods(api, namespace), []
    for item in view.workload_items(api, namespace, contents):
        seen = pods.workload(item, running)
        title = f"{seen.kind} {seen.name}"
        news.tell(title, f"{title}: {seen.ready}/{seen.wanted} ready")
        reasons = [f"{pod.name}: {pod.reason}" for pod in seen.pods if pod.reason]
        for pod in seen.pods:
            if pod.reason:
                news.tell(pod.name, f"{pod.name}: {pod.reason} {pod.message}".rstrip())
        if not pods.settled(item):
            lacking.append(f"{title} {seen.ready}/{seen.wanted}" + (f" ({', '.join(reasons)})" if reasons else ""))
    return ", ".join(lacking)


def _labelled(metadata: Json, name: str) -> bool:
    return (metadata.get("labels") or {}).get(_INSTANCE) == name
