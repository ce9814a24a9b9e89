"""The `roadstead` command. Commands are loaded when they are called: the offline checks start fast because nothing else is imported."""

from importlib import import_module

import click

from roadstead import __version__

COMMANDS = {
    "up": "roadstead.cli.up:up",
    "prepare": "roadstead.cli.parts:prepare",
    "web": "roadstead.cli.parts:web",
    "worker": "roadstead.cli.parts:worker",
    "admin": "roadstead.cli.admin:admin",
    "backup": "roadstead.cli.upkeep:backup",
    "restore": "roadstead.cli.upkeep:restore",
    "keys": "roadstead.cli.keys:keys",
    "demo-data": "roadstead.cli.demo:demo_data",
    "doctor": "roadstead.cli.upkeep:doctor",
    "package": "roadstead.cli.package:package",
    "kubeconfig": "roadstead.cli.kubeconfig:kubeconfig",
    "login": "roadstead.cli.login:login",
    "logout": "roadstead.cli.login:logout",
    "whoami": "roadstead.cli.login:whoami",
    "store": "roadstead.cli.apps:store",
    "app": "roadstead.cli.apps:app",
    "version": "roadstead.cli.versions:version",
    "review": "roadstead.cli.reviews:review",
    "env": "roadstead.cli.environments:env",
    "machine": "roadstead.cli.machine:machine",
    "environment": "roadstead.cli.sweeping:environment",
    "agent": "roadstead.cli.agent:agent",
    "instance": "roadstead.cli.instances:instance",
    "job": "roadstead.cli.jobs:job",
    "completion": "roadstead.cli.completion:completion",
    "manage": "roadstead.cli.manage:manage",
}


class LazyGroup(click.Group):
    """A group whose commands are named by their module."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names, in the order in which people meet them."""
        return [*COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="roadstead")
def main() -> None:
    """Roadstead, a self-hosted marketplace and life-cycle platform for applications."""
