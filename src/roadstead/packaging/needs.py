"""What an instance asks its place for: pods or machines, processor, memory, storage."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from roadstead.packaging.limits import MIB
from roadstead.packaging.rendered import mapping, mappings, pieces, pod_specs
from roadstead.packaging.vm.building import document_of

_NUMBER = re.compile(r"([0-9]{1,18}(?:\.[0-9]{0,9})?)(m|k|[MGTPE]|[KMGTPE]i|e[0-9]{1,2})?")
_UNITS = {"": 1, "m": Decimal("0.001"), "k": 1000, **{unit: 1000**power for power, unit in enumerate("MGTPE", 2)}}
_BINARY = {f"{unit}i": 1024**power for power, unit in enumerate("KMGTPE", 1)}
# How many pods there are says one of these, and there is one where it is missing.
_NUMBERS = {"Deployment": "replicas", "StatefulSet": "replicas", "ReplicaSet": "replicas", "Job": "parallelism", "Pod": ""}
_ON_EACH_NODE = "DaemonSet"
_HOOK = "helm.sh/hook"


@dataclass(frozen=True)
class Needs:
    """What is asked for altogether; `silent` containers don't say how much processor or memory they want.

    `cpu` is cores, `memory` and `storage` are bytes. What runs on each node (`per_node` pods) counts once.
    """

    nodes: int = 0
    pods: int = 0
    per_node: int = 0
    cpu: Decimal = Decimal(0)
    memory: int = 0
    storage: int = 0
    silent: int = 0

    def __add__(self, other: "Needs") -> "Needs":
        """Return both together."""
        return Needs(*(mine + theirs for mine, theirs in zip(self._all, other._all, strict=True)))

    def times(self, number: int) -> "Needs":
        """Return as much so many times."""
        return Needs(*(each * number for each in self._all))

    @property
    def _all(self) -> tuple[Any, ...]:
        return self.nodes, self.pods, self.per_node, self.cpu, self.memory, self.storage, self.silent


def of_machines(cluster: str) -> Needs:
    """Add up the roles of a rendered cluster."""
    roles = document_of(json.loads(cluster)).roles
    each = [
        Needs(nodes=1, cpu=Decimal(role.cpu), memory=role.memory * MIB, storage=role.volume.size * 1024 * MIB if role.volume else 0).times(
            role.count * (1 + role.replica)
        )
        for role in roles
    ]
    return sum(each, Needs())


def of_workloads(manifests: str) -> Needs:
    """Add up what the objects of manifests ask for; hooks run for a moment and aren't counted, schedules run later."""
    objects = [piece.object for piece in pieces(manifests) if piece.object]
    return sum((_of_object(found) for found in objects if not _is_hook(found)), Needs())


def quantity(told: Any) -> Decimal | None:
    """Read an amount as Kubernetes writes it, such as 250m, 0.5, 1Gi or 129e6; None for what is none."""
    match = _NUMBER.fullmatch(str(told))
    if match is None:
        return None
    unit = match[2] or ""
    factor = 10 ** int(unit[1:]) if unit.startswith("e") else _UNITS.get(unit) or _BINARY[unit]
    return Decimal(match[1]) * Decimal(factor)


def _is_hook(found: dict[str, Any]) -> bool:
    return _HOOK in mapping(mapping(found, "metadata"), "annotations")


def _of_object(found: dict[str, Any]) -> Needs:
    kind, spec = str(found["kind"]), mapping(found, "spec")
    if kind == "PersistentVolumeClaim":
        return Needs(storage=_storage([found]))
    if kind == _ON_EACH_NODE:
        return replace(_of_pods(found), per_node=1)
    if kind not in _NUMBERS:
        return Needs()
    number = spec.get(_NUMBERS[kind], 1)
    one = _of_pods(found) + Needs(pods=1, storage=_storage(mappings(spec, "volumeClaimTemplates")))
    return one.times(number if isinstance(number, int) and not isinstance(number, bool) and number >= 0 else 1)


def _of_pods(found: dict[str, Any]) -> Needs:
    return sum((_of_pod(pod) for pod in pod_specs(found)), Needs())


def _of_pod(pod: dict[str, Any]) -> Needs:
    """Add up the containers; those that prepare run one after the other, so the greediest of them counts, where it is the most."""
    prepares = [one for one in mappings(pod, "initContainers") if one.get("restartPolicy") != "Always"]
    beside = [one for one in mappings(pod, "initContainers") if one.get("restartPolicy") == "Always"]
    running = [_of_container(one) for one in (*mappings(pod, "containers"), *beside)]
    before = [_of_container(one) for one in prepares]
    together = sum(running, Needs())
    return replace(
        together,
        cpu=max(together.cpu, *(one.cpu for one in before), Decimal(0)),
        memory=max(together.memory, *(one.memory for one in before), 0),
    )


def _of_container(container: dict[str, Any]) -> Needs:
    resources = mapping(container, "resources")
    # Without a request the limit is taken for one.
    wanted = {**mapping(resources, "limits"), **mapping(resources, "requests")}
    cpu, memory = quantity(wanted.get("cpu")), quantity(wanted.get("memory"))
    return Needs(cpu=cpu or Decimal(0), memory=int(memory or 0), silent=int(cpu is None or memory is None))


def _storage(claims: Iterable[dict[str, Any]]) -> int:
    return sum(_asked(claims))


def _asked(claims: Iterable[dict[str, Any]]) -> Iterator[int]:
    for claim in claims:
        yield int(quantity(mapping(mapping(mapping(claim, "spec"), "resources"), "requests").get("storage")) or 0)
