"""The verbs on a real control plane."""

import random
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from roadstead import helm
from roadstead.helm.factories import CHART, archive, chart
from tests.testbeds.kubernetes import ControlPlane

pytestmark = pytest.mark.usefixtures("way")
HOOK = """apiVersion: batch/v1
kind: Job
metadata: {name: never, annotations: {"helm.sh/hook": pre-install}}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: none}]}}}
"""


@pytest.fixture
def namespace() -> str:
    return f"helm-{random.getrandbits(32):08x}"


def failing(call: Callable[[], object]) -> str:
    with pytest.raises(helm.HelmFailure) as raised:
        call()
    return raised.value.kind


def test_a_release_is_made_found_again_and_removed(kubernetes: ControlPlane, namespace: str) -> None:
    access, lines = kubernetes.kubeconfig, list[str]()
    assert helm.status(access, name="one", namespace=namespace) is None
    assert failing(lambda: helm.install(access, chart(), name="one", namespace=namespace)) == "missing"
    made = helm.install(
        access,
        chart(),
        name="one",
        namespace=namespace,
        values="replicas: 7",
        labels={"token": "t-1"},
        create_namespace=True,
        progress=lines.append,
    )
    assert (made.status, made.revision, made.chart_version, made.pending) == ("deployed", 1, "0.1.0", False)
    assert 'data: {n: "7"}' in made.manifest
    assert any("ConfigMap" in line for line in lines)
    found = helm.status(access, name="one", namespace=namespace)
    assert found
    assert found.labels["token"] == "t-1"
    assert failing(lambda: helm.install(access, chart(), name="one", namespace=namespace)) == "conflict"
    assert not helm.clear_pending(access, name="one", namespace=namespace)
    assert helm.uninstall(access, name="one", namespace=namespace, keep_history=True)
    assert helm.uninstall(access, name="one", namespace=namespace)
    assert not helm.uninstall(access, name="one", namespace=namespace)


def test_an_install_that_was_killed_is_cleared_and_tried_again(kubernetes: ControlPlane, namespace: str) -> None:
    access, slow = kubernetes.kubeconfig, archive({**CHART, "templates/hook.yaml": HOOK})
    helm.install(access, chart(), name="room", namespace=namespace, create_namespace=True)
    # Killed too early there is nothing yet, too late Helm itself has given up: both are fine, and then nothing is pending.
    for tenths in range(4, 60, 2):
        assert failing(partial(helm.install, access, slow, name="one", namespace=namespace, deadline=tenths / 10)) == "timeout"
        if held := helm.status(access, name="one", namespace=namespace):
            break
    assert held
    assert helm.clear_pending(access, name="one", namespace=namespace) == held.pending
    assert helm.uninstall(access, name="one", namespace=namespace) != held.pending
    assert helm.install(access, chart(), name="one", namespace=namespace).status == "deployed"


def test_a_foreign_credential_is_told_apart(kubernetes: ControlPlane, namespace: str) -> None:
    access = kubernetes.kubeconfig.replace(kubernetes.token, "wrong")
    assert failing(lambda: helm.status(access, name="one", namespace=namespace)) == "credential"


def test_what_the_cluster_does_not_know_is_refused(kubernetes: ControlPlane, namespace: str) -> None:
    unknown = chart(thing="apiVersion: none.example/v1\nkind: Thing\nmetadata: {name: a}\n")
    access = kubernetes.kubeconfig
    assert failing(lambda: helm.install(access, unknown, name="one", namespace=namespace, create_namespace=True)) == "invalid"
    assert helm.status(access, name="one", namespace=namespace) is None


def test_a_release_is_changed_and_brought_back(kubernetes: ControlPlane, namespace: str) -> None:
    access = kubernetes.kubeconfig
    at: Any = {"name": "one", "namespace": namespace}
    assert failing(lambda: helm.upgrade(access, chart(), **at)) == "pending"  # Helm says the same of both
    helm.install(access, chart(), **at, values="replicas: 7", labels={"token": "t-1"}, create_namespace=True)
    made = helm.upgrade(access, chart(), **at, labels={"change": "c-1"})
    assert (made.status, made.revision) == ("deployed", 2)
    assert 'data: {n: "1"}' in made.manifest  # nothing of the former values is left
    assert {"token", "change"} <= set(made.labels)
    back = helm.rollback(access, **at, revision=1)
    assert (back.status, back.revision) == ("deployed", 3)
    assert 'data: {n: "7"}' in back.manifest
    assert back.labels.get("token") == "t-1"
    assert "change" not in back.labels
    assert failing(lambda: helm.rollback(access, **at, revision=9)) == "invalid"
