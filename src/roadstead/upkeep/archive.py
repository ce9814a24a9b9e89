"""The file of a backup: a tar of `manifest.json`, then `rows/<table>.jsonl`, then `blobs/<digest>`.

The manifest names every member with its SHA-256, so that a cut or changed file is found before anything is restored.
"""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from roadstead.upkeep.errors import NotABackup

FORM = 1
MANIFEST = "manifest.json"
_PIECE = 1024 * 1024


class Draft:
    """A backup in the making: members are written aside, and counted into the manifest, until all are there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._members: dict[str, str] = {}

    def add(self, name: str, pieces: Iterable[bytes]) -> None:
        """Add a member."""
        digest = hashlib.sha256()
        path = self._path(name)
        with path.open("wb") as out:
            for piece in pieces:
                digest.update(piece)
                out.write(piece)
        self._members[name] = digest.hexdigest()

    def write(self, file: Path, facts: dict[str, Any]) -> None:
        """Write the backup, whole or not at all, readable by its owner alone."""
        manifest = json.dumps({"form": FORM, **facts, "members": self._members}, indent=1).encode()
        aside = self._folder / "whole"
        with aside.open("xb") as out:
            with tarfile.open(fileobj=out, mode="w|") as tar:
                _put(tar, MANIFEST, io.BytesIO(manifest), len(manifest))
                for name in self._members:
                    path = self._path(name)
                    with path.open("rb") as member:
                        _put(tar, name, member, path.stat().st_size)
            out.flush()
            os.fsync(out.fileno())
        aside.replace(file)

    def _path(self, name: str) -> Path:
        return self._folder / name.replace("/", "-")


def _put(tar: tarfile.TarFile, name: str, content: IO[bytes], size: int) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    tar.addfile(info, content)


class Backup:
    """A backup to read. `open` has looked at every byte of it."""

    def __init__(self, file: Path, manifest: dict[str, Any]) -> None:
        self.file = file
        self.manifest = manifest

    @classmethod
    def open(cls, file: Path) -> "Backup":
        """Check a file against its own manifest; raise `NotABackup`."""
        try:
            with tarfile.open(file, "r:") as tar:
                manifest = _manifest(tar)
                found = {info.name: _digest(tar, info) for info in tar if info.name != MANIFEST}
        except (tarfile.TarError, ValueError, KeyError, TypeError, EOFError) as error:
            raise NotABackup(file=file, place=MANIFEST) from error
        wrong = sorted(name for name in found.keys() | manifest["members"].keys() if found.get(name) != manifest["members"].get(name))
        if wrong:
            raise NotABackup(file=file, place=wrong[0])
        return cls(file, manifest)

    def lines(self, name: str) -> Iterator[str]:
        """Return the lines of a member."""
        with tarfile.open(self.file, "r:") as tar, io.TextIOWrapper(_member(tar, name), encoding="utf-8", newline="\n") as text:
            for line in text:
                yield line.rstrip("\n")

    def files(self, folder: str) -> Iterator[tuple[str, bytes]]:
        """Return the members of a folder, with their content."""
        with tarfile.open(self.file, "r:") as tar:
            for info in tar:
                if info.name.startswith(f"{folder}/"):
                    yield info.name.removeprefix(f"{folder}/"), _member(tar, info.name).read()


def _manifest(tar: tarfile.TarFile) -> dict[str, Any]:
    manifest: dict[str, Any] = json.load(_member(tar, MANIFEST))
    if manifest["form"] != FORM:
        raise ValueError(manifest["form"])
    return manifest | {"members": dict(manifest["members"])}


def _member(tar: tarfile.TarFile, name: str) -> IO[bytes]:
    member = tar.extractfile(name)
    if member is None:
        raise KeyError(name)
    return member


def _digest(tar: tarfile.TarFile, info: tarfile.TarInfo) -> str:
    digest = hashlib.sha256()
    member = _member(tar, info.name)
    while piece := member.read(_PIECE):
        digest.update(piece)
    return digest.hexdigest()
