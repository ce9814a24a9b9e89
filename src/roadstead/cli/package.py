"""`roadstead package`: what developers do with a package before they upload it."""

from pathlib import Path

import click
from django.conf import settings

from roadstead.cli.checking import conclude, offline
from roadstead.cli.loading import OFFLINE, loaded


@click.group()
def package() -> None:
    """Work with packages, offline."""


@package.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@offline
def check(*, path: Path, lang: str, as_json: bool) -> None:
    """Check a package, an archive or a chart's folder, as an upload would; exit 0 good, 1 problems, 2 wrong usage."""
    packaging = loaded("roadstead.packaging.services", OFFLINE)
    limits = settings.OPTIONS.limits
    data = packaging.pack_folder(path) if path.is_dir() else beginning(path, limits.upload_bytes + 1)
    report = packaging.check(data, filename=path.name, limits=limits)
    facts = {"delivery": report.delivery, "name": report.name, "version": report.version, "digest": report.digest}
    title = " ".join(filter(None, (report.name or path.name, report.version, f"({report.delivery})" if report.delivery else "")))
    conclude(facts, title, report.problems, lang=lang, as_json=as_json)


def beginning(path: Path, size: int) -> bytes:
    """Read no more of a file than it takes to see that it is too large."""
    with path.open("rb") as file:
        return file.read(size)
