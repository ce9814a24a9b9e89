"""Helm's own words, as a live cluster gave them, and the kinds they become."""

import pytest

from roadstead.helm.failures import kind_of, shortened

UNREACHABLE = 'kubernetes cluster unreachable: Get "https://127.0.0.1:1/version": '
SCHEMA = "values don't meet the specifications of the schema(s) in the following chart(s):\ndemo:\n- at '/a': got number, want string"
TABLE = [
    (-7, "release: not found", "missing"),
    (-62, 'create: failed to create: namespaces "t0" not found', "missing"),
    (-62, "release name check failed: cannot reuse a name that is still in use", "conflict"),
    (-62, 'ConfigMap "a" in namespace "b" exists and cannot be imported into the current release: invalid ownership metadata', "conflict"),
    (-62, "another operation (install/upgrade/rollback) is in progress", "pending"),
    (-60, "kubernetes cluster unreachable: the server has asked for the client to provide credentials", "credential"),
    (-62, 'configmaps is forbidden: User "u" cannot create resource "configmaps"', "credential"),
    (-60, UNREACHABLE + "dial tcp 127.0.0.1:1: connect: connection refused", "unreachable"),
    (-60, UNREACHABLE + "tls: failed to verify certificate: x509: certificate signed by unknown authority", "unreachable"),
    (-6, "resource Deployment/t1/w1 not ready. status: InProgress\ncontext deadline exceeded", "timeout"),
    (-6, "context canceled", "timeout"),
    (-62, "execution error at (demo/templates/x.yaml:1:3): no good", "render"),
    (-62, "YAML parse error on demo/templates/x.yaml: error converting YAML to JSON", "render"),
    (-62, SCHEMA, "values"),
    (-62, 'unable to build kubernetes objects: no matches for kind "Foo" in version "foo.io/v1"', "invalid"),
    (-62, "chart requires kubeVersion: >=1.99 which is incompatible with Kubernetes v1.37.2", "invalid"),
    (-20, 'validation: chart.metadata.name "a/b" is invalid', "invalid"),
    (-5, "panic", "crashed"),
    (None, "", "invalid"),
]


@pytest.mark.parametrize(("code", "text", "kind"), TABLE, ids=[text[:30] for _, text, _ in TABLE])
def test_kinds(code: int | None, text: str, kind: str) -> None:
    assert kind_of(code, text) == kind


def test_a_long_message_keeps_both_ends() -> None:
    text = shortened("start " + "again " * 10_000 + "end\n")
    assert len(text) < 4_100
    assert text.startswith("start")
    assert text.endswith("end")
