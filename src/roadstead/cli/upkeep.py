"""`roadstead backup` and `restore`: everything that is kept, in one file; `roadstead doctor`: what is wrong with an installation."""

import json
import os
from pathlib import Path

import click
from django.utils import translation

from roadstead.cli.checking import offline
from roadstead.cli.errors import Refused
from roadstead.cli.loading import loaded, one_line


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(*, file: Path) -> None:
    """Write all rows and files into FILE; Roadstead may run meanwhile. The keys are not in it: keep them apart."""
    upkeep = loaded("roadstead.upkeep.services")
    if file.exists():
        raise Refused(f"{file} is there already; name another file, or remove it first")
    os.umask(0o077)
    with one_line():
        counts = upkeep.backup(file.absolute())
    files = counts.pop("blobs")
    click.echo(f"{file}: {sum(counts.values())} rows of {len(counts)} tables, {files} files")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(*, file: Path) -> None:
    """Bring an empty installation to what FILE holds, on SQLite or PostgreSQL, whichever it came from."""
    serving = loaded("roadstead.cli.serving")
    blobs = loaded("roadstead.blobs.services")
    upkeep = loaded("roadstead.upkeep.services")
    os.umask(0o077)
    with one_line():
        serving.claim_installation()
        blobs.make_place()
        counts = upkeep.restore(file.absolute())
    click.echo(f"{sum(counts.values())} rows of {len(counts)} tables are back")


@click.command()
@offline
def doctor(*, lang: str, as_json: bool) -> None:
    """Look the installation over and say what is wrong; exit 0 when all is well, 1 otherwise. Changes nothing."""
    upkeep = loaded("roadstead.upkeep.doctor")
    with translation.override(lang):
        found = [(each.part, str(each.title), each.seen, each.wrong) for each in upkeep.look_over()]
    ill = any(wrong for _part, _title, _seen, wrong in found)
    if as_json:
        parts = [{"part": part, "ok": not wrong, "seen": seen, "wrong": wrong} for part, _title, seen, wrong in found]
        click.echo(json.dumps({"ok": not ill, "parts": parts}, ensure_ascii=False))
    else:
        for _part, title, seen, wrong in found:
            click.echo(f"{'FAIL' if wrong else 'ok':5} {': '.join(filter(None, (title, seen)))}")
            if wrong:
                click.echo(f"      {wrong}")
    raise SystemExit(1 if ill else 0)
