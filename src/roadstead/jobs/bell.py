"""Bells within one process: a job that was committed rings the worker, a job that changed rings the streams that watch it.

A ring may be lost with the process: the reconciler finds unheard jobs, and streams look again at every heartbeat.
"""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from django.db import transaction

Enqueue = Callable[[str, int], None]
_lock = threading.Lock()
_workers: list[Enqueue] = []
_watchers: defaultdict[str, list[Callable[[], object]]] = defaultdict(list)


@contextmanager
def answering(worker: Enqueue) -> Iterator[None]:
    """Call `worker(job_id, attempt)` for every job that is submitted in this process meanwhile."""
    _workers.append(worker)
    try:
        yield
    finally:
        _workers.remove(worker)


def answered() -> bool:
    """Whether a worker in this process hears of new jobs."""
    return bool(_workers)


@contextmanager
def watching(job_id: str, watcher: Callable[[], object]) -> Iterator[None]:
    """Call `watcher`, from any thread, whenever this job changes meanwhile."""
    with _lock:
        _watchers[job_id].append(watcher)
    try:
        yield
    finally:
        with _lock:
            _watchers[job_id].remove(watcher)
            if not _watchers[job_id]:
                del _watchers[job_id]


def ring_worker(job_id: str, attempt: int) -> None:
    """Say, once the transaction is committed, that this attempt waits to be run."""
    for worker in _workers:
        transaction.on_commit(partial(worker, job_id, attempt), robust=True)


def ring_watchers(job_id: str) -> None:
    """Say, once the transaction is committed, that this job looks different."""
    transaction.on_commit(partial(_ring, job_id), robust=True)


def _ring(job_id: str) -> None:
    with _lock:
        watchers = list(_watchers.get(job_id, ()))
    for watcher in watchers:
        watcher()
