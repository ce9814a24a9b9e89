"""What is made of the objects that an API answers with: ways in, and the reasons of pods."""

from typing import Any

import pytest

from roadstead.providers.kubernetes import objects, pods

Json = dict[str, Any]
NODES = ["10.0.0.1", "fd00::1"]


def service(*ports: Json, external: list[Json] | None = None) -> Json:
    status = {"loadBalancer": {"ingress": external}} if external else {}
    return {"metadata": {"name": "web", "namespace": "shop"}, "spec": {"ports": list(ports)}, "status": status}


def ingress(*rules: Json, tls: bool = False, served: bool = True) -> Json:
    status = {"loadBalancer": {"ingress": [{"ip": "203.0.113.9"}]}} if served else {}
    return {"metadata": {"name": "web"}, "spec": {"rules": list(rules), "tls": [{}] if tls else None}, "status": status}


HTTP, ADMIN = {"port": 80, "name": "http"}, {"port": 8443, "name": "https-admin"}
HOST = {"host": "shop.example", "http": {"paths": [{"path": "/blog"}]}}


@pytest.mark.parametrize(
    ("kind", "item", "ways"),
    [
        ("Service", service(HTTP), [("web.shop.svc:80", "")]),
        (
            "Service",
            service(HTTP, external=[{"ip": "203.0.113.7"}, {"hostname": "lb.example"}]),
            [("203.0.113.7:80", "http://203.0.113.7:80/"), ("lb.example:80", "http://lb.example:80/")],
        ),
        (
            "Service",
            service({**HTTP, "nodePort": 30080}),
            [("10.0.0.1:30080", "http://10.0.0.1:30080/"), ("[fd00::1]:30080", "http://[fd00::1]:30080/")],
        ),
        ("Service", service({"port": 3306, "nodePort": 30306}), [("10.0.0.1:30306", ""), ("[fd00::1]:30306", "")]),
        ("Service", service(ADMIN, external=[{"ip": "203.0.113.7"}]), [("203.0.113.7:8443", "https://203.0.113.7:8443/")]),
        ("Ingress", ingress(HOST), [("shop.example/blog", "http://shop.example/blog")]),
        ("Ingress", ingress({"host": "shop.example"}, tls=True), [("shop.example", "https://shop.example/")]),
        ("Ingress", ingress(HOST, served=False), [("shop.example/blog", "")]),
        ("Ingress", ingress({"host": "*.shop.example"}), [("*.shop.example", "")]),
        ("Ingress", ingress({}), [("203.0.113.9", "http://203.0.113.9/")]),
        ("Ingress", ingress({}, served=False), []),
        ("ConfigMap", {"metadata": {"name": "web"}}, []),
    ],
)
def test_ways_in(kind: str, item: Json, ways: list[tuple[str, str]]) -> None:
    found = objects.endpoints(objects.KINDS[kind], item, NODES)
    assert [(endpoint.address, endpoint.url) for endpoint in found] == ways


def pod(*containers: Json, phase: str = "Running", conditions: tuple[Json, ...] = (), **status: Any) -> Json:
    told = {"phase": phase, "containerStatuses": list(containers), "conditions": list(conditions), **status}
    return {"metadata": {"name": "web-1"}, "spec": {}, "status": told}


def waiting(reason: str) -> Json:
    return {"name": "web", "state": {"waiting": {"reason": reason, "message": "why"}}, "restartCount": 4}


FAILED = {"terminated": {"exitCode": 137, "reason": "OOMKilled"}}
AGAIN = {"state": {"running": {}}, "lastState": FAILED, "restartCount": 2}
UNSCHEDULED = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/3 nodes"}
READY = {"type": "Ready", "status": "True"}


@pytest.mark.parametrize(
    ("item", "told"),
    [
        (pod(waiting("CrashLoopBackOff")), ("CrashLoopBackOff", "why", 4)),
        (pod(waiting("ImagePullBackOff"), phase="Pending"), ("ImagePullBackOff", "why", 4)),
        (pod(waiting("ContainerCreating"), phase="Pending"), ("", "", 4)),
        (pod(waiting("CreateContainerConfigError"), phase="Pending"), ("CreateContainerConfigError", "why", 4)),
        (pod({"state": FAILED, "restartCount": 0}), ("OOMKilled", "exit code 137", 0)),
        (pod(AGAIN), ("OOMKilled", "exit code 137", 2)),
        (pod(AGAIN, conditions=(READY,)), ("", "", 2)),
        (pod(phase="Pending", conditions=(UNSCHEDULED,)), ("Unschedulable", "0/3 nodes", 0)),
        (pod(phase="Failed", reason="Evicted", message="low on memory"), ("Evicted", "low on memory", 0)),
        (pod(initContainerStatuses=[waiting("ErrImagePull")], phase="Pending"), ("ErrImagePull", "why", 4)),
    ],
)
def test_why_a_pod_is_not_ready(item: Json, told: tuple[str, str, int]) -> None:
    seen = pods.pod(item)
    assert (seen.reason, seen.message, seen.restarts) == told
