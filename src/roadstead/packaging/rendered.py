"""Rendered manifests taken apart again: one piece of text an object, with the template it came from and where it begins."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from roadstead.packaging import yamlsafe
from roadstead.packaging.limits import MIB

_SOURCE = re.compile(r"^# Source: [^/\s]+/(\S+)", re.MULTILINE)
# Labels that change with every version, and tell nothing.
_STAMPS = re.compile(r"^ *(helm\.sh/chart|app\.kubernetes\.io/version): .*\n", re.MULTILINE)
_MAX_BYTES = 8 * MIB
_POD_KEYS = ("containers", "initContainers")


@dataclass(frozen=True)
class Piece:
    """One document of the manifests; `line` is the number of its first line, `file` its template below the chart's folder."""

    text: str
    line: int
    file: str

    @cached_property
    def object(self) -> dict[str, Any]:
        """The object it describes; empty where it describes none."""
        documents = yamlsafe.load_all(self.text, self.file, max_bytes=_MAX_BYTES, keys_once=False)
        found = next(iter(documents.value or ()), None)
        return found if isinstance(found, dict) and isinstance(found.get("kind"), str) else {}

    @cached_property
    def essence(self) -> str:
        """The text without what every new version changes; where it is the same, so is the object."""
        return _STAMPS.sub("", self.text)

    @property
    def name(self) -> str:
        """How people name the object, such as `Deployment/web`."""
        return f"{self.object['kind']}/{mapping(self.object, 'metadata').get('name', '')}"

    def line_of(self, pattern: str) -> int:
        """Return the number of the first line that matches, or of the object's first line."""
        found = re.search(pattern, self.text, re.MULTILINE)
        return self.line + (self.text.count("\n", 0, found.start()) if found else 0)


def pieces(manifests: str) -> list[Piece]:
    """Return the documents of rendered manifests; a line that begins with three dashes is never anything but their border."""
    found, line, file = [], 1, ""
    for text in re.split(r"^---", manifests, flags=re.MULTILINE):
        source = _SOURCE.search(text)
        file = source[1] if source else file  # only the first object of a template names it
        if text.strip():
            found.append(Piece(text, line, file))
        line += text.count("\n")
    return found


def pod_specs(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every pod's specification, wherever it lies in an object."""
    if isinstance(value, list):
        for item in value:
            yield from pod_specs(item)
    elif isinstance(value, dict):
        if isinstance(value.get("containers"), list):
            yield value
        else:
            for item in value.values():
                yield from pod_specs(item)


def containers(spec: dict[str, Any], *, initial: bool = True) -> Iterator[dict[str, Any]]:
    """Yield a pod's containers, those that prepare it among them unless they aren't wanted."""
    for key in _POD_KEYS if initial else _POD_KEYS[:1]:
        yield from mappings(spec, key)


def mapping(parent: dict[str, Any], key: str) -> dict[str, Any]:
    """Return a mapping inside of one, empty where it is something else."""
    value = parent.get(key)
    return value if isinstance(value, dict) else {}


def mappings(parent: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """Return the mappings of a list inside of one."""
    value = parent.get(key)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
