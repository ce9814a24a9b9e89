"""A bucket of an S3-compatible store, in which an object appears whole or not at all anyway. Needs the extra `s3`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import ContentFile
from storages.backends.s3 import S3Storage

from roadstead.blobs.errors import BlobStoreAway

NOT_FOUND = 404
FIRST_REGION = "us-east-1"
# A store that doesn't answer must not keep a page's thread for minutes.
_CALLS = Config(connect_timeout=5, read_timeout=30, retries={"mode": "standard", "max_attempts": 3}, s3={"addressing_style": "auto"})


class BucketStorage(S3Storage):
    """django-storages' bucket, but an object of the same name is replaced, and a store that isn't there is said in our words."""

    bucket_name: str
    region_name: str | None

    def __init__(self, **options: Any) -> None:
        super().__init__(file_overwrite=True, default_acl=None, client_config=_CALLS, **options)

    def make(self) -> None:
        """Make the bucket, unless it is there; to be allowed to is only needed where it isn't."""
        client = self.connection.meta.client
        with _away():
            try:
                client.head_bucket(Bucket=self.bucket_name)
            except ClientError as error:
                if error.response["ResponseMetadata"]["HTTPStatusCode"] != NOT_FOUND:
                    raise
                client.create_bucket(Bucket=self.bucket_name, **self._region())

    def _region(self) -> dict[str, Any]:
        # The first region of all must not be named here.
        elsewhere = self.region_name and self.region_name != FIRST_REGION
        return {"CreateBucketConfiguration": {"LocationConstraint": self.region_name}} if elsewhere else {}

    def _save(self, name: str, content: Any) -> str:
        with _away():
            return str(super()._save(name, content))

    def _open(self, name: str, mode: str = "rb") -> Any:
        # All of it at once: the answer is then whole, or it is none.
        with _away(), super()._open(name, mode) as found:
            return ContentFile(found.read(), name)

    def exists(self, name: str) -> bool:
        """Whether there is such an object."""
        with _away():
            return bool(super().exists(name))

    def delete(self, name: str) -> None:
        """Remove an object."""
        with _away():
            super().delete(name)


@contextmanager
def _away() -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise BlobStoreAway(error=type(error).__name__) from error
