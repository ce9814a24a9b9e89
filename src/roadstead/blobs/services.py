"""Putting files into the content store and taking them out again."""

import hashlib
import re

from django.core.files.base import ContentFile
from django.core.files.storage import storages

from roadstead.blobs.errors import BlobDamaged, BlobMissing
from roadstead.blobs.models import Blob

_DIGEST = re.compile(r"[0-9a-f]{64}")


def put(data: bytes) -> str:
    """Store bytes and return their SHA-256 as hex; the same bytes are one file, and putting them again mends it."""
    digest = hashlib.sha256(data).hexdigest()
    storages["blobs"].save(_name(digest), ContentFile(data))
    Blob.objects.get_or_create(digest=digest, defaults={"size": len(data)})
    return digest


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


def _name(digest: str) -> str:
    return f"{digest[:2]}/{digest[2:4]}/{digest}"
