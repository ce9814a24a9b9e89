"""What comes out is what went in, or nothing."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from pytest_django import Settings

from roadstead.blobs.errors import BlobDamaged, BlobMissing
from roadstead.blobs.models import Blob
from roadstead.blobs.services import put, read

pytestmark = pytest.mark.django_db
DATA = b"chart of an application"
DIGEST = hashlib.sha256(DATA).hexdigest()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.STORAGES = settings.STORAGES | {
        "blobs": {"BACKEND": "roadstead.blobs.storage.FolderStorage", "OPTIONS": {"location": tmp_path}},
    }
    return tmp_path


def _file(folder: Path) -> Path:
    return folder / DIGEST[:2] / DIGEST[2:4] / DIGEST


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_the_same_bytes_are_one_file(folder: Path) -> None:
    assert put(DATA) == put(DATA) == DIGEST
    assert read(DIGEST) == DATA
    assert _files(folder) == [_file(folder)]
    assert list(Blob.objects.values_list("digest", "size")) == [(DIGEST, len(DATA))]


@pytest.mark.parametrize("other", [b"", DATA + b" ", DATA[:-1] + b"N", b"another application altogether"])
def test_swapped_bytes_are_refused_every_time(folder: Path, other: bytes) -> None:
    put(DATA)
    _file(folder).write_bytes(other)
    for _ in range(3):
        with pytest.raises(BlobDamaged):
            read(DIGEST)


def test_putting_it_again_mends_it(folder: Path) -> None:
    put(DATA)
    _file(folder).write_bytes(b"other")
    put(DATA)
    assert read(DIGEST) == DATA


@pytest.mark.parametrize("digest", [DIGEST, "", "../../etc/passwd", DIGEST.upper(), DIGEST + "\n", DIGEST[:-1]])
def test_what_was_never_put_is_missing(digest: str) -> None:
    with pytest.raises(BlobMissing):
        read(digest)


def test_a_write_that_breaks_off_leaves_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def chunks(_content: "ContentFile[bytes]", _size: int | None = None) -> Iterator[bytes]:
        yield DATA[:4]
        raise OSError(DIGEST)

    monkeypatch.setattr(ContentFile, "chunks", chunks)
    with pytest.raises(OSError, match=DIGEST):
        put(DATA)
    assert _files(folder) == []
    assert not Blob.objects.exists()
