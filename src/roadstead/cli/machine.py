"""`roadstead machine`: the engine of the machine that Roadstead runs on, and who may use it."""

import click

from roadstead.cli import output as printed
from roadstead.cli.client import signed_in


@click.group()
def machine() -> None:
    """Say who may run machines on the engine beside Roadstead. For administrators."""


@machine.command("show")
@printed.shown
def show(*, output: str) -> None:
    """Ask the engine what it is."""
    printed.thing(signed_in().get("/this-machine"), output)


@machine.command("grants")
@click.argument("words", required=False, default="")
@printed.limited
@printed.shown
def grants(*, words: str, limit: int, output: str) -> None:
    """List who may use it."""
    printed.rows(signed_in().rows("/this-machine/grants", limit, q=words), ("id", "name", "email", "created_at"), output)


@machine.command("grant")
@click.argument("email")
@printed.shown
def grant(*, email: str, output: str) -> None:
    """Let somebody use it: they find it among their environments."""
    printed.thing(signed_in().create("/this-machine/grants", {"email": email}), output)


@machine.command("withdraw")
@click.argument("grant_id", metavar="GRANT")
@click.option("--yes", is_flag=True, help="Don't ask.")
def withdraw(*, grant_id: str, yes: bool) -> None:
    """Take the use back: their environments of it close, what runs there goes on."""
    if not yes:
        click.confirm(f"Withdraw {grant_id}?", abort=True, err=True)
    signed_in().send(f"/this-machine/grants/{grant_id}", method="DELETE")
