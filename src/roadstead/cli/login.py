"""`roadstead login`, `logout` and `whoami`: who the other commands act as."""

import os
import sys
from urllib.parse import urlsplit

import click

from roadstead.cli import output as printed
from roadstead.cli.client import Api, checked_url, signed_in
from roadstead.cli.kept_login import forget_login, keep_login, place

_HERE = {"localhost", "127.0.0.1", "::1"}


@click.command()
@click.argument("url", required=False)
def login(*, url: str | None) -> None:
    """Keep the address of an installation and a token for the other commands.

    The token is made on your account's page. It is asked for, or read from standard input; it is never an option, because others on
    this machine could read that.
    """
    url = checked_url(url or os.environ.get("ROADSTEAD_URL") or click.prompt("Address of Roadstead", err=True))
    if url.startswith("http://") and urlsplit(url).hostname not in _HERE:
        click.echo("roadstead: this address isn't encrypted; whoever is on the way can read the token", err=True)
    token = (click.prompt("Token", hide_input=True, err=True) if sys.stdin.isatty() else sys.stdin.readline()).strip()
    me = Api(url, token).get("/me")
    keep_login(url, token)
    click.echo(f"Signed in at {url} as {printed.clean(me['name'])} ({me['role']}).")
    click.echo(f"The token “{printed.clean(me['token']['name'])}” ends on {me['token']['expires_at'][:10]} and is kept in {place()}")


@click.command()
@click.option("--revoke", is_flag=True, help="End the token too, so that nobody can use it any more.")
def logout(*, revoke: bool) -> None:
    """Forget the address and the token."""
    if revoke:
        signed_in().send("/me/token", method="DELETE")
    forget_login()


@click.command()
@printed.shown
def whoami(*, output: str) -> None:
    """Say who the other commands act as, and what the token allows."""
    api = signed_in()
    me = {"url": api.url, **api.get("/me")}
    if output == "table":
        token = me.pop("token")
        me |= {"token": token["name"], "scopes": token["scopes"], "ends": token["expires_at"]}
    printed.thing(me, output)
