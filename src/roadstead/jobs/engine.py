"""The seam to DBOS, the only module that knows it. Our rows are the truth; DBOS queues the walks through them and finds lost ones again.

A job's workflow is `job:attempt`: the id of an attempt is never used twice, so no stored failure of an earlier one can come back. It
holds one of the worker's places; when all that is left of the job is a pause, it leaves that place to another job and ends, and
`job:attempt:parked` goes on at once in the same process. Where that can't be, it is handed to a queue that has places for all. Workflows
store nothing on their way and never raise over a step: how it ended is in its row.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from contextvars import Context
from datetime import timedelta
from pathlib import Path

import structlog
from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, SetWorkflowID
from django.db import connection
from sqlalchemy import URL

from roadstead.core.clock import now
from roadstead.jobs.course import Call
from roadstead.jobs.walk import Hands, Walk, safely

NAME, JOB, PARKED, STEP = "roadstead", "roadstead.job", "roadstead.parked", "roadstead.step"
# Changes only when the workflows below can no longer replay what an earlier version began; takeover sees only its own version.
VERSION = "1"
# Two queues: a worker has so many places for jobs that work, and any number for those that wait.
QUEUE, WAITING = "jobs", "parked"
POLL_SECONDS = {QUEUE: 0.1, WAITING: 1.0}
# A job that took the process down with it so often is not taken up again.
MAX_RECOVERIES = 20
# What the engine says of a workflow that will not go on by itself.
OVER = frozenset({"SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"})
KEEP = timedelta(days=7)
# DBOS's own reads and writes; what we do has threads of its own.
ENGINE_THREADS = 2
log = structlog.get_logger(__name__)


class _Process:
    """What holds for the whole process; set at launch."""

    hands = Hands(1)


@DBOS.workflow(name=JOB, max_recovery_attempts=MAX_RECOVERIES)
async def walk_job(job_id: str, attempt: int) -> str:
    """Walk a job until its rows say that it has ended, or that it is parked."""
    hands = _Process.hands
    if not await Walk(hands, job_id, attempt, parked=False).to_the_end():
        # Neither way knows of this workflow: it has no children, and so nothing that a replay would have to match.
        try:
            await asyncio.create_task(_go_on_here(job_id, attempt), context=Context())
        except Exception as error:  # whatever it was, the queue has it done
            log.warning("parked job left to the queue", job=job_id, exc_info=error)
            await safely(hands.rows, go_on, job_id, attempt)
    return job_id


@DBOS.workflow(name=PARKED, max_recovery_attempts=MAX_RECOVERIES)
async def walk_parked(job_id: str, attempt: int) -> str:
    """Walk a parked job to its end."""
    await Walk(_Process.hands, job_id, attempt, parked=True).to_the_end()
    return job_id


async def _go_on_here(job_id: str, attempt: int) -> None:
    with SetWorkflowID(workflow_id(job_id, attempt, parked=True)):
        await DBOS.start_workflow_async(walk_parked, job_id, attempt)


@DBOS.workflow(name=STEP)
async def walk_step(call: Call) -> str:
    """Do nothing: earlier versions walked a step here, and what they left is walked with its job."""
    return call["step"]


def home(data_dir: Path) -> str:
    """Return where the engine keeps its own state: a file beside SQLite's, or a schema of the PostgreSQL database."""
    if connection.vendor == "sqlite":
        return f"sqlite:///{data_dir / 'engine.sqlite3'}"
    known = connection.settings_dict
    # As options, not in the address: a socket's folder is no host of one.
    place = {name.lower(): known[name] for name in ("HOST", "PORT") if known[name]}
    who = {"username": known["USER"] or None, "password": known["PASSWORD"] or None}
    address = URL.create("postgresql", **who, database=known["NAME"], query={**known["OPTIONS"], **place})
    return address.render_as_string(hide_password=False)


def launch(url: str, *, executor: str, job_workers: int) -> None:
    """Start the engine in this process, on a thread without an event loop (on a loop it would run the workflows there)."""
    with ThreadPoolExecutor(1, thread_name_prefix="engine-launch") as pool:
        pool.submit(_launch, url, executor, job_workers).result()


def _launch(url: str, executor: str, job_workers: int) -> None:
    if url.startswith("sqlite:///"):
        _use_wal(url.removeprefix("sqlite:///"))
    # With a handler of its own the library doesn't print; its lines go the way of all others.
    logging.getLogger("dbos").addHandler(logging.NullHandler())
    _Process.hands = Hands(job_workers)
    config: DBOSConfig = {
        "name": NAME,
        "system_database_url": url,
        "application_version": VERSION,
        "executor_id": executor,
        "max_executor_threads": ENGINE_THREADS,
        "serializer": DBOSPortableJSONSerializer(),
        "log_level": "WARNING",
    }
    DBOS(config=config)
    DBOS.launch()
    for queue, places in ((QUEUE, job_workers), (WAITING, None)):
        DBOS.register_queue(queue, worker_concurrency=places, polling_interval_sec=POLL_SECONDS[queue], on_conflict="always_update")


def _use_wal(file: str) -> None:
    """Switch the file to write-ahead logging, which it then keeps: steps are twelve times faster."""
    with closing(sqlite3.connect(file)) as opened:
        opened.execute("PRAGMA journal_mode=WAL")


def others() -> list[str]:
    """Return every other executor that has work under way, alive or not."""
    pending = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
    return sorted({workflow.executor_id for workflow in pending if workflow.executor_id} - {DBOS.executor_id})


def take_over(dead: list[str]) -> None:
    """Put what these executors left back into the queue; only for a process that knows that they are dead."""
    if dead:
        # Internal to DBOS, and there is no public way; a contract test holds it for the pinned version.
        DBOS._recover_pending_workflows(dead)  # noqa: SLF001  # see above


def enqueue(job_id: str, attempt: int) -> None:
    """Hand an attempt of a job to the engine; one that it knows already is left as it is."""
    with SetWorkflowID(workflow_id(job_id, attempt)):
        DBOS.enqueue_workflow(QUEUE, walk_job, job_id, attempt)


def go_on(job_id: str, attempt: int) -> None:
    """Hand a parked attempt to the queue that has places for all; one that the engine knows already is left as it is."""
    with SetWorkflowID(workflow_id(job_id, attempt, parked=True)):
        DBOS.enqueue_workflow(WAITING, walk_parked, job_id, attempt)


def workflow_id(job_id: str, attempt: int, *, parked: bool = False) -> str:
    """Return the engine's name for an attempt of a job."""
    return f"{job_id}:{attempt}{':parked' if parked else ''}"


def states_of(workflow_ids: Iterable[str]) -> dict[str, str]:
    """Return what the engine says about workflows; those it doesn't know are left out."""
    known = DBOS.list_workflows(workflow_ids=list(workflow_ids), load_input=False, load_output=False)
    return {workflow.workflow_id: workflow.status for workflow in known}


def sweep(older_than: timedelta = KEEP) -> int:
    """Forget workflows that were over so long ago, a thousand at a time; our rows tell their story."""
    before = (now() - older_than).isoformat()
    names = [JOB, PARKED, STEP]
    old = DBOS.list_workflows(name=names, status=[*OVER], completed_before=before, limit=1000, load_input=False, load_output=False)
    if old:
        DBOS.delete_workflows([workflow.workflow_id for workflow in old])
    return len(old)


def shut_down(grace: int) -> None:
    """Stop taking jobs, give running steps `grace` seconds to end, and leave the rest to be taken over at the next start."""
    DBOS.destroy(workflow_completion_timeout_sec=grace)
    _Process.hands.rest()
