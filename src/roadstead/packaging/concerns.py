"""What in the rendered objects a reviewer should look at: each concern with its object, its template and its line."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from roadstead.packaging.rendered import Piece, containers, mapping, mappings, pieces, pod_specs

# What no namespace holds, so that it reaches beyond the one an app is deployed to.
_CLUSTER_WIDE = frozenset(
    {
        "APIService",
        "CSIDriver",
        "ClusterRole",
        "ClusterRoleBinding",
        "CustomResourceDefinition",
        "IngressClass",
        "MutatingWebhookConfiguration",
        "Namespace",
        "PersistentVolume",
        "PriorityClass",
        "RuntimeClass",
        "StorageClass",
        "ValidatingAdmissionPolicy",
        "ValidatingWebhookConfiguration",
    }
)
# Workloads that are meant to end need no probes.
_LASTING = frozenset({"Deployment", "StatefulSet", "DaemonSet"})
_HOST = ("hostNetwork", "hostPID", "hostIPC")
CODES = ("node-ports", "host-access", "limits", "probes", "cluster-scope")


@dataclass(frozen=True)
class Concern:
    """One thing to look at. `file` and `line` are in the package where they could be found there, else `line` is of the manifests."""

    code: str
    name: str
    value: str
    line: int
    file: str = ""


def concerns(manifests: str, sources: "Callable[[str], str]" = lambda _: "") -> list[Concern]:
    """Return all concerns. `sources` gives the text of a file of the package, or nothing where there is no such text."""
    found: list[Concern] = []
    for piece in pieces(manifests):
        if piece.object:
            found.extend(_placed(piece, code, value, pattern, sources) for code, value, pattern in _of_object(piece.object))
    return found


Found = tuple[str, str, str]  # code, value, pattern of the line


def _of_object(found: dict[str, Any]) -> Iterator[Found]:
    kind = str(found["kind"])
    if kind in _CLUSTER_WIDE:
        yield "cluster-scope", kind, rf"^kind: *{kind}"
    if kind == "Service":
        for port in mappings(mapping(found, "spec"), "ports"):
            if port.get("nodePort"):
                yield "node-ports", str(port["nodePort"]), r"nodePort:"
    for pod in pod_specs(found):
        yield from _of_pod(pod, lasting=kind in _LASTING)


def _of_pod(pod: dict[str, Any], *, lasting: bool) -> Iterator[Found]:
    for key in _HOST:
        if pod.get(key) is True:
            yield "host-access", key, rf"{key}:"
    for volume in mappings(pod, "volumes"):
        if isinstance(volume.get("hostPath"), dict):
            yield "host-access", f"hostPath {volume['hostPath'].get('path', '')}", r"hostPath:"
    for container in containers(pod):
        if mapping(container, "securityContext").get("privileged") is True:
            yield "host-access", f"privileged {container.get('name', '')}", r"privileged:"
    for container in containers(pod, initial=False):
        name = str(container.get("name", ""))
        at = rf"image: *[\"']?{re.escape(str(container.get('image', '')))}"
        if not {"cpu", "memory"} <= set(mapping(mapping(container, "resources"), "limits")):
            yield "limits", name, at
        if lasting and not (container.get("readinessProbe") or container.get("livenessProbe")):
            yield "probes", name, at


def _placed(piece: Piece, code: str, value: str, pattern: str, sources: Callable[[str], str]) -> Concern:
    """Name the line of the package that makes a concern: the value in `values.yaml`, the key in the template, else what was rendered."""
    if code == "node-ports":
        line = _line(sources("values.yaml"), rf"[pP]ort\w*: *[\"']?{value}\b")
        if line:
            return Concern(code, piece.name, value, line, "values.yaml")
    line = _line(sources(piece.file), pattern) if piece.file and code not in {"limits", "probes"} else 0
    if line:
        return Concern(code, piece.name, value, line, piece.file)
    return Concern(code, piece.name, value, piece.line_of(pattern))


def _line(text: str, pattern: str) -> int:
    found = re.search(pattern, text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else 0
