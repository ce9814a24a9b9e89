"""`roadstead review`: the queue of a reviewer."""

import click

from roadstead.cli import output as printed
from roadstead.cli.client import Api, signed_in

_REVIEW = click.argument("review_id", metavar="REVIEW")
_STAGE = click.option(
    "--stage",
    type=click.Choice(["provider", "business", "technical"]),
    help="The stage that you have looked at; the present one if not set. If it has moved on, nothing is decided.",
)


@click.group()
def review() -> None:
    """Review versions."""


@review.command("list")
@click.option(
    "--queue", type=click.Choice(["unprocessed", "mine", "processed", "all"]), default="unprocessed", show_default=True, help="Which part."
)
@click.option("--version", "version_id", default="", help="The reviews of this version, whatever the queue.")
@printed.limited
@printed.shown
def list_reviews(*, queue: str, version_id: str, limit: int, output: str) -> None:
    """List what waits for you, the longest wait first."""
    found = signed_in().rows("/reviews", limit, queue=queue, version=version_id)
    printed.rows(found, ("id", "app_name", "version_name", "stage", "status", "claim"), output)


@review.command("show")
@_REVIEW
@printed.shown
def show(*, review_id: str, output: str) -> None:
    """Show one review with its decisions and checks."""
    found = signed_in().get(f"/reviews/{review_id}")
    printed.thing(found, output, hidden=("decisions", "checks"))
    if output == "table":
        click.echo()
        printed.rows(found["decisions"], ("stage", "verdict", "reviewer", "reason"), output)
        click.echo()
        printed.rows(found["checks"], ("code", "result"), output)


@review.command("claim")
@_REVIEW
@_STAGE
@printed.shown
def claim(*, review_id: str, stage: str | None, output: str) -> None:
    """Take a stage, so that nobody else processes it."""
    _at_stage(review_id, "claim", stage, output)


@review.command("release")
@_REVIEW
@printed.shown
def release(*, review_id: str, output: str) -> None:
    """Give a stage back to the queue."""
    printed.thing(signed_in().send(f"/reviews/{review_id}/release"), output, hidden=("decisions", "checks"))


@review.command("pass")
@_REVIEW
@_STAGE
@printed.shown
def pass_review(*, review_id: str, stage: str | None, output: str) -> None:
    """Pass the stage that you have claimed."""
    _at_stage(review_id, "pass", stage, output)


@review.command("reject")
@_REVIEW
@_STAGE
@click.option("--reason", required=True, help="What the developer reads.")
@printed.shown
def reject(*, review_id: str, stage: str | None, reason: str, output: str) -> None:
    """Reject the stage that you have claimed."""
    _at_stage(review_id, "reject", stage, output, reason=reason)


def _at_stage(review_id: str, verb: str, stage: str | None, output: str, **more: str) -> None:
    api = signed_in()
    seen = stage or _present_stage(api, review_id)
    printed.thing(api.send(f"/reviews/{review_id}/{verb}", {"stage": seen, **more}), output, hidden=("decisions", "checks"))


def _present_stage(api: Api, review_id: str) -> str:
    return str(api.get(f"/reviews/{review_id}")["stage"])
