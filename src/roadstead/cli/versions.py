"""`roadstead version`: from a package to the store, as a person or as a job of continuous integration."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from roadstead.cli import output as printed
from roadstead.cli.api_errors import FAILED, TOO_LATE, Stopped
from roadstead.cli.client import Api, signed_in

PACE_SECONDS = 3.0
_VERSION = click.argument("version_id", metavar="VERSION")
_HIDDEN = ("images", "owner")
_MINUTES = 30 * 60


@click.group()
def version() -> None:
    """Bring versions to the store."""


@version.command("list")
@click.option("--app", default="", help="Only the versions of this app.")
@click.option("--status", default="", help="Only those in this state.")
@printed.limited
@printed.shown
def list_versions(*, app: str, status: str, limit: int, output: str) -> None:
    """List the versions in your reach, the newest first."""
    printed.rows(signed_in().rows("/versions", limit, app=app, status=status), ("id", "app", "name", "type", "status"), output)


@version.command("create")
@click.argument("app_id", metavar="APP")
@click.argument("package", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--log", "description", default="", help="What is new in it.")
@printed.shown
def create(*, app_id: str, package: Path, description: str, output: str) -> None:
    """Add a version to an app, as a draft."""
    printed.thing(signed_in().upload(f"/apps/{app_id}/versions", package, once=True, description=description), output, _HIDDEN)


@version.command("status")
@_VERSION
@printed.shown
def status(*, version_id: str, output: str) -> None:
    """Say where a version is, and what you can do with it."""
    printed.thing(signed_in().get(f"/versions/{version_id}"), output, _HIDDEN)


def _verb(name: str, words: str) -> Callable[..., None]:
    @version.command(name, help=words)
    @_VERSION
    @printed.shown
    def act(*, version_id: str, output: str) -> None:
        printed.thing(signed_in().send(f"/versions/{version_id}/{name}"), output, _HIDDEN)

    return act


submit = _verb("submit", "Send a version into review.")
withdraw = _verb("withdraw", "Take a version back from review.")
release = _verb("release", "Put a passed version into the store.")
recover = _verb("recover", "Put a suspended version back into the store.")


@version.command("suspend")
@_VERSION
@click.option("--reason", default="", help="Why; the record keeps it.")
@printed.shown
def suspend(*, version_id: str, reason: str, output: str) -> None:
    """Take a version out of the store; what runs goes on running."""
    printed.thing(signed_in().send(f"/versions/{version_id}/suspend", {"reason": reason}), output, _HIDDEN)


@version.command("delete")
@_VERSION
@click.option("--yes", is_flag=True, help="Don't ask.")
def delete(*, version_id: str, yes: bool) -> None:
    """Delete a version; its record stays."""
    if not yes:
        click.confirm(f"Delete {version_id}?", abort=True, err=True)
    signed_in().send(f"/versions/{version_id}", method="DELETE")


@version.command("download")
@_VERSION
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def download(*, version_id: str, file: Path) -> None:
    """Write a version's package to a file, byte for byte."""
    file.write_bytes(signed_in().download(f"/versions/{version_id}/package"))


@version.command("wait")
@_VERSION
@click.option("--timeout", type=click.FloatRange(0), default=_MINUTES, show_default=True, help="Seconds.")
@printed.shown
def wait(*, version_id: str, timeout: float, output: str) -> None:
    """Wait until a version's review has ended; exit 9 if it was rejected or withdrawn, 10 if it takes longer."""
    found = _decided(signed_in(), version_id, timeout)
    printed.thing(found, output, _HIDDEN)
    if found["status"] in {"rejected", "draft"}:
        raise Stopped(f"{version_id} is {found['status']}", FAILED)


def _decided(api: Api, version_id: str, timeout: float) -> Any:
    deadline = time.monotonic() + timeout
    found = api.get(f"/versions/{version_id}")
    while found["status"] in {"submitted", "in-review"}:
        if time.monotonic() > deadline:
            raise Stopped(f"{version_id} is still {found['status']} after {timeout:g} s", TOO_LATE)
        time.sleep(PACE_SECONDS)
        found = api.get(f"/versions/{version_id}")
    return found
