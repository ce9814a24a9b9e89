"""What a release looks like now: its workloads with their pods, the other objects, the ways to reach it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from roadstead.providers.kubernetes import objects, pods, releases
from roadstead.providers.kubernetes.client import Api
from roadstead.providers.kubernetes.problems import READ_FAILED
from roadstead.runtimes.sdk import CredentialRefused, Endpoint, NotThere, Other, Pod, ProviderError, Refused, ReleaseView, Workload

if TYPE_CHECKING:
    from roadstead.core.problems import Problem

Json = dict[str, Any]
# These hold what nobody but the application should see: only the release's own are read, one by one.
_BY_NAME = ("Secret", "ConfigMap")
# A node port answers at every node; two of them are enough to try.
_NODES_NAMED = 2
JOB_LABELS = ("batch.kubernetes.io/job-name", "job-name")


def read(api: Api, namespace: str, record: releases.Record) -> ReleaseView:
    """Look at everything that a revision installed. What can't be read is named, the rest is shown."""
    contents = releases.contents(api, namespace, record)
    return _Reader(api, namespace).view(record.status, contents)


def workload_items(api: Api, namespace: str, contents: releases.Contents) -> list[Json]:
    """Return the release's Deployments, StatefulSets and DaemonSets as the API has them."""
    return items_of(api, namespace, contents, objects.WORKLOADS)


def items_of(api: Api, namespace: str, contents: releases.Contents, kinds: Iterable[str]) -> list[Json]:
    """Return the release's objects of some kinds as the API has them."""
    return [item for kind in kinds for item in _items(api, namespace, objects.KINDS[kind], contents)]


def all_pods(api: Api, namespace: str) -> list[Json]:
    """Return the pods of the namespace."""
    return api.items(f"/api/v1/namespaces/{namespace}/pods")


def own_pods(api: Api, namespace: str, contents: releases.Contents) -> list[Json]:
    """Return the pods of the release's workloads and jobs, and no others of the namespace."""
    running = all_pods(api, namespace)
    selectors = [item["spec"]["selector"] for item in workload_items(api, namespace, contents)]
    mine = [item for item in running if any(pods.selects(selector, item) for selector in selectors)]
    return [*mine, *(item for item in _of_jobs(running, contents) if item not in mine)]


def _of_jobs(running: list[Json], contents: releases.Contents) -> list[Json]:
    jobs = {name for kind, name in contents.objects if kind == "Job"}
    return [item for item in running if jobs & {(item["metadata"].get("labels") or {}).get(label) for label in JOB_LABELS}]


class _Reader:
    """Collects parts and the problems of those that can't be read."""

    def __init__(self, api: Api, namespace: str) -> None:
        self.api, self.namespace = api, namespace
        self.problems: list[Problem] = []
        self.running: list[Json] = []

    def view(self, status: str, contents: releases.Contents) -> ReleaseView:
        found = [(kind, item) for kind in objects.KINDS.values() for item in self._items(kind, contents)]
        claims = self._claims_of_sets([item for kind, item in found if kind.name == "StatefulSet"], contents)
        rest = [(kind, item) for kind, item in (*found, *claims) if kind.name not in objects.WORKLOADS]
        workloads, strays = self._workloads([item for kind, item in found if kind.name in objects.WORKLOADS], contents)
        others: tuple[Other, ...] = tuple(objects.other(kind, item) for kind, item in rest)
        nodes = sorted({pod["status"]["hostIP"] for pod in self.running if pod.get("status", {}).get("hostIP")})[:_NODES_NAMED]
        endpoints: tuple[Endpoint, ...] = tuple(endpoint for kind, item in rest for endpoint in objects.endpoints(kind, item, nodes))
        return ReleaseView(status, workloads, strays, others, endpoints, contents.notes, tuple(self.problems))

    def _items(self, kind: objects.Kind, contents: releases.Contents) -> list[Json]:
        try:
            return _items(self.api, self.namespace, kind, contents)
        except (CredentialRefused, NotThere, Refused) as error:
            self._note(kind.name, error)
            return []

    def _workloads(self, items: list[Json], contents: releases.Contents) -> tuple[tuple[Workload, ...], tuple[Pod, ...]]:
        try:
            self.running = all_pods(self.api, self.namespace)
        except (CredentialRefused, Refused) as error:
            self._note("Pod", error)
        return tuple(pods.workload(item, self.running) for item in items), tuple(map(pods.pod, _of_jobs(self.running, contents)))

    def _claims_of_sets(self, sets: list[Json], contents: releases.Contents) -> list[tuple[objects.Kind, Json]]:
        """Return the claims that stateful sets made for their pods: no manifest names them."""
        kind = objects.KINDS["PersistentVolumeClaim"]
        stems = tuple(
            f"{template['metadata']['name']}-{item['metadata']['name']}-"
            for item in sets
            for template in item["spec"].get("volumeClaimTemplates") or ()
        )
        if not stems:
            return []
        named = {name for which, name in contents.objects if which == kind.name}
        try:
            listed = self.api.items(kind.path(self.namespace))
        except (CredentialRefused, Refused) as error:
            self._note(kind.name, error)
            return []
        return [(kind, item) for item in listed if _made_for(item["metadata"]["name"], stems) and item["metadata"]["name"] not in named]

    def _note(self, kind: str, error: ProviderError) -> None:
        self.problems.append(READ_FAILED(kind=kind, reason=error.problem.message.rstrip(".。")))


def _items(api: Api, namespace: str, kind: objects.Kind, contents: releases.Contents) -> list[Json]:
    names = {name for which, name in contents.objects if which == kind.name}
    if not names:
        return []
    if kind.name in _BY_NAME:
        found = [api.find(kind.path(namespace, name)) for name in sorted(names)]
        return [item for item in found if item is not None]
    return [{**item, "kind": kind.name} for item in api.items(kind.path(namespace)) if item["metadata"]["name"] in names]


def _made_for(name: str, stems: tuple[str, ...]) -> bool:
    return any(name.startswith(stem) and name.removeprefix(stem).isdigit() for stem in stems)
