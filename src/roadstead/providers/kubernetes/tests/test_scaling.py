"""What stopping and starting does to each kind of object."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import pytest

from roadstead.providers.kubernetes import objects, scaling
from roadstead.providers.kubernetes.releases import Contents

if TYPE_CHECKING:
    from roadstead.providers.kubernetes.client import Api

Json = dict[str, Any]


@dataclass
class Cluster:
    """An API that keeps one object of a kind and merges patches into it, as the real one does with mappings."""

    kept: dict[str, Json] = field(default_factory=dict)
    patches: int = 0

    def add(self, kind: str, spec: Json, **status: Any) -> None:
        self.kept[kind] = {"metadata": {"name": "web", "annotations": None}, "spec": spec, "status": status}

    def items(self, path: str) -> list[Json]:
        return [item for kind, item in self.kept.items() if path.endswith(f"/{objects.KINDS[kind].plural}")]

    def call(self, method: str, path: str, *, body: Json) -> None:
        assert method == "PATCH"
        self.patches += 1
        (found,) = self.items(path.rpartition("/")[0])
        _merge(found, body)


def _merge(into: Json, patch: Json) -> None:
    for key, value in patch.items():
        if isinstance(value, dict):
            into[key] = into.get(key) or {}
            _merge(into[key], value)
        elif value is None:
            into.pop(key, None)
        else:
            into[key] = value


def specs() -> dict[str, Json]:
    return {
        "Deployment": {"replicas": 3},
        "StatefulSet": {"replicas": 2},
        "DaemonSet": {"template": {"spec": {"nodeSelector": {"disk": "fast"}}}},
        "CronJob": {"schedule": "@daily", "suspend": False},
        "Job": {"completions": 1},
    }


AT_REST: dict[str, Json] = {
    "Deployment": {"replicas": 0},
    "StatefulSet": {"replicas": 0},
    "DaemonSet": {"template": {"spec": {"nodeSelector": {"disk": "fast", "roadstead.io/stopped": "true"}}}},
    "CronJob": {"schedule": "@daily", "suspend": True},
    "Job": {"completions": 1, "suspend": True},
}
AWAKE: dict[str, Json] = {**specs(), "Job": {"completions": 1, "suspend": False}}


def act(cluster: Cluster, verb: Any, *more: tuple[str, str]) -> list[str]:
    lines: list[str] = []
    contents = Contents((*((kind, "web") for kind in cluster.kept), *more), "")
    verb(cast("Api", cluster), "shop", contents, lines.append)
    return lines


@pytest.fixture(name="cluster")
def _cluster() -> Cluster:
    made = Cluster()
    for kind, spec in specs().items():
        made.add(kind, spec)
    return made


def seen(cluster: Cluster) -> dict[str, Json]:
    return {kind: item["spec"] for kind, item in cluster.kept.items()}


@pytest.mark.parametrize("times", [1, 2])
def test_everything_rests_and_comes_back_as_it_was(cluster: Cluster, times: int) -> None:
    for _ in range(times):
        act(cluster, scaling.stop)
    assert (seen(cluster), cluster.patches) == (AT_REST, 5)
    for _ in range(times):
        act(cluster, scaling.start)
    assert (seen(cluster), cluster.patches) == (AWAKE, 10)
    assert not any(scaling.REPLICAS in (item["metadata"]["annotations"] or {}) for item in cluster.kept.values())


def test_what_rested_before_stays_at_rest() -> None:
    cluster = Cluster()
    cluster.add("Deployment", {"replicas": 0})
    cluster.add("CronJob", {"suspend": True})
    cluster.add("Job", {}, conditions=[{"type": "Complete", "status": "True"}])
    act(cluster, scaling.stop)
    act(cluster, scaling.start)
    assert cluster.patches == 0


def test_a_note_that_an_upgrade_has_outlived_keeps_nothing_running(cluster: Cluster) -> None:
    act(cluster, scaling.stop)
    cluster.kept["Deployment"]["spec"]["replicas"] = 5
    act(cluster, scaling.stop)
    assert cluster.kept["Deployment"]["spec"] == {"replicas": 0}
    act(cluster, scaling.start)
    assert cluster.kept["Deployment"]["spec"] == {"replicas": 5}


def test_a_number_that_somebody_has_set_meanwhile_is_theirs(cluster: Cluster) -> None:
    act(cluster, scaling.stop)
    cluster.kept["Deployment"]["spec"]["replicas"] = 7
    act(cluster, scaling.start)
    assert cluster.kept["Deployment"]["spec"] == {"replicas": 7}
    assert scaling.REPLICAS not in cluster.kept["Deployment"]["metadata"]["annotations"]


def test_a_lone_pod_goes_on_and_that_is_said(cluster: Cluster) -> None:
    assert any("Pod alone goes on" in line for line in act(cluster, scaling.stop, ("Pod", "alone")))
