"""`roadstead prepare`, `web` and `worker`: the parts of `up` as processes of their own, any number of each, on one PostgreSQL."""

import os

import click

from roadstead.cli.loading import loaded


@click.command()
def prepare() -> None:
    """Bring an installation up to date and end: its tables, its bucket, its first administrator; what is there stays."""
    loaded("roadstead.cli.serving").make_ready()


@click.command()
@click.option("--host", help="Address to listen on; 127.0.0.1 if not set.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on; 8000 if not set.")
def web(*, host: str | None, port: int | None) -> None:
    """Serve pages and API; jobs run in `roadstead worker`."""
    given = {"HOST": host, "PORT": port}
    os.environ.update({f"ROADSTEAD_{name}": str(value) for name, value in given.items() if value is not None})
    loaded("roadstead.cli.serving").web()


@click.command()
def worker() -> None:
    """Run jobs. Workers share them, and take over what a dead one left."""
    loaded("roadstead.cli.serving").work()
