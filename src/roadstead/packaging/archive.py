"""Reads an archive of a stranger into memory: everything is counted while it streams, and nothing touches the disk.

What an archive is, is told by its first bytes, never by its name. Reading stops at the first broken limit; rules about single entries are
all reported.
"""

import bz2
import gzip
import io
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Literal, Self

from roadstead.core.problems import Problem
from roadstead.packaging import kinds
from roadstead.packaging.limits import MIB, Limits
from roadstead.packaging.paths import Paths

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

Kind = Literal["file", "folder", "link", "special"]

_RATIO_FROM = MIB  # a tar of one small file packs well without being a bomb
_HEADER_TEXT = 64 * 1024  # of a tar's extended header: a long name, not a hidden file
_EXTENDED = (tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK, tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE)
_TAR_MAGIC_AT = 257
_DAMAGED = (
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,  # a compression method of zip that nobody uses
    OverflowError,
    IndexError,
    RuntimeError,
)


@dataclass
class Contents:
    """The files of an archive by their path below the top folder; `problems` is empty when all is well."""

    top: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


class _RefusedError(Exception):
    """Reading stops here."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


class _Meter:
    """Counts unpacked bytes and stops the reading that goes over a limit."""

    def __init__(self, limits: Limits, compressed: int) -> None:
        self._limits = limits
        self._ratio_bytes = max(_RATIO_FROM, limits.ratio * compressed)
        self._bytes = 0

    def add(self, count: int) -> None:
        """Count what was just unpacked."""
        self._bytes += count
        if self._bytes > self._ratio_bytes:
            raise _RefusedError(kinds.RATIO_TOO_HIGH(limit=self._limits.ratio))
        if self._bytes > self._limits.unpacked_bytes:
            raise _RefusedError(kinds.UNPACKED_TOO_LARGE(limit=self._limits.unpacked_bytes // MIB))


class _Metered(io.RawIOBase):
    """A stream whose every byte is counted."""

    def __init__(self, stream: IO[bytes] | io.BufferedIOBase, meter: _Meter) -> None:
        self._stream = stream
        self._meter = meter

    def readable(self) -> bool:
        """Say that this can be read."""
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """Read and count."""
        view = memoryview(buffer).cast("B")
        data = self._stream.read(len(view))
        self._meter.add(len(data))
        view[: len(data)] = data
        return len(data)


class _Member(tarfile.TarInfo):
    """A tar entry whose extended headers can't smuggle megabytes."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        """Read one header block."""
        member = super().frombuf(buf, encoding, errors)
        if member.type in _EXTENDED and member.size > _HEADER_TEXT:
            raise _RefusedError(kinds.ARCHIVE_DAMAGED())
        return member


@dataclass(frozen=True)
class _Entry:
    name: str
    kind: Kind
    stream: IO[bytes] | None


def read(data: bytes, limits: Limits) -> Contents:
    """Read all files, or say everything that is wrong with the archive."""
    contents = Contents()
    paths = Paths(limits)
    try:
        for entry in _entries(data, limits):
            _take(entry, paths, contents)
    except _RefusedError as refused:
        contents.problems = [*paths.problems, refused.problem]
        return contents
    except _DAMAGED:
        contents.problems = [*paths.problems, kinds.ARCHIVE_DAMAGED()]
        return contents
    contents.problems = paths.finish()
    contents.top = paths.top
    return contents


def _take(entry: _Entry, paths: Paths, contents: Contents) -> None:
    """Judge one entry and keep it if it is a good file."""
    path = paths.admit(entry.name, entry.kind)
    if path and entry.stream:
        contents.files[path] = entry.stream.read()


def _entries(data: bytes, limits: Limits) -> Iterator[_Entry]:
    """Yield each entry with its open stream, counting entries and bytes."""
    if len(data) > limits.upload_bytes:
        raise _RefusedError(kinds.TOO_LARGE(limit=limits.upload_bytes // MIB))
    meter = _Meter(limits, len(data))
    zipped = data.startswith((b"PK\x03\x04", b"PK\x05\x06"))
    found = _zip_entries(data, limits, meter) if zipped else _tar_entries(_unpacked(data), limits, meter)
    for count, entry in enumerate(found, start=1):
        if count > limits.entries:
            raise _RefusedError(kinds.TOO_MANY_ENTRIES(limit=limits.entries))
        yield entry


def _unpacked(data: bytes) -> io.BufferedIOBase:
    """Open the tar inside the compression that its first bytes name."""
    source = io.BytesIO(data)
    if data.startswith(b"\x1f\x8b"):
        return gzip.GzipFile(fileobj=source)
    if data.startswith(b"BZh"):
        return bz2.BZ2File(source)
    if data[_TAR_MAGIC_AT : _TAR_MAGIC_AT + 5] == b"ustar":
        return source
    raise _RefusedError(kinds.NOT_AN_ARCHIVE())


def _tar_entries(stream: io.BufferedIOBase, limits: Limits, meter: _Meter) -> Iterator[_Entry]:
    with tarfile.open(
        fileobj=io.BufferedReader(_Metered(stream, meter)), mode="r|", tarinfo=_Member, encoding="utf-8", errors="surrogateescape"
    ) as archive:
        for member in archive:
            # What an entry only claims to hold would be skipped block by block up to the next one: an exabyte takes for ever.
            if archive.offset - member.offset > limits.unpacked_bytes:
                raise _RefusedError(kinds.UNPACKED_TOO_LARGE(limit=limits.unpacked_bytes // MIB))
            kind = _tar_kind(member)
            yield _Entry(member.name, kind, archive.extractfile(member) if kind == "file" else None)


def _tar_kind(member: tarfile.TarInfo) -> Kind:
    if member.isdir():
        return "folder"
    if member.islnk() or member.issym():
        return "link"
    # A sparse file's holes are not in the archive, so nothing would count them.
    return "file" if member.type in (tarfile.REGTYPE, tarfile.AREGTYPE) and not member.issparse() else "special"


def _zip_entries(data: bytes, limits: Limits, meter: _Meter) -> Iterator[_Entry]:
    # The directory of a zip is read as a whole: a million entries are refused before.
    if data.count(b"PK\x01\x02") > 2 * limits.entries:
        raise _RefusedError(kinds.TOO_MANY_ENTRIES(limit=limits.entries))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            if info.flag_bits & 0x1:
                raise _RefusedError(kinds.ARCHIVE_ENCRYPTED(file=_zip_name(info)))
            kind = _zip_kind(info)
            with archive.open(info) as stream:
                yield _Entry(_zip_name(info), kind, io.BufferedReader(_Metered(stream, meter)) if kind == "file" else None)


def _zip_name(info: zipfile.ZipInfo) -> str:
    """Return the name; old macOS tools write UTF-8 without saying so, and other bytes become unreadable marks."""
    if info.flag_bits & 0x800:
        return info.orig_filename
    return info.orig_filename.encode("cp437", "surrogateescape").decode("utf-8", "surrogateescape")


def _zip_kind(info: zipfile.ZipInfo) -> Kind:
    mode = stat.S_IFMT(info.external_attr >> 16)
    if info.is_dir():
        return "folder"
    if mode == stat.S_IFLNK:
        return "link"
    return "file" if mode in (0, stat.S_IFREG) else "special"
