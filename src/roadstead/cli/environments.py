"""`roadstead env`: places to deploy to."""

from typing import TextIO

import click

from roadstead.cli import output as printed
from roadstead.cli.client import signed_in

_ENVIRONMENT = click.argument("environment_id", metavar="ENVIRONMENT")


@click.group()
def env() -> None:
    """Work with environments."""


@env.command("list")
@click.option("--test/--no-test", default=None, help="Only test environments, or none of them.")
@printed.limited
@printed.shown
def list_environments(*, test: bool | None, limit: int, output: str) -> None:
    """List the environments in your reach."""
    found = signed_in().rows("/environments", limit, test=test)
    printed.rows(found, ("id", "name", "provider", "zone", "server", "test", "reach"), output)


@env.command("show")
@_ENVIRONMENT
@printed.shown
def show(*, environment_id: str, output: str) -> None:
    """Show one environment."""
    printed.thing(signed_in().get(f"/environments/{environment_id}"), output)


@env.command("create")
@click.argument("name")
@click.option("--zone", required=True, help="The namespace; it is made if it isn't there.")
@click.option("--kubeconfig", type=click.File(), help="A file; - is standard input. It is sent once and can't be read back.")
@click.option("--credential", default="", help="A credential that was saved before, by its id.")
@click.option("--provider", default="kubernetes", show_default=True, help="What kind of place it is.")
@click.option("--description", default="", help="A note.")
@click.option("--test", is_flag=True, help="For test deployments only.")
@printed.shown
def create(
    *, name: str, zone: str, kubeconfig: TextIO | None, credential: str, provider: str, description: str, test: bool, output: str
) -> None:
    """Make an environment: the kubeconfig is checked, then the cluster is asked, then the namespace is taken."""
    if (kubeconfig is None) == (not credential):
        raise click.UsageError("name either --kubeconfig or --credential")
    sent = {"name": name, "zone": zone, "provider": provider, "description": description, "test": test, "credential": credential}
    content = {"content": kubeconfig.read()} if kubeconfig else {}
    printed.thing(signed_in().create("/environments", sent | content), output)


@env.command("check")
@_ENVIRONMENT
@printed.shown
def check(*, environment_id: str, output: str) -> None:
    """Ask the place now whether it answers and grants what deployments need."""
    printed.thing(signed_in().send(f"/environments/{environment_id}/check"), output)


@env.command("delete")
@_ENVIRONMENT
@click.option("--yes", is_flag=True, help="Don't ask.")
def delete(*, environment_id: str, yes: bool) -> None:
    """Give up an environment in which nothing lives."""
    if not yes:
        click.confirm(f"Delete {environment_id}?", abort=True, err=True)
    signed_in().send(f"/environments/{environment_id}", method="DELETE")
