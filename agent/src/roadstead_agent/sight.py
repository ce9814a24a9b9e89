"""A node's view of its metadata as one user of the store: followed, served on loopback, and written into templates."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable

from roadstead_agent.boot import Boot
from roadstead_agent.etcd import Etcd
from roadstead_agent.metadata import Metadata
from roadstead_agent.outlook import Rendering
from roadstead_agent.selfview import Service, serve

OLDEST_FOR_TEMPLATES = (3, 11)


@dataclass(frozen=True)
class Unable:
    """Why no template is written here."""

    problem: str

    def __str__(self) -> str:
        return self.problem


class TooOld:
    """What stands for the loop over templates where Python can't run gotext."""

    def start(self) -> None:
        """Do nothing."""

    def stop(self) -> None:
        """Do nothing."""

    def once(self) -> list[Unable]:
        """Say why."""
        oldest = ".".join(map(str, OLDEST_FOR_TEMPLATES))
        return [Unable(f"templates need Python {oldest}, this machine has {sys.version.split()[0]}")]


class Sight:
    """The view that some settings give."""

    def __init__(self, boot: Boot, log: Callable[[str], None], settings: dict[str, Any]) -> None:
        place, view = settings["etcd"], settings["view"]
        ca = _ca_file(boot.folder / "state", str(place["ca"]))
        self._etcd = Etcd(str(place["url"]), str(place["user"]), str(place["password"]), ca)
        self._metadata = Metadata(self._etcd, view, log=log)
        self._metadata.start()
        self._service = _served(self._metadata, boot.metadata_port, log)
        self.rendering = _rendering(self._metadata, boot.confd, log, prefix="/" if "clusters" in view else "/self")

    @property
    def ready(self) -> bool:
        """Whether metadata has been read."""
        return self._metadata.version > 0

    def close(self) -> None:
        """Follow and serve it no more."""
        if self._service:
            self._service.stop()
        self._metadata.stop()


def _served(metadata: Metadata, port: int, log: Callable[[str], None]) -> Service | None:
    try:
        return serve(metadata, port)
    except OSError as problem:
        log(f"metadata isn't served on port {port}: {problem.strerror}")
        return None


def _rendering(metadata: Metadata, folder: str, log: Callable[[str], None], *, prefix: str) -> Rendering:
    if sys.version_info < OLDEST_FOR_TEMPLATES:
        return TooOld()
    # Only here: an older Python can't read what it imports.
    from roadstead_agent.confd.loop import Loop  # noqa: PLC0415

    return Loop(metadata, folder, log, prefix=prefix)


def _ca_file(folder: Path, text: str) -> str:
    """Keep the certificate of the frontgate's store where programs find it; return its path."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / "metadata-ca.crt"
    aside = file.with_suffix(".new")
    aside.write_text(text)
    aside.replace(file)
    return str(file)
