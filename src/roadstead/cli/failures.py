"""Tells of a job that failed: the step, its cause, what it printed, and what can be done next."""

from collections.abc import Mapping
from typing import Any

import click

from roadstead.cli.output import clean
from roadstead.cli.watching import line_of

_NEXT = ("retry", "give-up")


def tell(job: Mapping[str, Any]) -> None:
    """Print why a job failed; nothing of one that didn't."""
    if job["status"] != "failed":
        return
    for step in job["steps"]:
        if step["status"] == "failed":
            click.echo(f"\n{line_of(step)}")
            for line in step["output"].splitlines():
                click.echo(f"    {clean(line)}")
    ways = [f"roadstead job {verb} {job['id']}" for verb in _NEXT if verb in job["verbs"]]
    if ways:
        click.echo(f"\nNext: {', or '.join(ways)}")
