"""Helm's own records of a release: secrets in its namespace, one a revision. Read here without Helm; written only by Helm."""

import base64
import binascii
import json
import zlib
from dataclasses import dataclass
from typing import Any

import yaml

from roadstead.providers.kubernetes.client import Api

TOKEN_LABEL = "roadstead.io/instance"  # no secret: it names whose release it is
MAX_RECORD = 64 * 1024 * 1024
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True)
class Record:
    """The latest revision of a release."""

    status: str
    token: str
    revision: int
    secret: str

    @property
    def pending(self) -> bool:
        """Whether an operation holds the release, or died holding it."""
        return self.status.startswith("pending-")


@dataclass(frozen=True)
class Contents:
    """What a revision installed: its objects as (kind, name), and the chart's notes."""

    objects: tuple[tuple[str, str], ...]
    notes: str


def latest(api: Api, namespace: str, name: str) -> Record | None:
    """Return the latest revision of a release, or None. The list is asked for without what the revisions hold."""
    # Only labels are wanted, and Helm keeps the whole chart in each of them.
    found = api.metadata(f"/api/v1/namespaces/{namespace}/secrets", labelSelector=f"owner=helm,name={name}")
    records = [_record(metadata) for metadata in found]
    return max(records, key=lambda record: record.revision, default=None)


def contents(api: Api, namespace: str, record: Record) -> Contents:
    """Return what a revision installed."""
    secret = api.get(f"/api/v1/namespaces/{namespace}/secrets/{record.secret}")
    told = _unpacked(secret.get("data", {}).get("release", ""))
    return Contents(objects=_objects(told.get("manifest", "")), notes=told.get("info", {}).get("notes", "").strip())


def _record(metadata: dict[str, Any]) -> Record:
    labels = metadata.get("labels", {})
    version = labels.get("version", "0")
    return Record(
        status=labels.get("status", ""),
        token=labels.get(TOKEN_LABEL, ""),
        revision=int(version) if version.isdigit() else 0,
        secret=metadata["name"],
    )


def _unpacked(packed: str) -> dict[str, Any]:
    """Undo base64 of the API, base64 of Helm and gzip, with a limit; a record that isn't Helm's is empty."""
    try:
        data = base64.b64decode(base64.b64decode(packed))
        told = json.loads(zlib.decompressobj(wbits=31).decompress(data, MAX_RECORD))
    except (binascii.Error, ValueError, zlib.error):
        return {}
    return told if isinstance(told, dict) else {}


def _objects(manifest: str) -> tuple[tuple[str, str], ...]:
    """Return kind and name of each object. The YAML is only composed: aliases stay references, nothing is expanded."""
    try:
        documents = [node for node in yaml.compose_all(manifest, Loader=_LOADER) if node is not None]
    except (yaml.YAMLError, RecursionError):
        return ()
    found = [(_text(document, "kind"), _text(_child(document, "metadata"), "name")) for document in documents]
    return tuple((kind, name) for kind, name in found if kind and name)


def _child(node: yaml.Node | None, wanted: str) -> yaml.Node | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for key, value in node.value if key.value == wanted), None)


def _text(node: yaml.Node | None, wanted: str) -> str:
    child = _child(node, wanted)
    return str(child.value) if isinstance(child, yaml.ScalarNode) else ""
