"""What stays when a release is gone: claims with data that stateful sets made, and what a chart asks to keep."""

from collections.abc import Iterator, Sequence

from roadstead.providers.kubernetes import objects
from roadstead.providers.kubernetes.client import Api
from roadstead.providers.kubernetes.waiting import RELEASE
from roadstead.runtimes.sdk import Other


def left(api: Api, namespace: str, name: str, seen: Sequence[tuple[str, str]]) -> tuple[Other, ...]:
    """Return what is there of a release that was removed: what still says that it made it, and what was seen of it before."""
    return tuple(_left(api, namespace, name, set(seen)))


def _left(api: Api, namespace: str, name: str, seen: set[tuple[str, str]]) -> Iterator[Other]:
    for kind in objects.KINDS.values():
        for metadata in api.metadata(kind.path(namespace)):
            owner = (metadata.get("annotations") or {}).get(RELEASE)
            # What was seen may have gone, and another release may have made one of that name since.
            stays = owner == name or (owner is None and (kind.name, metadata["name"]) in seen)
            item = api.find(kind.path(namespace, metadata["name"])) if stays and not metadata.get("deletionTimestamp") else None
            if item is not None:
                yield objects.other(kind, item)
