"""The chart of Roadstead itself: what it renders to, that Helm and our own check accept it, and that a real control plane runs it."""

import base64
import json
import random
from pathlib import Path
from typing import Any

import helm_python
import pytest
import yaml

from roadstead import __version__, helm
from roadstead.packaging import services as packaging
from tests.testbeds.kubernetes import ControlPlane

FOLDER = Path(__file__).parents[2] / "deploy/helm/roadstead"
DATABASE = "postgresql://roadstead:password-of-the-database@db.example.com/roadstead"
CONTENT = {
    "ROADSTEAD_SECRET_KEY": "x" * 48,
    "ROADSTEAD_MASTER_KEY": base64.b64encode(bytes(32)).decode(),
    "ROADSTEAD_DATABASE_URL": DATABASE,
}
OWN_SECRET = {"secret": {"name": "keys", "create": True, "content": CONTENT}}
PARTS = ("web", "worker", "prepare")
Object = dict[str, Any]


def rendered(**values: Any) -> dict[str, Object]:
    """Return the objects of the chart by kind and name."""
    made = helm.render(packaging.pack_folder(FOLDER), name="apps", namespace="team", values=json.dumps(values), deadline=60)
    found = [each for each in yaml.safe_load_all(made.manifests) if each]
    return {f"{each['kind']}/{each['metadata']['name']}": each for each in found}


def pod_of(objects: dict[str, Object], part: str) -> Object:
    kind = "Job" if part == "prepare" else "Deployment"
    template: Object = objects[f"{kind}/apps-roadstead-{part}"]["spec"]["template"]["spec"]
    return template


def variables(objects: dict[str, Object], part: str) -> dict[str, str]:
    return {each["name"]: each["value"] for each in pod_of(objects, part)["containers"][0]["env"]}


def test_helm_lint_finds_nothing_to_warn_of() -> None:
    found = helm_python.lint(FOLDER, OWN_SECRET, strict=True)
    information = 1
    assert found["total_charts_linted"] == 1
    assert found["errors"] == []
    assert [each for each in found["messages"] if each["severity"] > information] == []


def test_our_own_check_accepts_it() -> None:
    report = packaging.check(packaging.pack_folder(FOLDER), filename="roadstead.tgz")
    assert (report.name, report.problems) == ("roadstead", ())


def test_the_chart_is_of_this_version() -> None:
    chart = yaml.safe_load((FOLDER / "Chart.yaml").read_text())
    assert (chart["version"], chart["appVersion"]) == (__version__, __version__)
    assert pod_of(rendered(), "web")["containers"][0]["image"] == f"roadstead:{__version__}"


def test_by_itself_it_makes_the_parts_and_no_secret() -> None:
    assert sorted(rendered()) == [
        "Deployment/apps-roadstead-web",
        "Deployment/apps-roadstead-worker",
        "Job/apps-roadstead-prepare",
        "PodDisruptionBudget/apps-roadstead-web",
        "Service/apps-roadstead",
    ]


@pytest.mark.parametrize("part", PARTS)
def test_every_pod_is_bound_as_tightly_as_kubernetes_knows(part: str) -> None:
    pod = pod_of(rendered(), part)
    (container,) = pod["containers"]
    assert container["args"] == [part]
    assert pod["securityContext"]["runAsNonRoot"]
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert pod["automountServiceAccountToken"] is False
    assert {mount["mountPath"] for mount in container["volumeMounts"]} == {"/tmp", "/var/lib/roadstead"}  # noqa: S108  # not ours
    assert container["envFrom"] == [{"secretRef": {"name": "roadstead"}}]
    assert {"requests", "limits"} == set(container["resources"])


def test_pages_are_asked_whether_they_are_well_and_the_job_comes_first() -> None:
    objects = rendered()
    (web,) = pod_of(objects, "web")["containers"]
    asked = {name: web[name]["httpGet"]["path"] for name in ("startupProbe", "livenessProbe", "readinessProbe")}
    assert asked == {"startupProbe": "/healthz", "livenessProbe": "/healthz", "readinessProbe": "/readyz"}
    assert objects["Job/apps-roadstead-prepare"]["metadata"]["annotations"]["helm.sh/hook"] == "pre-install,pre-upgrade"


def test_what_is_secret_stands_in_the_secret_only() -> None:
    objects = rendered(**OWN_SECRET)
    secret = objects.pop("Secret/keys")
    assert secret["stringData"] == CONTENT
    assert secret["metadata"]["annotations"]["helm.sh/hook"] == "pre-install,pre-upgrade"
    text = json.dumps(objects)
    assert [value for value in CONTENT.values() if value in text] == []
    other = {**CONTENT, "ROADSTEAD_SECRET_KEY": "y" * 48}
    again = rendered(secret={"name": "keys", "create": True, "content": other})
    web = "Deployment/apps-roadstead-web"
    assert again[web]["spec"]["template"]["metadata"] != objects[web]["spec"]["template"]["metadata"]


def test_settings_reach_every_part_as_they_were_meant() -> None:
    objects = rendered(
        publicUrl="https://apps.example.com:8443",
        trustedProxies=["10.0.0.0/8"],
        s3={"bucket": "harbour", "endpoint": "https://s3.example.com"},
        settings={"ROADSTEAD_LIMITS__UPLOAD_BYTES": 33554432, "ROADSTEAD_HELM_TIMEOUT": 90.5, "ROADSTEAD_LANGUAGE": "en"},
    )
    told = variables(objects, "web")
    assert told == variables(objects, "worker") == variables(objects, "prepare")
    assert told == {
        "ROADSTEAD_ALLOWED_HOSTS": '["apps.example.com"]',
        "ROADSTEAD_DATA_DIR": "/var/lib/roadstead/data",
        "ROADSTEAD_HELM_TIMEOUT": "90.5",
        "ROADSTEAD_LANGUAGE": "en",
        "ROADSTEAD_LIMITS__UPLOAD_BYTES": "33554432",
        "ROADSTEAD_LOG_FORMAT": "json",
        "ROADSTEAD_PUBLIC_URL": "https://apps.example.com:8443",
        "ROADSTEAD_S3__BUCKET": "harbour",
        "ROADSTEAD_S3__ENDPOINT": "https://s3.example.com",
        "ROADSTEAD_TRUSTED_PROXIES": '["10.0.0.0/8"]',
    }


def test_an_ingress_and_policies_come_when_they_are_asked_for() -> None:
    objects = rendered(
        publicUrl="https://apps.example.com",
        ingress={"enabled": True, "className": "nginx", "tlsSecret": "certificate"},
        networkPolicy={"enabled": True, "from": [{"namespaceSelector": {}}]},
        web={"replicas": 1},
        image={"tag": "sha256:" + "a" * 64},
    )
    ingress = objects["Ingress/apps-roadstead"]["spec"]
    assert ingress["tls"] == [{"hosts": ["apps.example.com"], "secretName": "certificate"}]
    assert ingress["rules"][0]["host"] == "apps.example.com"
    assert objects["NetworkPolicy/apps-roadstead-web"]["spec"]["ingress"][0]["from"] == [{"namespaceSelector": {}}]
    assert objects["NetworkPolicy/apps-roadstead"]["spec"]["policyTypes"] == ["Ingress"]
    assert "PodDisruptionBudget/apps-roadstead-web" not in objects
    assert pod_of(objects, "web")["containers"][0]["image"] == "roadstead@sha256:" + "a" * 64


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"publicUrl": "apps.example.com"}, "publicUrl"),
        ({"secret": {"name": "keys", "create": True}}, "ROADSTEAD_MASTER_KEY"),
        ({"secret": {"create": True, "content": {**CONTENT, "ROADSTEAD_MASTER_KEY": "short"}}}, "ROADSTEAD_MASTER_KEY"),
        ({"secret": {"create": True, "content": {**CONTENT, "ROADSTEAD_DATABASE_URL": "sqlite://"}}}, "ROADSTEAD_DATABASE_URL"),
        ({"settings": {"LANGUAGE": "en"}}, "LANGUAGE"),
        ({"replicas": 3}, "replicas"),
    ],
)
def test_values_that_cannot_be_meant_are_refused(values: dict[str, Any], named: str) -> None:
    with pytest.raises(helm.HelmFailure) as refused:
        rendered(**values)
    assert refused.value.kind == "values"
    assert named in refused.value.text


def test_it_is_installed_upgraded_and_removed(kubernetes: ControlPlane) -> None:
    """The API server checks every pod against the restricted standard. Its nodes pretend: pods start and jobs end, nothing runs in them."""
    namespace = f"roadstead-{random.getrandbits(32):08x}"
    kubernetes.kubectl("create", "namespace", namespace)
    kubernetes.kubectl("label", "namespace", namespace, "pod-security.kubernetes.io/enforce=restricted")
    place: dict[str, Any] = {"name": "apps", "namespace": namespace, "deadline": 300.0}
    chart = packaging.pack_folder(FOLDER)
    try:
        made = helm.install(kubernetes.kubeconfig, chart, values=json.dumps(OWN_SECRET), wait=True, **place)
        assert made.status == "deployed"
        assert ready(kubernetes, namespace) == {"apps-roadstead-web": (2, 2), "apps-roadstead-worker": (2, 2)}
        job = json.loads(kubernetes.kubectl("-n", namespace, "get", "job", "apps-roadstead-prepare", "-o", "json"))
        assert job["status"]["succeeded"] == 1
        secret = json.loads(kubernetes.kubectl("-n", namespace, "get", "secret", "keys", "-o", "json"))
        assert base64.b64decode(secret["data"]["ROADSTEAD_DATABASE_URL"]).decode() == DATABASE

        more = {**OWN_SECRET, "worker": {"replicas": 3}}
        assert helm.upgrade(kubernetes.kubeconfig, chart, values=json.dumps(more), **place).revision == 2
        again = json.loads(kubernetes.kubectl("-n", namespace, "get", "job", "apps-roadstead-prepare", "-o", "json"))
        assert again["metadata"]["uid"] != job["metadata"]["uid"]
        kubernetes.kubectl("-n", namespace, "rollout", "status", "deploy/apps-roadstead-worker", "--timeout=120s", timeout=150)
        assert ready(kubernetes, namespace)["apps-roadstead-worker"] == (3, 3)

        assert helm.uninstall(kubernetes.kubeconfig, wait=True, **place)
        left = kubernetes.kubectl("-n", namespace, "get", "deploy,service,secret,poddisruptionbudget", "-o", "name").split()
        assert left == ["secret/keys"]
    finally:
        kubernetes.kubectl("delete", "namespace", namespace, "--wait=false")


def ready(kubernetes: ControlPlane, namespace: str) -> dict[str, tuple[int, int]]:
    """Return how many pods of each part are wanted and ready."""
    found = json.loads(kubernetes.kubectl("-n", namespace, "get", "deploy", "-o", "json"))["items"]
    return {each["metadata"]["name"]: (each["spec"]["replicas"], each["status"].get("readyReplicas", 0)) for each in found}
