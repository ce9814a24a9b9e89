"""What a machine starts with, and where the agent keeps what must outlive it."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FOLDER = Path("/opt/roadstead")
PORT, ETCD_PORT, METADATA_PORT = 9111, 2379, 9611
CONFD = "/etc/confd"
_WORDS = ("agent", "role", "frontgate", "platform", "ca", "image", "address", "port", "etcd", "etcd_port", "metadata_port", "confd")


@dataclass(frozen=True)
class Boot:
    """The first configuration of a machine; what the agent doesn't know is left to others."""

    folder: Path
    agent: str
    role: str
    token: bytes = field(repr=False)
    frontgate: str = ""
    platform: dict[str, str] = field(default_factory=dict)
    ca: str = ""
    image: dict[str, Any] = field(default_factory=dict)
    address: str = ""
    port: int = PORT
    etcd: str = "etcd"
    etcd_port: int = ETCD_PORT
    metadata_port: int = METADATA_PORT
    confd: str = CONFD
    stop_seconds: float = 8.0

    @classmethod
    def read(cls, folder: Path) -> Boot:
        """Read `boot.json` of a folder."""
        said = json.loads((folder / "boot.json").read_bytes())
        known = {name: said[name] for name in _WORDS if said.get(name)}
        return cls(folder=folder, token=bytes.fromhex(said.get("token", "")), stop_seconds=float(said.get("stop_seconds", 8)), **known)

    def kept(self, name: str) -> Kept:
        """Return the file of this name in the agent's state."""
        return Kept(self.folder / "state" / f"{name}.json")


class Kept:
    """A small file that is there whole or not at all, for root alone."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def beside(self, suffix: str) -> Path:
        """Return the file of the same name with another suffix."""
        return self._path.with_suffix(suffix)

    def read(self) -> dict[str, Any]:
        """Return what was written last; nothing if nothing was, or if the disk lost it."""
        try:
            content = json.loads(self._path.read_bytes())
        except (OSError, ValueError):
            return {}
        return content if isinstance(content, dict) else {}

    def write(self, content: dict[str, Any], *, sure: bool = True) -> None:
        """Keep this; if `sure`, it outlives the machine's power from when this returns."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        aside = self._path.with_suffix(".new")
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(content, file)
            file.flush()
            if sure:
                os.fsync(file.fileno())
        aside.replace(self._path)
