"""What the worker of the tests can do: reads commands as JSON lines, answers each with one.

Its operations write every act into the ledger: that file is the witness of what ran, and how often.
"""

import json
import os
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import DatabaseError, connections

from roadstead import jobs
from roadstead.accounts.factories import person
from roadstead.accounts.models import User
from roadstead.audit.models import Event
from roadstead.audit.record import record
from roadstead.core.errors import DomainError
from roadstead.core.problems import Problem
from roadstead.jobs import bell, engine, walk
from roadstead.jobs.errors import FolderInUse
from roadstead.jobs.models import Job
from roadstead.jobs.tests import cloud

FOLDER = Path(settings.OPTIONS.data_dir)
LEDGER = FOLDER / "ledger"
BROKEN = Problem("ledger_broken")
ENDED = "job.ended"


def note(*words: str) -> None:
    with LEDGER.open("a") as ledger:
        ledger.write(" ".join(words) + "\n")


def make(run: jobs.StepRun) -> None:
    """Make one thing, slowly, unless it was made before: what every real step does."""
    note("called", run.target, run.token)
    run.log(f"making {run.target}")
    time.sleep(run.params.get("seconds", 0) / 2)
    if f"made {run.target} {run.token}\n" not in LEDGER.read_text():
        note("made", run.target, run.token)
    time.sleep(run.params.get("seconds", 0) / 2)


def need(run: jobs.StepRun) -> None:
    """Fail until a file is there."""
    note("called", run.target, run.token)
    if not (FOLDER / run.params["file"]).exists():
        raise jobs.StepFailed(BROKEN, permanent=run.params.get("permanent", True))


def expect(run: jobs.StepRun) -> None:
    """Wait for a file, call by call."""
    note("called", run.target, run.token)
    if not (FOLDER / run.params["file"]).exists():
        run.wait(run.params.get("seconds", 0.2))


def stall(run: jobs.StepRun) -> None:
    """Hold the thread until a file is there, then make the thing."""
    note("called", run.target, run.token)
    while not (FOLDER / run.params["file"]).exists():
        time.sleep(0.05)
    note("made", run.target, run.token)


def linger(run: jobs.StepRun) -> None:
    """Work until cancelled."""
    note("called", run.target, run.token)
    while True:
        run.check()
        time.sleep(0.05)


def ended(job: Job) -> None:
    """Note an end twice: in the ledger, at once, and in the database, where it goes if the transaction that ends the job does."""
    note("ended", job.pk, job.status)
    record(None, ENDED, job, status=str(job.status))


def submit(command: dict[str, Any], actor: User) -> dict[str, Any]:
    layers = [[[jobs.StepSpec(**spec) for spec in layer] for layer in command.get(way, [])] for way in ("layers", "undo")]
    with Bell(heard=command.get("heard", True)):
        job = jobs.submit(
            actor=actor,
            kind="test",
            subject=Session(session_key=command["subject"]),
            plan=jobs.Plan(*layers),
            on_failure=command.get("on_failure", "keep"),
        )
    return {"job": job.pk}


class Bell:
    """Makes the worker deaf while a job is submitted, as if the process had died between commit and enqueue."""

    def __init__(self, *, heard: bool) -> None:
        self._heard = heard
        self._workers: list[Any] = []

    def __enter__(self) -> None:
        if not self._heard:
            self._workers, bell._workers[:] = [*bell._workers], []

    def __exit__(self, *_error: object) -> None:
        bell._workers[:] = [*bell._workers, *self._workers]


def show(command: dict[str, Any]) -> dict[str, Any]:
    job = Job.objects.get(pk=command["job"])
    steps = [{"target": s.target, "status": s.status, "attempt": s.attempt, "tries": s.tries, "output": s.output} for s in job.steps.all()]
    ends = [event.data["status"] for event in Event.objects.filter(verb=ENDED, subject_id=job.pk).order_by("pk")]
    took = (job.finished - job.started).total_seconds() if job.finished and job.started else None
    return {"status": job.status, "undone": job.undone, "done": job.done, "total": job.total, "took": took, "steps": steps, "ends": ends}


def heard(job_id: str, seconds: float) -> int:
    """Return how often a job has rung in this process, once it has ended."""
    rings: list[float] = []
    end = time.monotonic() + seconds
    with bell.watching(job_id, lambda: rings.append(time.monotonic())):
        while Job.objects.get(pk=job_id).unfinished and time.monotonic() < end:
            time.sleep(0.05)
        # The last ring follows the commit.
        time.sleep(0.3)
    return len(rings)


async def hindered(job_id: str, attempt: int) -> None:
    """Fail where a waiting job would go on at once."""
    raise DatabaseError(job_id, attempt)


def act(command: dict[str, Any], actor: User) -> dict[str, Any]:
    do = command["do"]
    if do == "submit":
        return submit(command, actor)
    if do == "show":
        return show(command)
    if do == "heard":
        return {"changes": heard(command["job"], command["seconds"])}
    if do == "hinder":
        engine._go_on_here = hindered
    if do in {"sweep", "hinder"}:
        return {"swept": engine.sweep(timedelta(days=-1))}
    if do == "memory":
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return {"mib": pages * os.sysconf("SC_PAGE_SIZE") / 2**20, "threads": threading.active_count()}
    verb = {"cancel": jobs.cancel, "retry": jobs.retry, "give_up": jobs.give_up}[do]
    return {"job": verb(actor=actor, job_id=command["job"]).pk}


def say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def serve(actor: User) -> None:
    say({"ready": True})
    for line in sys.stdin:
        connections.close_all()  # the database may have been restarted since the last command
        try:
            say(act(json.loads(line), actor))
        except DomainError as refusal:
            say({"refused": refusal.code})
        except DatabaseError as away:
            sys.stderr.write(f"command failed: {line} {away}\n")
            say({"refused": "database_away"})


def main(folder: Path, *, work: bool) -> None:
    """Make the tables and serve commands, with a worker or (as a web process would) without."""
    LEDGER.touch()
    walk.GRACE_SECONDS = 0.5
    call_command("migrate", verbosity=0)
    actor = User.objects.first() or person("global_admin")
    for op in (make, need, expect, stall, linger):
        jobs.register_op(op.__name__, op, op.__name__)
    cloud.register()
    jobs.register_kind("test", "Test", ended)
    if not work:
        with bell.in_touch():
            serve(actor)
        return
    try:
        with jobs.Worker(folder, job_workers=4):
            serve(actor)
    except FolderInUse as refusal:
        say({"refused": refusal.code, "words": refusal.message})
    os._exit(0)
