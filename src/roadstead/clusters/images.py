"""Which images a view saw running: as manifests name them, and the digests that clusters report."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass
class Ran:
    """One image: the digests that its containers ran, and how many of them the cluster told nothing about."""

    image: str
    digests: list[str] = field(default_factory=list)
    silent: int = 0

    def to_store(self) -> dict[str, Any]:
        """Return a JSON shape."""
        return asdict(self)


def ran_images(view: Mapping[str, Any]) -> list[Ran]:
    """Return the images of a stored view, in the order in which its workloads name them; one without a pod ran nowhere yet."""
    found: dict[str, Ran] = {}
    for name in (image for workload in view.get("workloads", ()) for image in workload["images"]):
        found.setdefault(name, Ran(name))
    for one in _containers(view):
        ran = found.setdefault(one["image"], Ran(one["image"]))
        if not one["digest"]:
            ran.silent += 1
        elif one["digest"] not in ran.digests:
            ran.digests.append(one["digest"])
    return list(found.values())


def _containers(view: Mapping[str, Any]) -> Iterator[Mapping[str, str]]:
    """Yield the images of all pods; views from before they were read have none."""
    for pod in (*(pod for workload in view.get("workloads", ()) for pod in workload["pods"]), *view.get("pods", ())):
        yield from pod.get("images", ())
