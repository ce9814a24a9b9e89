"""What the command cannot do, said in one line."""

import click


class Refused(click.ClickException):
    """A reason that a person can act on; the exit code is 1."""

    def show(self, file: object = None) -> None:
        """Print the one line."""
        click.echo(f"roadstead: {self.format_message()}", err=True)
