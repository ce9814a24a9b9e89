"""A package that was accepted, opened for reading: the same questions to charts and to packages for machines."""

import gzip
import io
import tarfile
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from roadstead.core.problems import Problem
from roadstead.packaging.errors import FileNotInPackage
from roadstead.packaging.manifests import Findings
from roadstead.packaging.questions import Form
from roadstead.packaging.report import PackageFile


@dataclass(frozen=True)
class Package(ABC):
    """The files of a package by their path; read-only. `values` are the author's answers to what a deployment asks, as text."""

    contents: Mapping[str, bytes]

    values_in: ClassVar[str]
    """The language that values are written in."""

    @property
    def files(self) -> tuple[PackageFile, ...]:
        """All files, sorted by path."""
        return files_of(self.contents)

    def text(self, path: str) -> str:
        """Return a text file; raises FileNotInPackage when there is none, or when it isn't UTF-8."""
        try:
            return self.contents[path].decode("utf-8-sig")
        except (KeyError, UnicodeDecodeError) as error:
            raise FileNotInPackage(path=path) from error

    @property
    @abstractmethod
    def values(self) -> str:
        """What a deployment begins with."""

    @abstractmethod
    def problems_of(self, values: str) -> list[Problem]:
        """Check values that somebody edited."""

    @abstractmethod
    def form_of(self, values: str) -> Form | None:
        """Return what people are asked, answered by these values; None where nothing is asked or the values can't be read."""

    @abstractmethod
    def answered(self, values: str, told: Mapping[str, str]) -> str:
        """Return values with the answers of a form in them, by the names of its fields."""

    @abstractmethod
    def render(self, values: str, *, name: str, namespace: str) -> Findings:
        """Render with somebody's values, as an instance under a name would. Never call it inside a transaction."""


def files_of(files: Mapping[str, bytes]) -> tuple[PackageFile, ...]:
    """List files with their sizes."""
    return tuple(PackageFile(path, len(content)) for path, content in sorted(files.items()))


def packed(files: Mapping[str, bytes]) -> bytes:
    """Pack files as a gzipped tar without times, owners or modes of their own."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path, content in sorted(files.items()):
            member = tarfile.TarInfo(path)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return gzip.compress(plain.getvalue(), mtime=0)
