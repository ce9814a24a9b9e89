"""A file is removed only after nobody has named it for long enough, and never while somebody puts it again."""

from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from roadstead.blobs import services
from roadstead.blobs.errors import BlobMissing
from roadstead.blobs.models import Blob
from roadstead.core.clock import now

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def named(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    settings.STORAGES = settings.STORAGES | {
        "blobs": {"BACKEND": "roadstead.blobs.storage.FolderStorage", "OPTIONS": {"location": tmp_path}},
    }
    digests: set[str] = set()
    monkeypatch.setattr(services, "_namings", [lambda: digests])
    return digests


def later() -> int:
    """Sweep as one does when everything noted up to now is old."""
    return services.forget(now() + timedelta(seconds=1))


def test_only_what_nobody_named_for_long_goes(named: set[str]) -> None:
    kept, gone = services.put(b"kept"), services.put(b"gone")
    named.add(kept)
    assert services.forget(now() - timedelta(days=30)) == 0
    assert Blob.objects.get(pk=gone).unnamed_since is not None
    assert services.forget(now() - timedelta(days=30)) == 0
    assert services.read(gone) == b"gone"
    assert later() == 1
    assert services.read(kept) == b"kept"
    with pytest.raises(BlobMissing):
        services.read(gone)
    assert list(Blob.objects.values_list("pk", flat=True)) == [kept]


def test_what_is_named_again_starts_anew(named: set[str]) -> None:
    digest = services.put(b"file")
    services.forget(now())
    named.add(digest)
    assert later() == 0
    assert Blob.objects.get().unnamed_since is None
    named.clear()
    services.forget(now())
    services.put(b"file")
    assert services._forget(digest, now() + timedelta(seconds=1)) == 0  # the sweep had chosen it already
    assert services.read(digest) == b"file"


def test_a_sweep_takes_a_bounded_number() -> None:
    for number in range(5):
        services.put(b"%d" % number)
    services.forget(now())
    assert services.forget(now() + timedelta(seconds=1), most=2) == 2
    assert Blob.objects.count() == 3
