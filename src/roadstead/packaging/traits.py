"""What of an application's objects matters to whoever has to run it, and what of that changed between two versions."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from roadstead.packaging.rendered import Piece, containers, mapping, mappings, pieces, pod_specs

# In the order in which they are told.
CODES = (
    "image",
    "privileged",
    "host-access",
    "host-path",
    "permission",
    "binding",
    "role",
    "service-type",
    "node-port",
    "port",
    "storage",
    "storage-class",
    "nodes",
    "replicas",
    "resources",
    "service",
    "link",
    "object",
)
Fact = tuple[str, str, str]  # code, part of the object, value
Facts = dict[tuple[str, str, str], str]  # values by code, name of the object and part of it
_HOST = ("hostNetwork", "hostPID", "hostIPC")


@dataclass(frozen=True)
class Change:
    """One thing that changed: of what kind, at which object and which part of it, from what, to what; empty means that it wasn't there."""

    code: str
    name: str
    part: str
    before: str
    after: str


def changes(before: str, after: str) -> list[Change]:
    """Return what changed between two rendered manifests; objects whose text is the same aren't read at all."""
    old, new = pieces(before), pieces(after)
    kept = {piece.essence for piece in old} & {piece.essence for piece in new}
    was, became = (_facts(piece for piece in side if piece.essence not in kept) for side in (old, new))
    return compared(was, became)


def compared(was: Facts, became: Facts) -> list[Change]:
    """Return what differs between two sets of facts, in the order in which it is told."""
    found = [
        Change(*fact, was.get(fact, ""), became.get(fact, "")) for fact in {**was, **became} if was.get(fact, "") != became.get(fact, "")
    ]
    return sorted(found, key=lambda change: (CODES.index(change.code), change.name, change.part))


def _facts(found: Iterator[Piece]) -> Facts:
    facts: Facts = {}
    for piece in found:
        if piece.object:
            facts |= {(code, piece.name, part): value for code, part, value in _of_object(piece.object)}
    return facts


def _of_object(found: dict[str, Any]) -> Iterator[Fact]:
    yield "object", "", str(found["kind"])
    spec = mapping(found, "spec")
    if isinstance(spec.get("replicas"), int):
        yield "replicas", "", str(spec["replicas"])
    read = _READERS.get(str(found["kind"]))
    if read:
        yield from read(found)
    for claim in mappings(spec, "volumeClaimTemplates"):
        yield from _of_claim(claim, str(mapping(claim, "metadata").get("name", "")))
    for pod in pod_specs(found):
        yield from _of_pod(pod)


def _of_pod(pod: dict[str, Any]) -> Iterator[Fact]:
    for key in _HOST:
        if pod.get(key) is True:
            yield "host-access", key, key
    for volume in mappings(pod, "volumes"):
        if isinstance(volume.get("hostPath"), dict):
            yield "host-path", str(volume.get("name", "")), str(volume["hostPath"].get("path", ""))
    for container in containers(pod):
        yield from _of_container(container, str(container.get("name", "")))


def _of_container(container: dict[str, Any], name: str) -> Iterator[Fact]:
    yield "image", name, str(container.get("image", ""))
    security = mapping(container, "securityContext")
    if security.get("privileged") is True:
        yield "privileged", name, "privileged"
    added = mapping(security, "capabilities").get("add")
    for capability in added if isinstance(added, list) else ():
        yield "privileged", f"{name} {capability}", str(capability)
    resources = mapping(container, "resources")
    told = "; ".join(f"{kind} {_listed(mapping(resources, kind))}" for kind in ("requests", "limits") if mapping(resources, kind))
    if told:
        yield "resources", name, told
    for port in mappings(container, "ports"):
        if port.get("hostPort"):
            yield "host-access", f"{name} hostPort", str(port["hostPort"])


def _of_service(found: dict[str, Any]) -> Iterator[Fact]:
    spec = mapping(found, "spec")
    yield "service-type", "", str(spec.get("type", "ClusterIP"))
    for port in mappings(spec, "ports"):
        name = str(port.get("name") or port.get("port", ""))
        yield "port", name, f"{port.get('port')}/{port.get('protocol', 'TCP')} → {port.get('targetPort', port.get('port'))}"
        if port.get("nodePort"):
            yield "node-port", name, str(port["nodePort"])


def _of_role(found: dict[str, Any]) -> Iterator[Fact]:
    for rule in mappings(found, "rules"):
        what = _joined(rule.get("resources")) or _joined(rule.get("nonResourceURLs"))
        groups = _joined(rule.get("apiGroups"))
        told = f"{_joined(rule.get('verbs'))} · {what}" + (f" ({groups})" if groups else "")
        yield "permission", told, told


def _of_binding(found: dict[str, Any]) -> Iterator[Fact]:
    role = mapping(found, "roleRef")
    for subject in mappings(found, "subjects"):
        who = f"{subject.get('kind')}/{subject.get('name')}"
        yield "binding", who, f"{who} → {role.get('kind')}/{role.get('name')}"


def _of_claim(found: dict[str, Any], part: str = "") -> Iterator[Fact]:
    spec = mapping(found, "spec")
    yield "storage", part, str(mapping(mapping(spec, "resources"), "requests").get("storage", ""))
    if spec.get("storageClassName"):
        yield "storage-class", part, str(spec["storageClassName"])


_READERS: dict[str, Callable[[dict[str, Any]], Iterator[Fact]]] = {
    "Service": _of_service,
    "Role": _of_role,
    "ClusterRole": _of_role,
    "RoleBinding": _of_binding,
    "ClusterRoleBinding": _of_binding,
    "PersistentVolumeClaim": _of_claim,
}


def _listed(values: dict[str, Any]) -> str:
    return ", ".join(f"{key} {value}" for key, value in sorted(values.items()))


def _joined(value: Any) -> str:
    return ", ".join(str(item) for item in value if item != "") if isinstance(value, list) else ""
