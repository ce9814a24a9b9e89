"""A package that was accepted, opened for reading."""

import gzip
import io
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from roadstead.packaging.chart import Chart
from roadstead.packaging.errors import FileNotInPackage
from roadstead.packaging.report import PackageFile


@dataclass(frozen=True)
class Package:
    """The files of a chart; read-only."""

    chart: Chart

    @property
    def files(self) -> tuple[PackageFile, ...]:
        """All files, sorted by path."""
        return files_of(self.chart.files)

    @property
    def values(self) -> str:
        """The author's `values.yaml`, comments included."""
        return self.text("values.yaml") if "values.yaml" in self.chart.files else ""

    @property
    def schema(self) -> Any:
        """The parsed `values.schema.json`, or None."""
        return self.chart.schema

    def text(self, path: str) -> str:
        """Return a text file; raises FileNotInPackage when there is none, or when it isn't UTF-8."""
        try:
            return self.chart.files[path].decode("utf-8-sig")
        except (KeyError, UnicodeDecodeError) as error:
            raise FileNotInPackage(path=path) from error

    def chart_archive(self) -> bytes:
        """Return the gzipped tar that Helm takes, whatever was uploaded; the same files give the same bytes."""
        return chart_archive(self.chart)


def files_of(files: Mapping[str, bytes]) -> tuple[PackageFile, ...]:
    """List files with their sizes."""
    return tuple(PackageFile(path, len(content)) for path, content in sorted(files.items()))


def chart_archive(chart: Chart) -> bytes:
    """Pack a chart for Helm."""
    return packed({f"{chart.text('name')}/{path}": content for path, content in chart.files.items()})


def packed(files: Mapping[str, bytes]) -> bytes:
    """Pack files as a gzipped tar without times, owners or modes of their own."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path, content in sorted(files.items()):
            member = tarfile.TarInfo(path)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return gzip.compress(plain.getvalue(), mtime=0)
