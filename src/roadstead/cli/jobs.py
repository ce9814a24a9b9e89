"""`roadstead job`: what is being done to instances."""

from collections.abc import Callable

import click

from roadstead.cli import output as printed
from roadstead.cli.client import signed_in
from roadstead.cli.failures import tell
from roadstead.cli.watching import waited

_JOB = click.argument("job_id", metavar="JOB")
_SECONDS = 30 * 60


@click.group()
def job() -> None:
    """Follow and steer what is being done."""


@job.command("list")
@click.argument("instance_id", metavar="INSTANCE")
@printed.limited
@printed.shown
def list_jobs(*, instance_id: str, limit: int, output: str) -> None:
    """List the jobs of an instance, the latest first."""
    found = signed_in().rows(f"/instances/{instance_id}/jobs", limit)
    printed.rows(found, ("id", "operation", "status", "done", "total", "created_at"), output)


@job.command("show")
@_JOB
@printed.shown
def show(*, job_id: str, output: str) -> None:
    """Show one job with its steps."""
    found = signed_in().get(f"/jobs/{job_id}")
    printed.thing(found, output, hidden=("steps",))
    if output == "table":
        click.echo()
        printed.rows(found["steps"], ("status", "title", "target", "problem"), output)
        tell(found)


@job.command("wait")
@_JOB
@click.option("--timeout", type=click.FloatRange(0), default=_SECONDS, show_default=True, help="Seconds.")
@printed.shown
def wait(*, job_id: str, timeout: float, output: str) -> None:
    """Wait until a job has ended; exit 9 if it failed, 10 if it takes longer."""
    printed.thing(waited(signed_in(), job_id, timeout), output, hidden=("steps",))


def _verb(name: str, words: str) -> Callable[..., None]:
    @job.command(name, help=words)
    @_JOB
    @printed.shown
    def act(*, job_id: str, output: str) -> None:
        printed.thing(signed_in().send(f"/jobs/{job_id}/{name}"), output, hidden=("steps",))

    return act


cancel = _verb("cancel", "Stop a job after its present step and undo it.")
retry = _verb("retry", "Go on with a failed job from the step that failed.")
give_up = _verb("give-up", "Undo what a failed job has left behind.")
