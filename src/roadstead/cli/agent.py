"""`roadstead agent build`: the agent with a Python of its own, for machines whose image has none."""

from pathlib import Path

import click

from roadstead.cli.loading import INSTALLATION, OFFLINE, loaded, one_line

MB = 1_000_000


@click.group()
def agent() -> None:
    """Look after the program that runs on machines."""


@agent.command("build")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write it there, not where this installation looks for it.")
def build(*, output: Path | None) -> None:
    """Build the agent with a Python of its own, for images that have none. Needs the extra `frozen`; run it again after an update.

    It runs on this machine's processor, with this machine's glibc or a later one: build it on the oldest system that images are made from.
    """
    # With an output of its own it needs no installation.
    freezing = loaded("roadstead.agents.freezing", OFFLINE if output else INSTALLATION)
    with one_line():
        built = freezing.freeze((output or freezing.frozen_place()).absolute())
    click.echo(f"{built.archive}: {built.archive.stat().st_size / MB:.0f} MB, for {built.processor} and glibc {built.glibc} or later")
