"""Packages for tests, made from texts; nothing binary lies in the tree."""

import bz2
import gzip
import io
import tarfile
import zipfile
from collections.abc import Mapping

CHART = {
    "Chart.yaml": "apiVersion: v2\nname: demo\nversion: 0.1.0\n",
    "values.yaml": "replicas: 1\n",
    "templates/app.yaml": (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: {{ .Release.Name }}}\nspec:\n  replicas: {{ .Values.replicas }}\n"
        "  template: {spec: {containers: [{name: web, image: nginx:1.29}]}}\n"
    ),
}
Files = Mapping[str, str | bytes | None]


def chart(changes: Files | None = None) -> bytes:
    """Return a good small chart as tar.gz, with some files changed, added, or (None) left out."""
    files = {**CHART, **(changes or {})}
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
