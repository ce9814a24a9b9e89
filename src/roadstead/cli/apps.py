"""`roadstead app` and `roadstead store`: the apps that one edits, and those that everybody sees."""

from pathlib import Path

import click

from roadstead.cli import output as printed
from roadstead.cli.client import anybody, signed_in

_COLUMNS = ("id", "name", "status", "category", "updated_at")


@click.group()
def app() -> None:
    """Work with your apps."""


@app.command("list")
@click.argument("words", required=False, default="")
@click.option("--status", type=click.Choice(["draft", "active", "suspended"]), help="Only those in this state.")
@printed.limited
@printed.shown
def list_apps(*, words: str, status: str | None, limit: int, output: str) -> None:
    """List the apps in your reach, the last changed first."""
    printed.rows(signed_in().rows("/apps", limit, q=words, status=status), _COLUMNS, output)


@app.command("show")
@click.argument("app_id", metavar="APP")
@printed.shown
def show_app(*, app_id: str, output: str) -> None:
    """Show one app with its versions."""
    found = signed_in().get(f"/apps/{app_id}")
    printed.thing(found, output, hidden=("versions", "description", "instructions", "terms", "screenshots"))
    if output == "table":
        click.echo()
        printed.rows(found["versions"], ("id", "name", "type", "status"), output)


@app.command("create")
@click.argument("package", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@printed.shown
def create_app(*, package: Path, output: str) -> None:
    """Create an app from its first package, which becomes a draft version."""
    made = signed_in().upload("/apps", package, once=True)
    printed.thing({"app": made["app"]["id"], **made["version"]} if output == "table" else made, output)


@app.command("edit")
@click.argument("app_id", metavar="APP")
@click.option("--name", help="What it is called.")
@click.option("--introduction", help="One sentence about it.")
@click.option("--home", help="Its page on the web.")
@click.option("--description", type=click.File(), help="A file with the description, in Markdown; - is standard input.")
@click.option("--instructions", type=click.File(), help="A file with the instructions, in Markdown.")
@click.option("--terms", type=click.File(), help="A file with the terms of use, in Markdown.")
@printed.shown
def edit_app(*, app_id: str, output: str, **fields: object) -> None:
    """Change an app's information; the store shows it from the next release on."""
    sent = {name: value.read() if hasattr(value, "read") else value for name, value in fields.items() if value is not None}
    if not sent:
        raise click.UsageError("name at least one thing to change")
    changed = signed_in().send(f"/apps/{app_id}", sent, method="PATCH")
    printed.thing(changed, output, hidden=("versions", "description", "instructions", "terms", "screenshots"))


@app.command("delete")
@click.argument("app_id", metavar="APP")
@click.option("--yes", is_flag=True, help="Don't ask.")
def delete_app(*, app_id: str, yes: bool) -> None:
    """Delete an app that has no versions left."""
    if not yes:
        click.confirm(f"Delete {app_id} with its information?", abort=True, err=True)
    signed_in().send(f"/apps/{app_id}", method="DELETE")


@click.group()
def store() -> None:
    """Look into the store; no token is needed."""


@store.command("search")
@click.argument("words", required=False, default="")
@click.option("--category", default="", help="Only this category, by its id.")
@printed.limited
@printed.shown
def search(*, words: str, category: str, limit: int, output: str) -> None:
    """Find apps of the store, the last released first."""
    found = anybody().rows("/store/apps", limit, q=words, category=category)
    if output == "table":
        found = [row | {"provider": row["provider"]["name"]} for row in found]
    printed.rows(found, ("id", "name", "latest_version", "provider", "introduction"), output)


@store.command("show")
@click.argument("app_id", metavar="APP")
@printed.shown
def show(*, app_id: str, output: str) -> None:
    """Show one app of the store with its versions."""
    found = anybody().get(f"/store/apps/{app_id}")
    if output != "table":
        printed.thing(found, output)
        return
    facts = ("id", "name", "introduction", "home", "category", "provider", "listed_at")
    printed.thing({name: found[name] for name in facts}, output)
    click.echo()
    printed.rows(found["versions"], ("id", "name", "type", "released_at", "digest"), output)
