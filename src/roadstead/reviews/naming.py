"""Which stored files reviews name: what was reviewed stays readable, also when its version is deleted."""

from collections.abc import Iterator

from roadstead.reviews.models import Submission


def digests() -> Iterator[str]:
    """Yield the digests of every reviewed package, and of what their versions render to."""
    for package, manifests in Submission.objects.values_list("digest", "version__facts__manifests"):
        yield package
        yield manifests or ""
