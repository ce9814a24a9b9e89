"""`roadstead package`: what developers do with a package before they upload it."""

from pathlib import Path
from typing import Any

import click
from django.conf import settings

from roadstead.cli.checking import conclude, offline
from roadstead.cli.loading import OFFLINE, loaded, one_line


@click.group()
def package() -> None:
    """Work with packages, offline."""


@package.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@offline
def check(*, path: Path, lang: str, as_json: bool) -> None:
    """Check a package, an archive or its folder, as an upload would; exit 0 good, 1 problems, 2 wrong usage."""
    packaging = loaded("roadstead.packaging.services", OFFLINE)
    report = packaging.check(_archive(packaging, path), filename=path.name, limits=settings.OPTIONS.limits)
    _told(report, path, report.problems, lang=lang, as_json=as_json)


@package.command()
@click.argument("name")
@click.option("--into", type=click.Path(exists=True, file_okay=False, path_type=Path), default=".", help="Where the new folder lies.")
def create(*, name: str, into: Path) -> None:
    """Make the folder of a new package for machines, which passes its own check."""
    packaging = loaded("roadstead.packaging.services", OFFLINE)
    try:
        files = packaging.scaffold(name)
    except ValueError as refusal:
        raise click.BadParameter("up to 64 letters, digits, blanks, '.', '_' and '-', the first a letter or digit") from refusal
    folder = into / name
    with one_line():
        folder.mkdir()
        for path, text in files.items():
            (folder / path).parent.mkdir(exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8")
    click.echo(f"{folder}: {len(files)} files")


@package.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--answers", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="What a person answers, instead of defaults.")
@offline
def render(*, path: Path, answers: Path | None, lang: str, as_json: bool) -> None:
    """Print what a package makes: the cluster of a package for machines, the manifests of a chart; exit 1 where it makes nothing."""
    packaging = loaded("roadstead.packaging.services", OFFLINE)
    data = _archive(packaging, path)
    report = packaging.check(data, filename=path.name, limits=settings.OPTIONS.limits)
    if not report.ok or answers is None:
        made, problems = report.manifests, report.problems
    else:
        made, problems = packaging.made_with(data, answers.read_bytes().decode("utf-8", "replace"))
    if problems:
        _told(report, path, problems, lang=lang, as_json=as_json)
    click.echo(made, nl=False)


def _archive(packaging: Any, path: Path) -> bytes:
    data: bytes = packaging.pack_folder(path) if path.is_dir() else beginning(path, settings.OPTIONS.limits.upload_bytes + 1)
    return data


def _told(report: Any, path: Path, problems: Any, *, lang: str, as_json: bool) -> None:
    """Print what was found and leave."""
    facts = {"delivery": report.delivery, "name": report.name, "version": report.version, "digest": report.digest}
    title = " ".join(filter(None, (report.name or path.name, report.version, f"({report.delivery})" if report.delivery else "")))
    conclude(facts, title, problems, lang=lang, as_json=as_json, warnings=report.warnings)


def beginning(path: Path, size: int) -> bytes:
    """Read no more of a file than it takes to see that it is too large."""
    with path.open("rb") as file:
        return file.read(size)
