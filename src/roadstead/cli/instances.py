"""`roadstead instance`: running applications."""

from collections.abc import Callable, Mapping
from typing import Any, TextIO, TypeVar

import click

from roadstead.cli import output as printed
from roadstead.cli.api_errors import MISSING, Stopped
from roadstead.cli.client import Api, signed_in
from roadstead.cli.failures import tell
from roadstead.cli.watching import waited

F = TypeVar("F", bound=Callable[..., Any])
_INSTANCE = click.argument("instance_id", metavar="INSTANCE")
_VALUES = click.option("--values", type=click.File(), help="A file of values in YAML; - is standard input.")
_SECONDS = 30 * 60
_MACHINES = ("machines", "frontgate")


def acts(command: F) -> F:
    """Give a command the options of everything that takes time."""
    options = (
        click.option("--dry-run", is_flag=True, help="Check it and show the plan; nothing is done."),
        click.option("--wait", is_flag=True, help="Wait until it is done, and show its steps; exit 9 if it fails, 10 if it takes longer."),
        click.option("--timeout", type=click.FloatRange(0), default=_SECONDS, show_default=True, help="Seconds to wait."),
        printed.shown,
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.group()
def instance() -> None:
    """Run apps, and look after what runs."""


@instance.command("list")
@click.argument("words", required=False, default="")
@click.option("--status", default="", help="Only those in this state; all shows deleted ones too.")
@click.option("--test", is_flag=True, help="Test instances instead of others.")
@printed.limited
@printed.shown
def list_instances(*, words: str, status: str, test: bool, limit: int, output: str) -> None:
    """List the instances in your reach, the newest first."""
    found = signed_in().rows("/instances", limit, q=words, status=status, test=test)
    printed.rows(found, ("id", "name", "app_name", "version_name", "environment_name", "status", "transition"), output)


@instance.command("show")
@_INSTANCE
@printed.shown
def show(*, instance_id: str, output: str) -> None:
    """Show one instance, its machines if it has any; of one whose last job failed also the step, what it printed, and what can be done."""
    api = signed_in()
    found = api.get(f"/instances/{instance_id}")
    if on_machines := found["delivery"] == "vm":
        found |= {name: told for name, told in api.get(f"/instances/{instance_id}/machines").items() if name in _MACHINES}
    printed.thing(found, output, hidden=_MACHINES)
    if on_machines and output == "table":
        printed.rows(_lines(found), ("machine", "state", "agent", "address", "size", "disks"), output)
        for row in found["machines"]:
            for problem in row["problems"]:
                click.echo(f"{row['name']}: {problem}")
    if output == "table" and found["problem"] and found["job"]:
        tell(api.get(f"/jobs/{found['job']}"))


def _lines(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return a line for each machine, and one for the frontgate that serves them."""
    lines = [
        {name: row[name] for name in ("state", "agent", "address")}
        | {
            "machine": f"{row['name']} ({row['id']})",
            "size": f"{row['cpu']} × CPU, {row['memory']} MiB",
            "disks": ", ".join(f"{disk['size']} GiB {disk['mount_point']}" for disk in row["disks"]),
        }
        for row in found["machines"]
    ]
    gate = found["frontgate"]
    return [*lines, {**gate, "machine": f"frontgate ({gate['id']})"}] if gate else lines


@instance.command("console")
@_INSTANCE
@click.argument("machine_id", metavar="MACHINE")
@click.option("--lines", type=click.IntRange(1, 2000), default=500, show_default=True, help="At most so many.")
def console(*, instance_id: str, machine_id: str, lines: int) -> None:
    """Print the last lines that a machine, or the frontgate, wrote; `show` names them."""
    click.echo(signed_in().get(f"/instances/{instance_id}/machines/{machine_id}/console", lines=lines)["text"], nl=False)


@instance.command("deploy")
@click.argument("version_id", metavar="VERSION")
@click.option("-e", "--environment", required=True, help="Where: the id or the name of an environment.")
@click.option("--name", required=True, help="What the instance is called: lower-case letters, digits and hyphens.")
@_VALUES
@click.option("--test", is_flag=True, help="A test deployment, to a test environment.")
@click.option("--on-failure", type=click.Choice(["keep", "clean_up"]), help="What becomes of a creation that fails.")
@acts
def deploy(*, version_id: str, environment: str, name: str, values: TextIO | None, test: bool, on_failure: str | None, **how: Any) -> None:
    """Deploy a version to an environment."""
    api = signed_in()
    place = _environment(api, environment)
    sent = {"version": version_id, "environment": place, "name": name, "values": values.read() if values else "", "test": test}
    if how["dry_run"]:
        printed.plan(api.send("/instances/plan", sent), how["output"])
        return
    _conclude(api, api.create("/instances", sent | ({"on_failure": on_failure} if on_failure else {})), how)


def _environment(api: Api, wanted: str) -> str:
    """Return the id of an environment that was named by its id or its name."""
    if wanted.startswith("runtime-"):
        return wanted
    found = [row["id"] for row in api.rows("/environments", 100, q=wanted) if row["name"] == wanted]
    if len(found) != 1:
        words = "there is no environment" if not found else "there is more than one environment"
        raise Stopped(f"{words} named “{wanted}”; roadstead env list shows their ids", MISSING)
    return str(found[0])


def _act(instance_id: str, verb: str, how: Mapping[str, Any], sent: Mapping[str, Any] | None = None, *, method: str = "POST") -> None:
    api = signed_in()
    path = f"/instances/{instance_id}" + (f"/{verb}" if verb else "")
    answer = api.send(path, sent, method=method, dry_run=how["dry_run"])
    if how["dry_run"]:
        printed.plan(answer, how["output"])
    else:
        _conclude(api, answer, how)


def _conclude(api: Api, begun: Mapping[str, Any], how: Mapping[str, Any]) -> None:
    if how["wait"]:
        waited(api, begun["job"], how["timeout"])
        begun = api.get(f"/instances/{begun['id']}")
    printed.thing(begun, how["output"])


@instance.command("values")
@_INSTANCE
def values_of(*, instance_id: str) -> None:
    """Print the values that an instance was given, to change them and send them with `update`."""
    click.echo(signed_in().get(f"/instances/{instance_id}/values")["values"], nl=False)


@instance.command("update")
@_INSTANCE
@click.option("--values", type=click.File(), required=True, help="A file of values in YAML; - is standard input.")
@acts
def update(*, instance_id: str, values: TextIO, **how: Any) -> None:
    """Run the same version with other values."""
    _act(instance_id, "update", how, {"values": values.read()})


@instance.command("upgrade")
@_INSTANCE
@click.argument("version_id", metavar="VERSION")
@_VALUES
@acts
def upgrade(*, instance_id: str, version_id: str, values: TextIO | None, **how: Any) -> None:
    """Run another version; without --values it keeps those that it has."""
    _act(instance_id, "upgrade", how, {"version": version_id} | ({"values": values.read()} if values else {}))


@instance.command("revisions")
@_INSTANCE
@printed.shown
def revisions(*, instance_id: str, output: str) -> None:
    """List the revisions that an instance can go back to."""
    printed.rows(signed_in().get(f"/instances/{instance_id}/revisions"), ("revision", "version_name", "version"), output)


@instance.command("rollback")
@_INSTANCE
@click.argument("revision", type=click.IntRange(1))
@acts
def rollback(*, instance_id: str, revision: int, **how: Any) -> None:
    """Go back to an earlier revision."""
    _act(instance_id, "rollback", how, {"revision": revision})


@instance.command("stop")
@_INSTANCE
@acts
def stop(*, instance_id: str, **how: Any) -> None:
    """End all pods of an instance; everything else of it stays."""
    _act(instance_id, "stop", how)


@instance.command("start")
@_INSTANCE
@acts
def start(*, instance_id: str, **how: Any) -> None:
    """Let an instance that was stopped run as it did."""
    _act(instance_id, "start", how)


@instance.command("delete")
@_INSTANCE
@click.option("--yes", is_flag=True, help="Don't ask.")
@acts
def delete(*, instance_id: str, yes: bool, **how: Any) -> None:
    """Remove what an instance runs; its history and its name are kept until it is ceased."""
    _sure(how, yes, f"Delete everything that {instance_id} runs?")
    _act(instance_id, "", how, method="DELETE")


@instance.command("cease")
@_INSTANCE
@click.option("--yes", is_flag=True, help="Don't ask.")
@acts
def cease(*, instance_id: str, yes: bool, **how: Any) -> None:
    """Remove the last traces of a deleted instance; its name is free again."""
    _sure(how, yes, f"Remove the history of {instance_id}?")
    _act(instance_id, "cease", how)


def _sure(how: Mapping[str, Any], yes: bool, question: str) -> None:
    if not yes and not how["dry_run"]:
        click.confirm(question, abort=True, err=True)
