"""`roadstead admin`: looks after who may rule the installation, from its machine."""

import click

from roadstead.cli.loading import loaded, one_line


@click.group()
def admin() -> None:
    """Look after administrators."""


@admin.command()
@click.option("--email", required=True, help="What they sign in with.")
@click.option("--name", default="Administrator", help="What they are called.")
def create(*, email: str, name: str) -> None:
    """Add an administrator; the generated password is shown once."""
    accounts = loaded("roadstead.accounts.services")
    with one_line():
        user, password = accounts.create_administrator(email=email, name=name)
    click.echo(f"Administrator: {user.email}\nPassword:      {password}   (shown this once)")
