"""Waits for a job and shows its steps as they go: moving on a terminal, a line a step elsewhere."""

import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

import click

from roadstead.cli.api_errors import FAILED, TOO_LATE, UNREACHABLE, Stopped
from roadstead.cli.client import Api
from roadstead.cli.output import clean

PACE_SECONDS = 1.0
# A server that restarts is back before that.
_AWAY_SECONDS = 60.0
_ENDED = {"successful", "failed", "skipped", "cancelled"}
_MARKS = {"pending": "·", "working": "…", "successful": "✓", "failed": "✗", "skipped": "-", "cancelled": "-"}


class Screen(Protocol):
    """Where the steps are shown."""

    def show(self, job: Mapping[str, Any]) -> None:
        """Show how far a job is."""


def waited(api: Api, job_id: str, timeout: float) -> dict[str, Any]:
    """Return a job once it has ended; raises if it failed, was cancelled, or takes longer."""
    deadline = time.monotonic() + timeout
    with _screen() as screen:
        job = _asked(api, job_id)
        screen.show(job)
        while not job["finished"]:
            if time.monotonic() > deadline:
                raise Stopped(f"{job_id} hasn't ended after {timeout:g} s; it goes on: roadstead job wait {job_id}", TOO_LATE)
            time.sleep(PACE_SECONDS)
            job = _asked(api, job_id)
            screen.show(job)
    if job["status"] != "successful":
        why = job["problem"]["message"] if job["problem"] else job["status"]
        raise Stopped(f"{job['title']}: {clean(why)} (roadstead job show {job_id})", FAILED)
    return dict(job)


def _asked(api: Api, job_id: str) -> Mapping[str, Any]:
    deadline = time.monotonic() + _AWAY_SECONDS
    while True:
        try:
            job: Mapping[str, Any] = api.get(f"/jobs/{job_id}")
        except Stopped as stopped:
            if stopped.exit_code != UNREACHABLE or time.monotonic() > deadline:
                raise
            time.sleep(PACE_SECONDS)
        else:
            return job


class Lines:
    """A line for each step that ends."""

    def __init__(self) -> None:
        self._said: set[tuple[str, int]] = set()

    def show(self, job: Mapping[str, Any]) -> None:
        """Say what has ended since the last time."""
        for number, step in enumerate(job["steps"]):
            key = (str(step["started_at"]), number)
            if step["status"] in _ENDED and key not in self._said:
                self._said.add(key)
                click.echo(line_of(step), err=True)


class Moving:
    """A picture of all steps that is drawn anew."""

    def __init__(self, live: Any) -> None:
        self._live = live

    def show(self, job: Mapping[str, Any]) -> None:
        """Draw the steps."""
        from rich.text import Text  # noqa: PLC0415  # what isn't asked for isn't loaded

        lines = [line_of(step) for step in job["steps"]]
        lines += [f"    {clean(line)}" for step in job["steps"] if step["status"] == "working" for line in step["output"].splitlines()[-3:]]
        self._live.update(Text("\n".join(lines)), refresh=True)


def line_of(step: Mapping[str, Any]) -> str:
    """Say a step and how it ended in a line."""
    target = f" {step['target']}" if step["target"] else ""
    problem = f": {step['problem']['message']}" if step["problem"] else ""
    return clean(f"{_MARKS.get(step['status'], '·')} {step['title']}{target}{problem}")


@contextmanager
def _screen() -> Iterator[Screen]:
    if not sys.stderr.isatty():
        yield Lines()
        return
    from rich.console import Console  # noqa: PLC0415  # it takes as long as all the rest
    from rich.live import Live  # noqa: PLC0415

    with Live(console=Console(stderr=True), auto_refresh=False) as live:
        yield Moving(live)
