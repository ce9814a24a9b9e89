"""`roadstead environment sweep`: what this installation made at places of machines and no instance owns any more."""

import click

from roadstead.cli.loading import loaded, one_line


@click.group()
def environment() -> None:
    """Look after the places that this installation uses, on its own machine."""


@environment.command("sweep")
@click.option("--yes", is_flag=True, help="Take it away without asking.")
@click.option("--list", "only_list", is_flag=True, help="Only list it.")
def sweep(*, yes: bool, only_list: bool) -> None:
    """List what no instance owns, and take it away. What carries another installation's mark is never touched."""
    sweeping = loaded("roadstead.runtimes.sweeping")
    with one_line():
        looked = sweeping.leftovers()
    _told(looked.problems)
    for left in looked.found:
        click.echo(f"{left.thing.kind:8} {left.thing.name}  {left.server}")
    if not looked.found:
        click.echo("nothing is left over")
    elif not only_list:
        if not yes:
            click.confirm(f"Take {len(looked.found)} of them away?", abort=True, err=True)
        swept = sweeping.sweep(actor=None)
        _told([problem for problem in swept.problems if problem not in looked.problems])
        click.echo(f"{len(swept.gone)} taken away")
        looked = swept
    raise SystemExit(1 if looked.problems else 0)


def _told(problems: "list[object]") -> None:
    for problem in problems:
        click.echo(str(getattr(problem, "message", problem)), err=True)
