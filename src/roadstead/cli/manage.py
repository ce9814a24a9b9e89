"""`roadstead manage`: Django's own commands on this installation."""

import os

import click
from django.core.management import execute_from_command_line

from roadstead.cli.loading import INSTALLATION, one_line


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Run one of Django's management commands."""
    os.environ["DJANGO_SETTINGS_MODULE"] = INSTALLATION
    with one_line():
        execute_from_command_line(["roadstead manage", *arguments])
