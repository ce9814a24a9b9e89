"""Which stored files the store names: the pictures of its listings, which may be older than the working copies'."""

from collections.abc import Iterator

from roadstead.store.models import Listing


def digests() -> Iterator[str]:
    """Yield the digests of icons and screenshots of every listing, suspended ones too."""
    for icon, screenshots in Listing.objects.values_list("icon", "info__screenshots"):
        yield icon
        for shot in screenshots or ():
            yield from (shot["full"], shot["small"])
