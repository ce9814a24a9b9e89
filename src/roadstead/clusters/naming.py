"""Which stored files instances name: the packages they were made from, and those of every change that they can go back to."""

from collections.abc import Iterator

from roadstead.clusters.models import Change, Cluster
from roadstead.clusters.states import Status


def digests() -> Iterator[str]:
    """Yield the digests of every instance that isn't ceased."""
    yield from Cluster.objects.exclude(status=Status.CEASED).values_list("digest", flat=True)
    yield from Change.objects.exclude(cluster__status=Status.CEASED).values_list("digest", flat=True)
