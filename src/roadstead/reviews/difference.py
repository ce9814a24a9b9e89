"""What a version changed since the last one that was listed: which files, which lines, and what that means for whoever runs it.

Packages never change, so what was found between two digests stays true and is kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from django.db.models import Case, When
from django.utils.html import format_html
from django.utils.safestring import SafeString

from roadstead.blobs import services as blobs
from roadstead.blobs.errors import BlobDamaged, BlobMissing
from roadstead.catalog.selectors import versions_of
from roadstead.core.source import highlight
from roadstead.packaging import services as packaging
from roadstead.packaging.errors import FileNotInPackage, PackageUnreadable
from roadstead.reviews.source import MAX_LINES

if TYPE_CHECKING:
    from roadstead.catalog.models import Version

_KEPT = 256
UNREADABLE = (PackageUnreadable, BlobDamaged, BlobMissing)
_LISTED = ("active", "suspended")
_SIGNS = {"added": "+ ", "removed": "− ", "same": "  "}


@dataclass(frozen=True)
class Difference:
    """What changed since `base`; `readable` is False when one of the packages can't be opened, so that nothing is known."""

    base: "Version"
    marks: "Mapping[str, packaging.Mark]"
    readable: bool = True


@dataclass(frozen=True)
class ShownLine:
    """One line as it is drawn: its class, the number in its own text, and its HTML."""

    kind: str
    number: str
    html: SafeString
    left_out: int = 0


def base_of(version: "Version") -> "Version | None":
    """Return the listed version of the same delivery type that comes before this one, or the newest that was listed."""
    later = Case(When(sequence__lte=version.sequence, then=0), default=1)
    listed = versions_of(version.app).filter(type=version.type, status__in=_LISTED).exclude(pk=version.pk)
    return listed.order_by(later, "-sequence", "-created_at").first()


def difference_of(version: "Version") -> Difference | None:
    """Return which files changed since the last listed version; nothing where there is none."""
    base = base_of(version)
    if base is None:
        return None
    try:
        return Difference(base, _marks(base.package, version.package))
    except UNREADABLE:
        return Difference(base, {}, readable=False)


def changes_of(difference: Difference, version: "Version") -> "Sequence[packaging.Change]":
    """Return what the changes mean in the objects that are made."""
    return _changes(version.type, difference.base.facts["manifests"], version.facts["manifests"])


def lines_of(before: str, after: str, *, path: str) -> list[ShownLine]:
    """Return the difference of two texts, coloured by the file's name; very long ones are compared at their beginning."""
    old, new = (text.splitlines()[:MAX_LINES] for text in (before, after))
    colours = [highlight("\n".join(lines), path=path) for lines in (old, new)]
    return [_shown(line, *colours) for line in packaging.compare("\n".join(old), "\n".join(new))]


def text_of(package: packaging.Package, path: str) -> str | None:
    """Return a file's text: empty where there is no such file, None where it isn't text."""
    if not any(file.path == path for file in package.files):
        return ""
    try:
        return package.text(path)
    except FileNotInPackage:
        return None


def _shown(line: packaging.Line, old: Sequence[SafeString], new: Sequence[SafeString]) -> ShownLine:
    if line.kind == "gap":
        return ShownLine("gap", "", SafeString(""), line.count)
    number, side = (line.old, old) if line.kind == "removed" else (line.new, new)
    html = side[number - 1] if number <= len(side) else format_html("{}", line.text)
    return ShownLine("" if line.kind == "same" else line.kind, str(number), format_html("{}{}", _SIGNS[line.kind], html))


@lru_cache(_KEPT)
def _marks(before: str, after: str) -> "Mapping[str, packaging.Mark]":
    return packaging.file_marks(packaging.open_package(blobs.read(before)), packaging.open_package(blobs.read(after)))


@lru_cache(_KEPT)
def _changes(delivery: str, before: str, after: str) -> "Sequence[packaging.Change]":
    return tuple(packaging.changes(delivery, blobs.read(before).decode(), blobs.read(after).decode()))
