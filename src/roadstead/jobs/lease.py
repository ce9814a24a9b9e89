"""Who may run jobs, and how the death of who did is noticed.

A data folder has one worker, which holds its lock. On PostgreSQL there are any number of them, and each renews a row.
A folder is not given back: a step may outlive the worker by a while, and the lock goes with the process, however that ends.
"""

import fcntl
import os
import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import structlog
from django.db import connection, transaction
from django.db.models.functions import Now

from roadstead.jobs import engine
from roadstead.jobs.errors import FolderInUse
from roadstead.jobs.models import WorkerLease

BEAT_SECONDS = 1.0
# A worker that wasn't seen for so long is dead: if it wakes up again, it finds its lease gone and ends itself.
LAPSE = timedelta(seconds=4)
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_EXIT_LOST = 70
log = structlog.get_logger(__name__)


class Lease(Protocol):
    """What a worker holds while it runs."""

    def begin(self) -> None:
        """Take it, before the engine runs anything."""
        ...

    def beat(self) -> None:
        """Say that this process is alive, and take over what dead ones left; called every second, the first time at once."""
        ...

    def adopt(self) -> None:
        """Take over what nobody who holds one is working on; called every few seconds."""
        ...

    def end(self) -> None:
        """Give it back, so that others need not wait."""
        ...


def lease_for(data_dir: Path, executor: str) -> Lease:
    """Return what a worker on this database has to hold."""
    return RowLease(executor) if connection.vendor == "postgresql" else FolderLease(data_dir)


class FolderLease:
    """The lock of a data folder. Whoever has it knows that every other worker is dead."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._looked = False

    def begin(self) -> None:
        """Hold the folder, or raise `FolderInUse`."""
        hold_folder(self._folder)

    def beat(self) -> None:
        """Take over everything, once."""
        if not self._looked:
            engine.take_over(engine.others())
            self._looked = True

    def adopt(self) -> None:
        """Nobody else could have begun anything since."""

    def end(self) -> None:
        """Keep it: it goes with the process."""


class RowLease:
    """A row that this worker renews. All times are the database's, so clocks need not agree."""

    def __init__(self, executor: str, lost: Callable[[], None] | None = None) -> None:
        self._executor = executor
        self._lost = lost or end_process
        self._beaten = time.monotonic()
        self._patient_until = float("-inf")

    def begin(self) -> None:
        """Add the row."""
        WorkerLease.objects.create(executor=self._executor, process=f"{os.getpid()} on {socket.gethostname()}"[:100])

    def beat(self) -> None:
        """Renew the row; without one, others have taken over what this worker did, and it must not go on."""
        if not WorkerLease.objects.filter(pk=self._executor).update(seen=Now()):
            log.error("lease lost", executor=self._executor)
            self._lost()
            return
        moment = time.monotonic()
        if moment - self._beaten > LAPSE.total_seconds():
            # The database, or this process, stood still: the others may only now be able to say that they live.
            self._patient_until = moment + LAPSE.total_seconds()
        self._beaten = moment
        if moment >= self._patient_until:
            self._bury()

    def adopt(self) -> None:
        """Take over what is under way without a lease: a worker that was buried may take a job before it hears of it.

        Who has work has a lease before, so the work is asked for first.
        """
        busy = engine.others()
        held = set(WorkerLease.objects.filter(pk__in=busy).values_list("pk", flat=True))
        if lost := [executor for executor in busy if executor not in held]:
            engine.take_over(lost)
            log.warning("jobs of buried workers taken over", executors=lost)

    def end(self) -> None:
        """Count as dead from now on: whatever is still under way is for the others."""
        WorkerLease.objects.filter(pk=self._executor).update(seen=_LONG_AGO)

    def _bury(self) -> None:
        """Take over what dead workers left. One of us does it: the rows are held until it is done, and done again if that fails."""
        with transaction.atomic():
            seen = WorkerLease.objects.get(pk=self._executor).seen
            rows = WorkerLease.objects.select_for_update(skip_locked=True).filter(seen__lt=seen - LAPSE)
            dead = [row.executor for row in rows]
            if dead:
                engine.take_over(dead)
                WorkerLease.objects.filter(pk__in=dead).delete()
                log.warning("dead workers buried", executors=dead)


def workers_alive() -> list[str]:
    """Return the worker processes that were seen lately."""
    return [row.process for row in WorkerLease.objects.filter(seen__gt=Now() - LAPSE).order_by("started")]


def end_process() -> None:
    """End at once, in the middle of whatever runs."""
    os._exit(_EXIT_LOST)


def holder(folder: Path) -> list[str]:
    """Return the process that holds a data folder, if one does. Not for that process itself: closing the file would give its lock back."""
    if not (folder / "engine.lock").exists():
        return []
    with (folder / "engine.lock").open("r+b") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return [file.read(20).decode() or "?"]
    return []


def hold_folder(folder: Path) -> None:
    """Hold a data folder until this process ends, or raise `FolderInUse` with the number of the process that does."""
    # A record lock, not flock: a subprocess that outlives us would keep that one.
    file = os.open(folder / "engine.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        holder = os.pread(file, 20, 0).decode() or "?"
        os.close(file)
        raise FolderInUse(process=holder, folder=folder) from error
    # The file stays open: closing it would give the lock back.
    os.ftruncate(file, 0)
    os.pwrite(file, str(os.getpid()).encode(), 0)
