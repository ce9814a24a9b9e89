"""Times the engine, in a process with Django and a worker: what a step costs, and what jobs take that wait."""

import os
import statistics
import sys
import threading
import time
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from roadstead import jobs
from roadstead.accounts.factories import group, person
from roadstead.accounts.models import User
from roadstead.jobs.models import Job, Step
from roadstead.jobs.states import Status

STEPS, ROUNDS, WAITING = 50, 7, 1_000
TARGET_MS, TARGET_THREADS, TARGET_KIB = 5.0, 24, 50
PATIENCE = 600
PLACES = 8


def nothing(run: jobs.StepRun) -> None:
    """Do nothing: what is left is the engine."""


def hold_on(run: jobs.StepRun) -> None:
    """Wait for what doesn't come."""
    run.wait(3_000)


def submitted(actor: User, op: str, steps: int) -> Job:
    """Submit a job of so many steps, one after the other, on a subject of its own."""
    return jobs.submit(actor=actor, kind="bench", subject=group(), plan=jobs.Plan([[jobs.StepSpec(op, timeout=3_600)]] * steps))


def a_step(actor: User) -> tuple[float, float]:
    """Return what a step took in one job: milliseconds from start to end, and of processor time."""
    used = time.process_time()
    job = submitted(actor, "nothing", STEPS)
    while job.unfinished:
        time.sleep(0.05)
        job.refresh_from_db()
    assert job.started
    assert job.finished
    return (job.finished - job.started).total_seconds() * 1_000 / STEPS, (time.process_time() - used) * 1_000 / STEPS


def resident() -> int:
    """Return this process's memory in KiB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024


def waiting(actor: User) -> tuple[int, float]:
    """Return the threads of this process and the KiB that each job takes, when many wait at once."""
    before = resident()
    for _ in range(WAITING):
        submitted(actor, "hold_on", 1)
    end = time.monotonic() + PATIENCE
    while Step.objects.filter(op="hold_on", resumes__isnull=False, job__parked=True).count() < WAITING:
        assert time.monotonic() < end, "they didn't all begin to wait"
        time.sleep(0.2)
    assert submitted(actor, "nothing", 1).status == Status.PENDING
    a_step(actor)  # others are not held up
    return threading.active_count(), (resident() - before) / WAITING


def row(name: str, figures: str, verdict: str = "") -> None:
    """Print one line of the table."""
    sys.stdout.write(f"{name:42}{figures:>22}{verdict}\n")


def goal(limit: str, *, met: bool) -> str:
    """Say whether a goal is met."""
    return f"   target {limit}: {'met' if met else 'MISSED'}"


def main() -> None:
    """Print the figures."""
    call_command("migrate", verbosity=0)
    for op in (nothing, hold_on):
        jobs.register_op(op.__name__, op, op.__name__)
    jobs.register_kind("bench", "bench")
    actor = person("global_admin")
    with jobs.Worker(Path(settings.OPTIONS.data_dir), job_workers=PLACES):
        took, used = zip(*[a_step(actor) for _ in range(ROUNDS + 1)][1:], strict=True)
        middle = statistics.median(took)
        sys.stdout.write(f"the engine on {connection.vendor}, {PLACES} places\n")
        figures = f"{min(took):.1f} {middle:.1f} {max(took):.1f} ms"
        row("a step that does nothing, min/median/max", figures, goal(f"{TARGET_MS:.0f} ms", met=middle <= TARGET_MS))
        row("  processor time of it", f"{statistics.median(used):.1f} ms")
        threads, kib = waiting(actor)
        row(f"threads with {WAITING:,} jobs that wait", str(threads), goal(str(TARGET_THREADS), met=threads <= TARGET_THREADS))
        row("  memory of each", f"{kib:.0f} KiB", goal(f"{TARGET_KIB} KiB", met=kib <= TARGET_KIB))
        sys.stdout.flush()
        os._exit(0)  # three thousand seconds are too long to wait
