"""The kinds of objects that releases are made of: where the API keeps them, and the facts of each worth showing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from roadstead.runtimes.sdk import Endpoint, Other

Json = dict[str, Any]
Facts = dict[str, str]


@dataclass(frozen=True)
class Kind:
    """A kind with the path of its API group and the facts of one object."""

    name: str
    api: str
    plural: str
    facts: Callable[[Json], Facts]

    def path(self, namespace: str, name: str = "") -> str:
        """Return the address of a namespace's list, or of one object."""
        listed = f"/{self.api}/namespaces/{namespace}/{self.plural}"
        return f"{listed}/{name}" if name else listed


_HTTP, _HTTPS = 80, 443
WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet")


def _keys(item: Json) -> Facts:
    return {"keys": str(len(item.get("data") or {}) + len(item.get("binaryData") or {}))}


def _service(item: Json) -> Facts:
    spec = item["spec"]
    ports = [_port(port) for port in spec.get("ports", ())]
    external = ", ".join(_external(item)) or ("pending" if spec.get("type") == "LoadBalancer" else "")
    return {"type": spec.get("type", ""), "cluster_ip": spec.get("clusterIP", ""), "external": external, "ports": ", ".join(ports)}


def _port(port: Json) -> str:
    node = f":{port['nodePort']}" if port.get("nodePort") else ""
    return f"{port['port']}{node}/{port.get('protocol', 'TCP')}"


def _external(item: Json) -> list[str]:
    """Return addresses of a load balancer; some clouds give names instead."""
    given = item.get("status", {}).get("loadBalancer", {}).get("ingress") or ()
    return [entry.get("hostname") or entry.get("ip", "") for entry in given]


def _claim(item: Json) -> Facts:
    status, spec = item.get("status", {}), item["spec"]
    capacity = status.get("capacity", {}).get("storage") or spec.get("resources", {}).get("requests", {}).get("storage", "")
    facts = {"status": status.get("phase", ""), "volume": spec.get("volumeName", ""), "capacity": capacity}
    return {**facts, "access": ", ".join(spec.get("accessModes", ()))}


def _ingress(item: Json) -> Facts:
    return {"hosts": ", ".join(_hosts(item)), "address": ", ".join(_external(item))}


def _hosts(item: Json) -> list[str]:
    return [rule["host"] for rule in item["spec"].get("rules") or () if rule.get("host")]


def _job(item: Json) -> Facts:
    return {"done": f"{item.get('status', {}).get('succeeded', 0)}/{item['spec'].get('completions', 1)}"}


def _cron(item: Json) -> Facts:
    return {"schedule": item["spec"].get("schedule", ""), "last": item.get("status", {}).get("lastScheduleTime") or ""}


def _scaler(item: Json) -> Facts:
    spec = item["spec"]
    return {
        "target": f"{spec['scaleTargetRef']['kind']}/{spec['scaleTargetRef']['name']}",
        "pods": f"{spec.get('minReplicas', 1)}–{spec['maxReplicas']}",
    }


def _nothing(_item: Json) -> Facts:
    return {}


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("Deployment", "apis/apps/v1", "deployments", _nothing),
        Kind("StatefulSet", "apis/apps/v1", "statefulsets", _nothing),
        Kind("DaemonSet", "apis/apps/v1", "daemonsets", _nothing),
        Kind("Service", "api/v1", "services", _service),
        Kind("Ingress", "apis/networking.k8s.io/v1", "ingresses", _ingress),
        Kind("PersistentVolumeClaim", "api/v1", "persistentvolumeclaims", _claim),
        Kind("ConfigMap", "api/v1", "configmaps", _keys),
        Kind("Secret", "api/v1", "secrets", _keys),
        Kind("Job", "apis/batch/v1", "jobs", _job),
        Kind("CronJob", "apis/batch/v1", "cronjobs", _cron),
        Kind("HorizontalPodAutoscaler", "apis/autoscaling/v2", "horizontalpodautoscalers", _scaler),
        Kind("NetworkPolicy", "apis/networking.k8s.io/v1", "networkpolicies", _nothing),
    )
}


def other(kind: Kind, item: Json) -> Other:
    """Return an object with its facts; of secrets and config maps only how many keys they have."""
    return Other(kind.name, item["metadata"]["name"], kind.facts(item))


def endpoints(kind: Kind, item: Json, nodes: Sequence[str] = ()) -> list[Endpoint]:
    """Return the ways to reach what a service or an ingress stands for; `nodes` are addresses at which node ports answer."""
    if kind.name == "Ingress":
        return _endpoints_of_ingress(item)
    return _endpoints_of_service(item, nodes) if kind.name == "Service" else []


def _endpoints_of_ingress(item: Json) -> list[Endpoint]:
    """A host is a link once a controller serves the ingress, which it says by an address."""
    name, served, scheme = item["metadata"]["name"], _external(item), "https" if item["spec"].get("tls") else "http"
    found = []
    for rule in item["spec"].get("rules") or ():
        paths: Sequence[Json] = (rule.get("http") or {}).get("paths") or ({},)
        path = str(paths[0].get("path") or "/")
        for host in [rule["host"]] if rule.get("host") else served:
            linked = bool(served) and "*" not in host
            found.append(Endpoint(name, host + path.rstrip("/"), f"{scheme}://{host}{path}" if linked else ""))
    return found


def _endpoints_of_service(item: Json, nodes: Sequence[str]) -> list[Endpoint]:
    name, namespace, found = item["metadata"]["name"], item["metadata"]["namespace"], []
    for port in item["spec"].get("ports", ()):
        ways = [(address, port["port"]) for address in _external(item)]
        if not ways and port.get("nodePort"):
            ways = [(node, port["nodePort"]) for node in nodes]
        outside = [Endpoint(name, f"{_literal(host)}:{number}", _url(_literal(host), number, port)) for host, number in ways]
        found += outside or [Endpoint(name, f"{name}.{namespace}.svc:{port['port']}")]
    return found


def _literal(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def _url(address: str, number: int, port: Json) -> str:
    """Return an address to open, for ports that say that they speak HTTP."""
    spoken = port.get("appProtocol") or port.get("name") or ""
    if spoken.startswith("https") or port["port"] == _HTTPS:
        return f"https://{address}:{number}/"
    return f"http://{address}:{number}/" if spoken.startswith("http") or port["port"] == _HTTP else ""
