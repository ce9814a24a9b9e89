"""Bells: a job that was committed rings the worker, a job that changed rings the streams that watch it, in whatever process they are.

Steps that wait and the polls of agents are rung by their ids in the same way.

A ring may be lost with the process: the reconciler finds unheard jobs, and streams look again at every heartbeat.
"""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from django.db import transaction

from roadstead.jobs.wire import Listener, tell

Enqueue = Callable[[str, int], None]
_lock = threading.Lock()
_workers: list[Enqueue] = []
_listeners: list[Listener] = []
_WORK, _CHANGED = "work", "changed"
_watchers: defaultdict[str, list[Callable[[], object]]] = defaultdict(list)


@contextmanager
def answering(worker: Enqueue) -> Iterator[None]:
    """Call `worker(job_id, attempt)` for every job that is submitted in this process meanwhile."""
    _workers.append(worker)
    try:
        yield
    finally:
        _workers.remove(worker)


@contextmanager
def in_touch() -> Iterator[None]:
    """Hear what is rung in other processes meanwhile."""
    listener = Listener(_heard, _missed)
    _listeners.append(listener)
    listener.start()
    try:
        yield
    finally:
        listener.stop()
        _listeners.remove(listener)


def answered() -> bool:
    """Whether new jobs are heard of: by a worker in this process, or by those to whom it is told."""
    return bool(_workers) or any(listener.hearing for listener in _listeners)


@contextmanager
def watching(job_id: str, watcher: Callable[[], object]) -> Iterator[None]:
    """Call `watcher`, from any thread, whenever this job changes meanwhile, or whatever else the id names."""
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
    transaction.on_commit(partial(_call_worker, job_id, attempt), robust=True)


def ring_watchers(job_id: str) -> None:
    """Say, once the transaction is committed, that this job looks different."""
    # Part of the transaction: the others hear it when that is committed, and it costs no commit of its own.
    tell(_CHANGED, job_id)
    transaction.on_commit(partial(_ring, job_id), robust=True)


def _call_worker(job_id: str, attempt: int) -> None:
    """Wake the worker of this process; where there is none, those of others: the first to enqueue the attempt is the one."""
    for worker in _workers:
        worker(job_id, attempt)
    if not _workers:
        tell(_WORK, job_id, str(attempt))


def _heard(what: str, job_id: str, attempt: str = "1") -> None:
    if what == _CHANGED:
        _ring(job_id)
    elif what == _WORK:
        for worker in _workers:
            worker(job_id, int(attempt))


def _missed() -> None:
    """Have everybody look for themselves: while nobody listened, anything may have been said."""
    with _lock:
        watched = [*_watchers]
    for job_id in watched:
        _ring(job_id)


def _ring(job_id: str) -> None:
    with _lock:
        watchers = list(_watchers.get(job_id, ()))
    for watcher in watchers:
        watcher()
