"""Helm's own records of a release: secrets in its namespace, one a revision.

Read here without Helm; written only by Helm, but that a revision which Helm died over is forgotten here.
"""

import base64
import binascii
import contextlib
import json
import zlib
from dataclasses import dataclass
from typing import Any

import yaml

from roadstead.providers.kubernetes.client import Api
from roadstead.runtimes.sdk import NotThere, Revision

TOKEN_LABEL = "roadstead.io/instance"  # no secret: it names whose release it is
CHANGE_LABEL = "roadstead.io/change"
MAX_RECORD = 64 * 1024 * 1024
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True)
class Record:
    """One revision of a release, as its labels say it."""

    status: str
    token: str
    revision: int
    secret: str
    change: str = ""

    @property
    def pending(self) -> bool:
        """Whether an operation holds the release, or died holding it."""
        return self.status.startswith("pending-")


@dataclass(frozen=True)
class Contents:
    """What a revision installed: its objects as (kind, name), the chart's notes, and what it says of itself."""

    objects: tuple[tuple[str, str], ...]
    notes: str
    description: str = ""


def latest(api: Api, namespace: str, name: str) -> Record | None:
    """Return the latest revision of a release, or None."""
    return max(records(api, namespace, name), key=lambda record: record.revision, default=None)


def records(api: Api, namespace: str, name: str) -> list[Record]:
    """Return all revisions of a release. The list is asked for without what they hold."""
    # Only labels are wanted, and Helm keeps the whole chart in each of them.
    found = api.metadata(f"/api/v1/namespaces/{namespace}/secrets", labelSelector=f"owner=helm,name={name}")
    return [_record(metadata) for metadata in found]


def contents(api: Api, namespace: str, record: Record) -> Contents:
    """Return what a revision installed."""
    told, info = _told(api, namespace, record)
    return Contents(_objects(told.get("manifest", "")), info.get("notes", "").strip(), info.get("description", ""))


def revision(api: Api, namespace: str, record: Record) -> Revision:
    """Return a revision as an entry of the history."""
    told, info = _told(api, namespace, record)
    chart = (told.get("chart") or {}).get("metadata") or {}
    values = yaml.safe_dump(told["config"], sort_keys=False, allow_unicode=True) if told.get("config") else ""
    return Revision(
        number=record.revision,
        status=record.status,
        change=record.change,
        chart_version=str(chart.get("version", "")),
        app_version=str(chart.get("appVersion", "")),
        at=str(info.get("last_deployed", "")),
        values=values,
        description=str(info.get("description", ""))[:200],
    )


def forget(api: Api, namespace: str, record: Record) -> None:
    """Remove the record of a revision; what it made is left for the next revision to take over."""
    with contextlib.suppress(NotThere):
        api.call("DELETE", f"/api/v1/namespaces/{namespace}/secrets/{record.secret}")


def _told(api: Api, namespace: str, record: Record) -> tuple[dict[str, Any], dict[str, Any]]:
    secret = api.get(f"/api/v1/namespaces/{namespace}/secrets/{record.secret}")
    told = _unpacked(secret.get("data", {}).get("release", ""))
    return told, told.get("info") or {}


def _record(metadata: dict[str, Any]) -> Record:
    labels = metadata.get("labels", {})
    version = labels.get("version", "0")
    return Record(
        status=labels.get("status", ""),
        token=labels.get(TOKEN_LABEL, ""),
        revision=int(version) if version.isdigit() else 0,
        secret=metadata["name"],
        change=labels.get(CHANGE_LABEL, ""),
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
