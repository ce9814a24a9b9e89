"""The seam to DBOS, the only module that knows it. Our rows are the truth; DBOS walks them and takes up the walk after a crash.

A job's workflow is `job:attempt`, a step's is a child of it, `step:attempt`: the id of an attempt is never used twice, so neither a
stored failure nor a finished step of an earlier attempt can come back. Workflows never raise over a step: how it ended is in its row.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import ParamSpec, TypeVar

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, SetWorkflowID, StepOptions
from django.db import connection
from sqlalchemy import URL

from roadstead.core.clock import now
from roadstead.jobs.course import Call, advance
from roadstead.jobs.steps import abandon_step, run_step
from roadstead.jobs.threads import with_own_connections

NAME, JOB, STEP = "roadstead", "roadstead.job", "roadstead.step"
# Changes only when the workflows below can no longer replay what an earlier version began; takeover sees only its own version.
VERSION = "1"
QUEUE = "jobs"
POLL_SECONDS = 0.25
# A step function that ignores its deadline is left alone after this.
GRACE_SECONDS = 60.0
# A job that took the process down with it so often is not taken up again.
MAX_RECOVERIES = 20
# What the engine says of a workflow that will not go on by itself.
OVER = frozenset({"SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"})
KEEP = timedelta(days=7)
# DBOS's own reads and writes run in the same pool as the steps; they must always find a thread.
SPARE_THREADS = 8
# Our own database work is safe to repeat, so a passing error of the database is not the end of a job.
_OWN_WORK: StepOptions = {"retries_allowed": True, "interval_seconds": 1.0, "backoff_rate": 2.0, "max_attempts": 5}

P = ParamSpec("P")
R = TypeVar("R")


class _Limits:
    """What holds for the whole process; set at launch."""

    steps = asyncio.Semaphore(1)


async def _durably(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run our own code in the pool as a durable step: once it has ended, its answer is replayed instead."""
    options: StepOptions = {**_OWN_WORK, "name": function.__name__}
    return await DBOS.run_step_async(options, with_own_connections(function), *args, **kwargs)


@DBOS.workflow(name=JOB, max_recovery_attempts=MAX_RECOVERIES)
async def walk_job(job_id: str, attempt: int) -> str:
    """Walk a job from layer to layer until its rows say that it has ended."""
    while calls := await _durably(advance, job_id, attempt):
        handles = []
        for call in calls:
            with SetWorkflowID(f"{call['step']}:{call['attempt']}"):
                handles.append(await DBOS.start_workflow_async(walk_step, call))
        for handle in handles:
            await handle.get_result(polling_interval_sec=POLL_SECONDS)
    return job_id


@DBOS.workflow(name=STEP, max_recovery_attempts=MAX_RECOVERIES)
async def walk_step(call: Call) -> str:
    """Call a step's function until it has ended, with durable pauses between the calls."""
    pause = -1.0
    while pause:
        if pause > 0:
            await DBOS.sleep_async(pause)
        async with _Limits.steps:
            try:
                async with asyncio.timeout(call["timeout"] + GRACE_SECONDS):
                    pause = await _durably(run_step, call["step"], call["attempt"])
            except TimeoutError:
                pause = await _durably(_abandon, call["step"], call["attempt"])
    return call["step"]


def _abandon(step_id: str, attempt: int) -> float:
    abandon_step(step_id, attempt)
    return 0


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
    _Limits.steps = asyncio.Semaphore(2 * job_workers)
    config: DBOSConfig = {
        "name": NAME,
        "system_database_url": url,
        "application_version": VERSION,
        "executor_id": executor,
        "max_executor_threads": 2 * job_workers + SPARE_THREADS,
        "serializer": DBOSPortableJSONSerializer(),
        "log_level": "WARNING",
    }
    DBOS(config=config)
    DBOS.launch()
    DBOS.register_queue(QUEUE, worker_concurrency=job_workers, polling_interval_sec=POLL_SECONDS, on_conflict="always_update")


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


def workflow_id(job_id: str, attempt: int) -> str:
    """Return the engine's name for an attempt of a job."""
    return f"{job_id}:{attempt}"


def states_of(workflow_ids: Iterable[str]) -> dict[str, str]:
    """Return what the engine says about workflows; those it doesn't know are left out."""
    known = DBOS.list_workflows(workflow_ids=list(workflow_ids), load_input=False, load_output=False)
    return {workflow.workflow_id: workflow.status for workflow in known}


def sweep(older_than: timedelta = KEEP) -> int:
    """Forget jobs' workflows that were over so long ago, with their steps', a thousand at a time; our rows tell their story.

    A step goes with its job, never before: a job that is taken over asks its finished steps for their answers once more.
    """
    before = (now() - older_than).isoformat()
    old = DBOS.list_workflows(
        name=JOB, status=[*OVER], completed_before=before, has_parent=False, limit=1000, load_input=False, load_output=False
    )
    if old:
        DBOS.delete_workflows([workflow.workflow_id for workflow in old], delete_children=True)
    return len(old)


def shut_down(grace: int) -> None:
    """Stop taking jobs, give running steps `grace` seconds to end, and leave the rest to be taken over at the next start."""
    DBOS.destroy(workflow_completion_timeout_sec=grace)
