"""What an installation refuses, said on a terminal; each kind has an exit code that scripts can rely on."""

import json
from collections.abc import Mapping
from typing import Any

import click

# Exit codes. 0 is done, 1 anything that has no code of its own, 2 wrong usage.
NOT_SIGNED_IN, NOT_PERMITTED, MISSING, WRONG_STATE, INVALID, UNREACHABLE, FAILED, TOO_LATE = range(3, 11)
_CODES = {400: INVALID, 401: NOT_SIGNED_IN, 403: NOT_PERMITTED, 404: MISSING, 409: WRONG_STATE, 413: INVALID, 422: INVALID}
_FIRST_ACCIDENT = 500


class Stopped(click.ClickException):
    """The command can't go on; one line says why."""

    def __init__(self, message: str, code: int = 1) -> None:
        super().__init__(message)
        self.exit_code = code  # type: ignore[misc]  # click reads it from the instance

    def show(self, file: object = None) -> None:
        """Print the line."""
        click.echo(f"roadstead: {self.format_message()}", err=True)


class Refusal(Stopped):
    """The installation answered with a problem; with `-o json` it is printed as it came."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        code = UNREACHABLE if status >= _FIRST_ACCIDENT else _CODES.get(status, 1)
        super().__init__(str(problem.get("detail") or f"the server answered {status}"), code)
        self.problem = problem
        # Read now: when this is shown, the command has been left.
        context = click.get_current_context(silent=True)
        self.for_programs = bool(context and context.params.get("output") == "json")

    def show(self, file: object = None) -> None:
        """Print the sentence and the particulars, or the whole problem for programs."""
        if self.for_programs:
            click.echo(json.dumps(self.problem, ensure_ascii=False), err=True)
            return
        super().show(file)
        for one in self.problem.get("errors", ()):
            if one["message"] != self.message:
                click.echo(f"  {one['field']}: {one['message']}", err=True)
        for one in self.problem.get("problems", ()):
            place = ":".join(filter(None, (one["file"], one["where"])))
            click.echo(f"  {place}  {one['message']}  [{one['code']}]", err=True)
