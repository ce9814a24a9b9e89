"""A worker of which nothing is left but its walking: it begins each job when it is told to, and tells what it asked of the engine.

Run by `test_workers_on_one_engine` in a process of its own, with Django set up for the tests' database.
"""

import json
import sys
import time
from typing import Any

from django.db import connection

from roadstead.jobs.course import advance
from roadstead.jobs.models import Job
from roadstead.jobs.steps import run_step
from roadstead.providers.docker.provider import DockerProvider
from roadstead.runtimes import registry


class Noted(DockerProvider):
    """Docker, with a note of each call that makes or begins something, by a clock that is the same for all processes."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []

    def ensure_network(self, place: Any, spec: Any) -> Any:
        """Note it."""
        return self._note("ensure_network", super().ensure_network, place, spec)

    def create_machine(self, place: Any, spec: Any) -> Any:
        """Note it."""
        return self._note("create_machine", super().create_machine, place, spec)

    def start_machine(self, place: Any, spec: Any) -> Any:
        """Note it."""
        return self._note("start_machine", super().start_machine, place, spec)

    def _note(self, what: str, call: Any, place: Any, spec: Any) -> Any:
        begun = time.monotonic()
        found = call(place, spec)
        told = getattr(found, "cidr", "")
        self.calls.append({"what": what, "token": spec.token, "begun": begun, "ended": time.monotonic(), "told": told})
        return found


def main(database: str) -> None:
    """Read a job and its number of layers a line, walk it, and answer with a line of what was called."""
    connection.settings_dict["NAME"] = database
    provider = Noted()
    registry.put(provider)
    for line in sys.stdin:
        job, layers = line.split()
        provider.calls.clear()
        for _ in range(int(layers)):
            _walk(job)
        sys.stdout.write(json.dumps(provider.calls) + "\n")
        sys.stdout.flush()


def _walk(job: str) -> None:
    for call in advance(job, Job.objects.get(pk=job).attempt):
        while pause := run_step(call["step"], call["attempt"]):
            time.sleep(pause)
