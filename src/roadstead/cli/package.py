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
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@offline
def check(*, path: Path, lang: str, as_json: bool) -> None:
    """Check a package as an upload would; exit 0 good, 1 problems, 2 wrong usage."""
    packaging = loaded("roadstead.packaging.services", OFFLINE)
    limits = settings.OPTIONS.limits
    with path.open("rb") as file:
        # One byte more than allowed is enough to be told that it is too much.
        data = file.read(limits.upload_bytes + 1)
    report = packaging.check(data, filename=path.name, limits=limits)
    facts = {"delivery": report.delivery, "name": report.name, "version": report.version, "digest": report.digest}
    title = " ".join(filter(None, (report.name or path.name, report.version, f"({report.delivery})" if report.delivery else "")))
    conclude(facts, title, report.problems, lang=lang, as_json=as_json)
