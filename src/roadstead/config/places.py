"""Where files are kept: a folder of the data folder, or a bucket of an S3-compatible store."""

from pathlib import Path
from typing import Any

from pydantic import BaseModel, SecretStr

SECONDS = 10


class Bucket(BaseModel):
    """A bucket, reached with these keys or, without them, as the machine's own role; an empty `endpoint` is AWS."""

    bucket: str = ""
    prefix: str = ""
    endpoint: str = ""
    region: str = ""
    access_key: SecretStr = SecretStr("")
    secret_key: SecretStr = SecretStr("")


def blobs(data_dir: Path, s3: Bucket) -> dict[str, Any]:
    """Return Django's settings of the content store."""
    if not s3.bucket:
        return {"BACKEND": "roadstead.blobs.storage.FolderStorage", "OPTIONS": {"location": data_dir / "blobs"}}
    return {
        "BACKEND": "roadstead.blobs.bucket.BucketStorage",
        "OPTIONS": {
            "bucket_name": s3.bucket,
            "location": s3.prefix,
            "endpoint_url": s3.endpoint or None,
            "region_name": s3.region or None,
            "access_key": s3.access_key.get_secret_value() or None,
            "secret_key": s3.secret_key.get_secret_value() or None,
        },
    }
