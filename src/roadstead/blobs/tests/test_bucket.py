"""The same in a bucket: what comes out is what went in, or nothing. The store is moto's server, on loopback."""

import hashlib
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer
from pytest_django import Settings

from roadstead.blobs.errors import BlobDamaged, BlobMissing, BlobStoreAway
from roadstead.blobs.models import Blob
from roadstead.blobs.services import make_place, put, read
from tests.ports import free_ports

pytestmark = pytest.mark.django_db
DATA = b"chart of an application"
DIGEST = hashlib.sha256(DATA).hexdigest()
KEY = f"roadstead/{DIGEST[:2]}/{DIGEST[2:4]}/{DIGEST}"
KEYS = {"region_name": "eu-west-1", "aws_access_key_id": "key", "aws_secret_access_key": "secret"}


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    port = free_ports(1)[0]
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    server.start()
    yield f"http://127.0.0.1:{port}"
    server.stop()


@pytest.fixture
def bucket(endpoint: str, settings: Settings) -> Iterator[Any]:
    store = boto3.resource("s3", endpoint_url=endpoint, **KEYS)
    made = store.create_bucket(Bucket="harbour", CreateBucketConfiguration={"LocationConstraint": KEYS["region_name"]})
    use(settings, endpoint)
    yield made
    made.objects.all().delete()
    made.delete()


def use(settings: Settings, endpoint: str) -> None:
    options = {"bucket_name": "harbour", "location": "roadstead", "endpoint_url": endpoint, "region_name": KEYS["region_name"]}
    secrets = {"access_key": KEYS["aws_access_key_id"], "secret_key": KEYS["aws_secret_access_key"]}
    settings.STORAGES = settings.STORAGES | {"blobs": {"BACKEND": "roadstead.blobs.bucket.BucketStorage", "OPTIONS": options | secrets}}


def test_the_same_bytes_are_one_object(bucket: Any) -> None:
    assert put(DATA) == put(DATA) == DIGEST
    assert read(DIGEST) == DATA
    assert [found.key for found in bucket.objects.all()] == [KEY]
    assert list(Blob.objects.values_list("digest", "size")) == [(DIGEST, len(DATA))]


@pytest.mark.parametrize("other", [b"", DATA + b" ", DATA[:-1] + b"N", b"another application altogether"])
def test_swapped_bytes_are_refused_every_time(bucket: Any, other: bytes) -> None:
    put(DATA)
    bucket.put_object(Key=KEY, Body=other)
    for _ in range(3):
        with pytest.raises(BlobDamaged):
            read(DIGEST)
    put(DATA)
    assert read(DIGEST) == DATA


def test_what_was_never_put_is_missing(bucket: Any) -> None:
    with pytest.raises(BlobMissing):
        read(DIGEST)


@pytest.mark.usefixtures("bucket")
def test_a_store_that_is_away_is_said_and_nothing_is_written(settings: Settings) -> None:
    use(settings, f"http://127.0.0.1:{free_ports(1)[0]}")
    with pytest.raises(BlobStoreAway):
        put(DATA)
    with pytest.raises(BlobStoreAway):
        read(DIGEST)
    assert not Blob.objects.exists()


def test_a_bucket_that_is_not_there_is_said(bucket: Any, settings: Settings) -> None:
    settings.STORAGES["blobs"]["OPTIONS"]["bucket_name"] = "elsewhere"
    settings.STORAGES = {**settings.STORAGES}
    with pytest.raises(BlobStoreAway):
        put(DATA)
    assert not Blob.objects.exists()


@pytest.mark.parametrize("region", ["eu-west-1", "us-east-1"])
def test_a_missing_bucket_is_made_and_one_that_is_there_stays(endpoint: str, settings: Settings, region: str) -> None:
    use(settings, endpoint)
    settings.STORAGES["blobs"]["OPTIONS"] |= {"bucket_name": f"made-in-{region}", "region_name": region}
    make_place()
    put(DATA)
    make_place()
    assert read(DIGEST) == DATA


def test_a_bucket_that_cannot_be_made_is_said(settings: Settings) -> None:
    use(settings, f"http://127.0.0.1:{free_ports(1)[0]}")
    with pytest.raises(BlobStoreAway):
        make_place()
