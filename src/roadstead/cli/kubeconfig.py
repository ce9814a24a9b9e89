"""`roadstead kubeconfig`: whether a credential would be accepted, without sending it anywhere."""

from pathlib import Path

import click

from roadstead.cli.checking import conclude, offline
from roadstead.cli.loading import OFFLINE, loaded

LARGEST = 1024 * 1024


@click.group()
def kubeconfig() -> None:
    """Work with kubeconfigs, offline."""


@kubeconfig.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@offline
def check(*, file: Path, lang: str, as_json: bool) -> None:
    """Check a kubeconfig as the environment form would; exit 0 accepted, 1 refused."""
    runtimes = loaded("roadstead.runtimes.services", OFFLINE)
    with file.open("rb") as source:
        text = source.read(LARGEST).decode("utf-8", "replace")
    report = runtimes.check_credential("kubernetes", text)
    conclude({}, file.name, report.problems, lang=lang, as_json=as_json)
