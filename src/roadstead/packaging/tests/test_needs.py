"""What a deployment asks for: every kind of workload, amounts as Kubernetes writes them, and what isn't said."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from roadstead.packaging.factories import chart, vm
from roadstead.packaging.needs import Needs, of_workloads, quantity
from roadstead.packaging.services import needs_of, open_package, pack_folder, render

MIB, GIB = 1024**2, 1024**3
SMALL = {"resources": {"requests": {"cpu": "250m", "memory": "128Mi"}}}
LARGE = {"resources": {"requests": {"cpu": 2, "memory": "1Gi"}}}


def pod(*containers: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"template": {"spec": {"containers": list(containers), **more}}}


def needs(kind: str, spec: dict[str, Any], **metadata: Any) -> Needs:
    return of_workloads("---\n" + yaml.safe_dump({"apiVersion": "v1", "kind": kind, "metadata": metadata, "spec": spec}))


@pytest.mark.parametrize(
    ("told", "amount"),
    [
        ("250m", "0.25"),
        (2, "2"),
        (0.5, "0.5"),
        ("1Gi", str(GIB)),
        ("64Ki", "65536"),
        ("1G", "1000000000"),
        ("129e6", "129000000"),
        ("100k", "100000"),
    ],
)
def test_amounts_are_read_as_kubernetes_writes_them(told: object, amount: str) -> None:
    assert quantity(told) == Decimal(amount)


@pytest.mark.parametrize("told", [None, "", "much", "1 Gi", "-1", "1Zi", "9" * 40, [], {}])
def test_what_is_no_amount_is_none(told: object) -> None:
    assert quantity(told) is None


@pytest.mark.parametrize(
    ("kind", "spec", "wanted"),
    [
        ("Deployment", pod(SMALL), Needs(pods=1, cpu=Decimal("0.25"), memory=128 * MIB)),
        ("Deployment", {"replicas": 3, **pod(SMALL, LARGE)}, Needs(pods=3, cpu=Decimal("6.75"), memory=3 * (GIB + 128 * MIB))),
        ("Deployment", {"replicas": 0, **pod(SMALL)}, Needs()),
        ("Deployment", {"replicas": "many", **pod(SMALL)}, Needs(pods=1, cpu=Decimal("0.25"), memory=128 * MIB)),
        ("Job", {"parallelism": 2, **pod(SMALL)}, Needs(pods=2, cpu=Decimal("0.5"), memory=256 * MIB)),
        ("DaemonSet", pod(SMALL), Needs(per_node=1, cpu=Decimal("0.25"), memory=128 * MIB)),
        ("CronJob", {"jobTemplate": {"spec": pod(SMALL)}}, Needs()),
        ("PersistentVolumeClaim", {"resources": {"requests": {"storage": "8Gi"}}}, Needs(storage=8 * GIB)),
        (
            "StatefulSet",
            {"replicas": 2, "volumeClaimTemplates": [{"spec": {"resources": {"requests": {"storage": "10Gi"}}}}], **pod(SMALL)},
            Needs(pods=2, cpu=Decimal("0.5"), memory=256 * MIB, storage=20 * GIB),
        ),
        ("Deployment", pod({"name": "web"}, SMALL), Needs(pods=1, cpu=Decimal("0.25"), memory=128 * MIB, silent=1)),
        ("Deployment", pod({"resources": {"limits": {"cpu": 1, "memory": "1Gi"}}}), Needs(pods=1, cpu=Decimal(1), memory=GIB)),
        ("Deployment", pod(SMALL, initContainers=[LARGE]), Needs(pods=1, cpu=Decimal(2), memory=GIB)),
        (
            "Deployment",
            pod(SMALL, initContainers=[{**LARGE, "restartPolicy": "Always"}]),
            Needs(pods=1, cpu=Decimal("2.25"), memory=GIB + 128 * MIB),
        ),
        ("ConfigMap", {}, Needs()),
    ],
)
def test_what_each_kind_asks_for(kind: str, spec: dict[str, Any], wanted: Needs) -> None:
    assert needs(kind, spec) == wanted


def test_hooks_are_no_part_of_it() -> None:
    assert needs("Pod", {"containers": [SMALL]}, annotations={"helm.sh/hook": "test"}) == Needs()
    assert needs("Pod", {"containers": [SMALL]}) == Needs(pods=1, cpu=Decimal("0.25"), memory=128 * MIB)


def test_answers_change_what_is_asked_for() -> None:
    package = open_package(chart())
    one, three = (render(package, values, name="demo", namespace="default") for values in ("", "replicas: 3\n"))
    assert [needs_of(package, found.manifests).pods for found in (one, three)] == [1, 3]


def test_machines_are_counted_by_their_roles() -> None:
    package = open_package(vm())
    answers = json.loads(package.values)
    answers["env"]["db"]["password"] = "Quay-4711-side"
    manifests = render(package, json.dumps(answers), name="demo", namespace="default").manifests
    roles = json.loads(manifests)["nodes"]
    found = needs_of(package, manifests)
    assert found.nodes == sum(role["count"] for role in roles) > 0
    assert found.cpu == sum(role["count"] * role["cpu"] for role in roles)
    assert found.memory == sum(role["count"] * role["memory"] for role in roles) * MIB
    assert (found.pods, found.silent) == (0, 0)


def test_the_sample_says_what_it_wants() -> None:
    package = open_package(pack_folder(Path(__file__).parents[4] / "examples/wordpress/helm"))
    found = needs_of(package, render(package, package.values, name="blog", namespace="default").manifests)
    assert (found.pods, found.silent) == (2, 0)
    assert found.storage > 0
