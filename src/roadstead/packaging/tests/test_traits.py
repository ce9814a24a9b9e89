"""What changed between two versions for those who run them, and what a reviewer should look at."""

import pytest

from roadstead.packaging.concerns import concerns
from roadstead.packaging.traits import changes

POD = """---
# Source: demo/templates/app.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: {}
spec:
  replicas: 1
  template:
    spec:
      containers:
        - name: web
          image: nginx:1.28
          readinessProbe: {tcpSocket: {port: 80}}
          resources:
            limits: {cpu: 1, memory: 1Gi}
"""
SERVICE = """---
# Source: demo/templates/service.yaml
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  type: ClusterIP
  ports:
    - {name: http, port: 80, targetPort: 8080}
"""
ROLE = """---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: web}
rules:
  - {apiGroups: [""], resources: [pods], verbs: [get]}
"""
CLAIM = """---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec: {storageClassName: fast, resources: {requests: {storage: 8Gi}}}
"""
REST = "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: rest}\n"
Told = tuple[str, str, str, str, str]


GET = ("get · pods", "get · pods")
PRIVILEGED = "nginx:1.28\n          securityContext: {privileged: true}"
PODS = "      containers:"
DEPLOYMENT, WEB = ("Deployment/web", ""), ("Deployment/web", "web")


@pytest.mark.parametrize(
    ("text", "old", "new", "expected"),
    [
        (POD, "nginx:1.28", "nginx:1.29", [("image", *WEB, "nginx:1.28", "nginx:1.29")]),
        (POD, "replicas: 1", "replicas: 3", [("replicas", *DEPLOYMENT, "1", "3")]),
        (POD, "cpu: 1,", "cpu: 2,", [("resources", *WEB, "limits cpu 1, memory 1Gi", "limits cpu 2, memory 1Gi")]),
        (POD, "nginx:1.28", PRIVILEGED, [("privileged", *WEB, "", "privileged")]),
        (POD, PODS, f"      hostNetwork: true\n{PODS}", [("host-access", "Deployment/web", "hostNetwork", "", "hostNetwork")]),
        (
            POD,
            PODS,
            f"      volumes: [{{name: logs, hostPath: {{path: /var}}}}]\n{PODS}",
            [("host-path", "Deployment/web", "logs", "", "/var")],
        ),
        (SERVICE, "ClusterIP", "NodePort", [("service-type", "Service/web", "", "ClusterIP", "NodePort")]),
        (SERVICE, "8080}", "8080, nodePort: 30080}", [("node-port", "Service/web", "http", "", "30080")]),
        (SERVICE, "port: 80,", "port: 81,", [("port", "Service/web", "http", "80/TCP → 8080", "81/TCP → 8080")]),
        (
            ROLE,
            "[get]",
            "[get, list]",
            [("permission", "Role/web", *GET, ""), ("permission", "Role/web", "get, list · pods", "", "get, list · pods")],
        ),
        (CLAIM, "8Gi", "20Gi", [("storage", "PersistentVolumeClaim/data", "", "8Gi", "20Gi")]),
        (CLAIM, "fast", "slow", [("storage-class", "PersistentVolumeClaim/data", "", "fast", "slow")]),
        (POD, "labels: {}", "labels:\n    helm.sh/chart: demo-2", []),
    ],
)
def test_changes_are_found(text: str, old: str, new: str, expected: list[Told]) -> None:
    assert old in text
    found = changes(text + REST, text.replace(old, new, 1) + REST)
    assert [(one.code, one.name, one.part, one.before, one.after) for one in found] == expected


def test_a_new_object_is_told_with_what_matters_of_it() -> None:
    found = changes(POD, POD + SERVICE)
    assert [one.code for one in found] == ["service-type", "port", "object"]
    assert [one.after for one in changes(POD + SERVICE, POD)] == ["", "", ""]


@pytest.mark.parametrize(
    ("manifests", "expected"),
    [
        (POD + SERVICE, []),
        (SERVICE.replace("8080}", "8080, nodePort: 30080}"), [("node-ports", "30080", "values.yaml", 2)]),
        (SERVICE.replace("8080}", "8080, nodePort: 30099}"), [("node-ports", "30099", "", 9)]),
        (POD.replace("limits: {cpu: 1, memory: 1Gi}", "limits: {cpu: 1}"), [("limits", "web", "", 14)]),
        (POD.replace("readinessProbe", "startupProbe"), [("probes", "web", "", 14)]),
        (POD.replace("kind: Deployment", "kind: Job").replace("readinessProbe", "startupProbe"), []),
        (POD.replace(PODS, f"      hostNetwork: true\n{PODS}"), [("host-access", "hostNetwork", "templates/app.yaml", 3)]),
        (POD.replace("nginx:1.28", PRIVILEGED), [("host-access", "privileged web", "", 15)]),
        (ROLE.replace("kind: Role", "kind: ClusterRole"), [("cluster-scope", "ClusterRole", "", 3)]),
        ("---\nnot an object\n---\n- 1\n--- {\n", []),
    ],
)
def test_concerns_name_their_lines(manifests: str, expected: list[tuple[str, str, str, int]]) -> None:
    sources = {"values.yaml": "service:\n  nodePort: 30080\n", "templates/app.yaml": "kind: Deployment\n\n  hostNetwork: true\n"}
    found = concerns(manifests, lambda path: sources.get(path, ""))
    assert [(one.code, one.value, one.file, one.line) for one in found] == expected
