"""`roadstead keys`: the master keys under which secrets are sealed."""

import click
from django.conf import settings

from roadstead.cli.errors import Refused
from roadstead.cli.loading import loaded, one_line


@click.group()
def keys() -> None:
    """Look after the master keys that seal credentials."""


@keys.command()
def rotate() -> None:
    """Seal every secret under a new master key, while Roadstead runs.

    With keys.toml it makes the key first, unless an earlier rotation isn't finished. With variables, put the new key into
    ROADSTEAD_OTHER_MASTER_KEYS of all processes, then exchange it with ROADSTEAD_MASTER_KEY, then rotate.
    """
    upkeep = loaded("roadstead.upkeep.keys")
    with one_line():
        secrets = loaded("roadstead.core.secrets")
        finished = not upkeep.in_use().keys() - {secrets.key_id()}
        made = finished and settings.OPTIONS.renew_master_key()
        count = upkeep.rotate()
    click.echo(f"{'a new master key is in keys.toml; ' if made else ''}{count} secrets are sealed anew")


@keys.command("list")
def list_keys() -> None:
    """Show the master keys by their fingerprints, and how many secrets each seals."""
    secrets = loaded("roadstead.core.secrets")
    with one_line():
        used = loaded("roadstead.upkeep.keys").in_use()
        for name in [*secrets.known_keys(), *sorted(used.keys() - secrets.known_keys().keys())]:
            words = "seals" if name == secrets.key_id() else "opens" if name in secrets.known_keys() else "unknown here"
            click.echo(f"{name}  {words:12}  {used[name]} secrets")


@keys.command()
def forget() -> None:
    """Take the keys that seal nothing any more out of keys.toml; first restart every process, so that none seals with them."""
    with one_line():
        used = loaded("roadstead.upkeep.keys").in_use()
        own = loaded("roadstead.core.secrets").key_id()
        if used.keys() - {own}:
            raise Refused("some secrets are still sealed with another key; `roadstead keys rotate` first")
        settings.OPTIONS.forget_master_keys()
    click.echo("keys.toml holds one master key")
