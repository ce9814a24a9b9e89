"""Packages for tests, made from texts; nothing binary lies in the tree."""

import bz2
import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Mapping
from typing import Any

CHART = {
    "Chart.yaml": "apiVersion: v2\nname: demo\nversion: 0.1.0\n",
    "values.yaml": "replicas: 1\n",
    "templates/app.yaml": (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: {{ .Release.Name }}}\nspec:\n  replicas: {{ .Values.replicas }}\n"
        "  template: {spec: {containers: [{name: web, image: nginx:1.29}]}}\n"
    ),
}

_ROLE: list[dict[str, Any]] = [
    {"key": "cpu", "type": "integer", "default": 1, "range": [1, 2, 4, 8], "required": True},
    {"key": "memory", "type": "integer", "default": 1024, "range": [1024, 2048, 4096], "required": True},
    {"key": "count", "type": "integer", "default": 1, "min": 1, "max": 5, "required": True},
    {"key": "volume_size", "type": "integer", "default": 10, "min": 10, "max": 100, "step": 10, "required": True},
]
QUESTIONS: dict[str, Any] = {
    "type": "array",
    "properties": [
        {
            "key": "cluster",
            "type": "array",
            "properties": [
                {"key": "name", "type": "string", "default": "demo", "required": True},
                {"key": "description", "type": "string", "default": ""},
                {"key": "subnet", "type": "string", "default": "", "required": True},
                {"key": "db", "label": "Database", "type": "array", "properties": _ROLE},
            ],
        },
        {
            "key": "env",
            "type": "array",
            "properties": [
                {
                    "key": "db",
                    "type": "array",
                    "properties": [
                        {"key": "port", "type": "integer", "default": 5432, "min": 1024, "max": 65535},
                        {"key": "title", "type": "string", "default": "demo", "pattern": "^[a-z]+$"},
                        {"key": "ratio", "type": "number", "default": 0.5, "min": 0, "max": 1},
                        {"key": "modules", "type": "string", "default": "a", "range": ["a", "b", "c"], "multichoice": True},
                        {"key": "debug", "type": "boolean", "default": False},
                        {"key": "password", "type": "password", "default": "", "required": True, "changeable": False},
                    ],
                }
            ],
        },
    ],
}
CLUSTER = """{
  "name": "{{.cluster.name}}",
  "description": "{{.cluster.description}}",
  "subnet": "{{.cluster.subnet}}",
  "nodes": [{
    "role": "db",
    "container": {"type": "docker", "image": "example/db:1.0"},
    "count": "{{.cluster.db.count}}",
    "cpu": "{{.cluster.db.cpu}}",
    "memory": "{{.cluster.db.memory}}",
    "volume": {"size": "{{.cluster.db.volume_size}}", "mount_point": "/data"},
    "services": {"init": {"cmd": "init.sh"}, "start": {"cmd": "start.sh --title={{.env.db.title}}"}, "stop": {"cmd": "stop.sh"}},
    "env": "{{.env.db}}"
  }],
  "endpoints": {"db": {"port": "db.env.port", "protocol": "tcp"}}
}
"""
VM = {
    "package.json": '{"api_version": "v1", "name": "demo", "version": "0.1.0", "app_version": "15"}',
    "config.json": json.dumps(QUESTIONS),
    "cluster.json.tmpl": CLUSTER,
}
Files = Mapping[str, str | bytes | None]


def chart(changes: Files | None = None) -> bytes:
    """Return a good small chart as tar.gz, with some files changed, added, or (None) left out."""
    files = {**CHART, **(changes or {})}
    return tgz({path: content for path, content in files.items() if content is not None})


def vm(changes: Files | None = None) -> bytes:
    """Return a good small package for machines, with some files changed, added, or (None) left out."""
    files = {**VM, **(changes or {})}
    return tgz({path: content for path, content in files.items() if content is not None})


def tgz(files: Mapping[str, str | bytes], top: str = "demo") -> bytes:
    """Pack files below a top folder."""
    return gzip.compress(tar(files, top), mtime=0)


def tar(files: Mapping[str, str | bytes], top: str = "demo") -> bytes:
    """Pack files below a top folder without compression."""
    return tar_of([(entry(f"{top}/{path}"), _bytes(content)) for path, content in files.items()])


def tbz(files: Mapping[str, str | bytes], top: str = "demo") -> bytes:
    """Pack files below a top folder as tar.bz2."""
    return bz2.compress(tar(files, top))


def tar_of(members: list[tuple[tarfile.TarInfo, bytes]]) -> bytes:
    """Pack entries of any kind."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", encoding="utf-8", errors="surrogateescape") as archive:
        for member, content in members:
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def entry(path: str, kind: bytes = tarfile.REGTYPE, target: str = "") -> tarfile.TarInfo:
    """Return a tar entry of some kind."""
    member = tarfile.TarInfo(path)
    member.type, member.linkname = kind, target
    return member


def zipped(files: Mapping[str, str | bytes], top: str = "demo") -> bytes:
    """Pack files below a top folder as zip."""
    return zip_of([(zipfile.ZipInfo(f"{top}/{path}"), _bytes(content)) for path, content in files.items()])


def zip_of(members: list[tuple[zipfile.ZipInfo, bytes]]) -> bytes:
    """Pack entries of any kind as zip."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for info, content in members:
            archive.writestr(info, content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content
