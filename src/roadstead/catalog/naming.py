"""Which stored files the catalog names: packages, what they render to, and pictures."""

from collections.abc import Iterator

from roadstead.catalog.models import App, Picture, Version
from roadstead.catalog.track import Status


def digests() -> Iterator[str]:
    """Yield every digest that a living app or version, or a picture that may be handed out, names; empty ones stand for none."""
    yield from App.objects.exclude(status=Status.DELETED).values_list("icon", flat=True)
    yield from Picture.objects.values_list("pk", flat=True)
    for package, manifests in Version.objects.exclude(status=Status.DELETED).values_list("package", "facts__manifests"):
        yield package
        yield manifests or ""
