"""Putting files into the content store and taking them out again."""

import hashlib
import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Protocol, cast

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction

from roadstead.blobs.errors import BlobDamaged, BlobMissing
from roadstead.blobs.models import Blob
from roadstead.core.clock import now


class Place(Protocol):
    """What both stores can do beyond Django's storages."""

    def make(self) -> None:
        """Make the folder or the bucket, unless it is there."""
        ...


Naming = Callable[[], Iterable[str]]
_namings: list[Naming] = []
_BATCH = 500
_DIGEST = re.compile(r"[0-9a-f]{64}")


def make_place() -> None:
    """Make what files are kept in, where it is missing."""
    cast("Place", storages["blobs"]).make()


def digest_of(data: bytes) -> str:
    """Return the name that bytes have, or would have, in the store: their SHA-256 as hex."""
    return hashlib.sha256(data).hexdigest()


def put(data: bytes) -> str:
    """Store bytes and return their digest; the same bytes are one file, and putting them again mends it.

    The store may be far away: verbs call this before their transaction. What nobody names in the end is forgotten one day.
    """
    digest = digest_of(data)
    # The row first: `forget` holds it while it removes a file, so that it never takes away what was just put again.
    row, new = Blob.objects.update_or_create(digest=digest, defaults={"size": len(data), "unnamed_since": None})
    try:
        storages["blobs"].save(_name(digest), ContentFile(data))
    except BaseException:
        if new:
            row.delete()
        raise
    return digest


def keep(digest: str, data: bytes) -> None:
    """Put back the bytes of a file whose row is there, or comes; raises `BlobDamaged` for others."""
    if hashlib.sha256(data).hexdigest() != digest:
        raise BlobDamaged(digest=digest)
    storages["blobs"].save(_name(digest), ContentFile(data))


def digests() -> list[str]:
    """Return every file that is kept."""
    return list(Blob.objects.order_by("digest").values_list("digest", flat=True))


def is_there(digest: str) -> bool:
    """Whether the store has a file of this name; whether it is still the one is seen when it is read."""
    return storages["blobs"].exists(_name(digest))


def read(digest: str) -> bytes:
    """Return the bytes of a digest, verified; raises `BlobMissing`, `BlobDamaged`."""
    # Also keeps a crafted digest from naming a file elsewhere.
    if not _DIGEST.fullmatch(digest):
        raise BlobMissing(digest=digest[:64])
    try:
        with storages["blobs"].open(_name(digest)) as file:
            data: bytes = file.read()
    except FileNotFoundError as error:
        raise BlobMissing(digest=digest) from error
    if hashlib.sha256(data).hexdigest() != digest:
        raise BlobDamaged(digest=digest)
    return data


def register_naming(naming: Naming) -> None:
    """Add a function that returns the digests which a package names; what nobody names is forgotten one day."""
    if naming not in _namings:
        _namings.append(naming)


def forget(before: datetime, *, most: int = 500) -> int:
    """Note which files nobody names now, and remove those for which that was noted before a moment; return how many were removed."""
    named = {digest for naming in _namings for digest in naming()}
    noted = dict(Blob.objects.values_list("digest", "unnamed_since"))
    _note([digest for digest, since in noted.items() if since is None and digest not in named], now())
    _note([digest for digest, since in noted.items() if since is not None and digest in named], None)
    over = [digest for digest, since in noted.items() if since is not None and since < before and digest not in named]
    return sum(_forget(digest, before) for digest in over[:most])


def _note(digests: list[str], since: datetime | None) -> None:
    for start in range(0, len(digests), _BATCH):
        Blob.objects.filter(digest__in=digests[start : start + _BATCH]).update(unnamed_since=since)


@transaction.atomic
def _forget(digest: str, before: datetime) -> int:
    """Remove one file while its row is held; one that was put again meanwhile stays."""
    row = Blob.objects.select_for_update().filter(digest=digest, unnamed_since__lt=before).first()
    if row is None:
        return 0
    row.delete()
    storages["blobs"].delete(_name(digest))
    return 1


def _name(digest: str) -> str:
    return f"{digest[:2]}/{digest[2:4]}/{digest}"
