"""The worker: takes its lease, starts the engine, takes over what dead workers left, and looks after it."""

import os
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

import structlog

from roadstead.core.ids import new_id
from roadstead.jobs import engine
from roadstead.jobs.bell import answering, in_touch
from roadstead.jobs.course import give_up_lost
from roadstead.jobs.housekeeping import Chore, Housekeeper
from roadstead.jobs.lease import BEAT_SECONDS, lease_for
from roadstead.jobs.models import Job
from roadstead.jobs.output import write_open
from roadstead.jobs.states import UNFINISHED

RECONCILE_SECONDS = 5.0
OUTPUT_SECONDS = 0.5
SWEEP_SECONDS = 3600.0
log = structlog.get_logger(__name__)


def reconcile() -> None:
    """Hand to the engine what was committed but never reached it, and end what it gave up on."""
    rows = Job.objects.filter(status__in=UNFINISHED).order_by("created").values_list("pk", "attempt", "parked")
    unfinished = {engine.workflow_id(job, attempt, parked=parked): (job, attempt, parked) for job, attempt, parked in rows}
    known = engine.states_of(unfinished) if unfinished else {}
    for workflow, (job_id, attempt, parked) in unfinished.items():
        state = known.get(workflow)
        if state is None:
            (engine.go_on if parked else engine.enqueue)(job_id, attempt)
        elif state in engine.OVER:
            give_up_lost(job_id, attempt, state, parked=parked)


class Worker:
    """Runs jobs in this process as long as it is entered; one process on a data folder, any number on PostgreSQL.

    Leaving gives running steps `grace` seconds. A step that takes longer goes on in its thread, which keeps Python from
    ending: end the process with `os._exit`, the next start or another worker takes the step up again.
    """

    def __init__(self, data_dir: Path, *, job_workers: int, grace: int = 0) -> None:
        self._data_dir = data_dir
        self._job_workers = job_workers
        self._grace = grace
        self._held = ExitStack()

    def __enter__(self) -> Self:
        executor = new_id("executor")
        with ExitStack() as held:
            lease = lease_for(self._data_dir, executor)
            lease.begin()
            held.callback(lease.end)
            engine.launch(engine.home(self._data_dir), executor=executor, job_workers=self._job_workers)
            held.callback(engine.shut_down, self._grace)
            lease.beat()
            held.enter_context(answering(engine.enqueue))
            held.enter_context(in_touch())
            housekeeper = Housekeeper(
                Chore("lease", BEAT_SECONDS, lease.beat),
                Chore("adopt", RECONCILE_SECONDS, lease.adopt),
                Chore("reconcile", RECONCILE_SECONDS, reconcile),
                Chore("output", OUTPUT_SECONDS, write_open),
                Chore("sweep", SWEEP_SECONDS, engine.sweep),
            )
            housekeeper.start()
            held.callback(housekeeper.stop)
            log.info("worker started", process=os.getpid(), executor=executor)
            self._held = held.pop_all()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._held.close()
