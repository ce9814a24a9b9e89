"""A cloud for chaos: what is there follows from a ledger of its own, to which each act that changed something adds one line.

Acts are atomic and found again by their token, as a provider's are.
How often one was asked for doesn't matter; how often the cloud obeyed does.
"""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from roadstead import jobs
from roadstead.core.problems import Problem

FOLDER = Path(settings.OPTIONS.data_dir)
ACTS, CALLS = FOLDER / "cloud", FOLDER / "ledger"
REFUSED, TAKEN, NO_ANSWER = Problem("cloud_refused"), Problem("cloud_taken"), Problem("cloud_no_answer")


@contextmanager
def _held() -> Iterator[None]:
    with (FOLDER / "cloud.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _acts(name: str) -> list[list[str]]:
    """Return what was done to one thing: act, name, token."""
    lines = ACTS.read_text().splitlines() if ACTS.exists() else []
    return [words for line in lines if (words := line.split())[1] == name]


def _write(act: str, run: jobs.StepRun) -> None:
    with ACTS.open("a") as ledger:
        ledger.write(f"{act} {run.target} {run.token}\n")


def _call(run: jobs.StepRun) -> int:
    """Note a call and return how many of this step there were before."""
    line = f"called {run.target} {run.token}\n"
    before = CALLS.read_text().count(line)
    with CALLS.open("a") as ledger:
        ledger.write(line)
    return before


@contextmanager
def _asked(run: jobs.StepRun) -> Iterator[None]:
    """Take time before and after; the answer to the first call may be lost before or after the act."""
    first = _call(run) == 0
    fault = run.params.get("fault") if first else ""
    time.sleep(run.params.get("seconds", 0) / 2)
    if fault == "before":
        raise jobs.StepFailed(NO_ANSWER, permanent=False)
    with _held():
        yield
    with CALLS.open("a") as ledger:
        ledger.write(f"obeyed {run.target} {run.token}\n")
    time.sleep(run.params.get("seconds", 0) / 2)
    if fault == "after":
        raise jobs.StepFailed(NO_ANSWER, permanent=False)


def create(run: jobs.StepRun) -> None:
    """Make a thing, unless this very step made it."""
    with _asked(run):
        done = _acts(run.target)
        if not done or done[-1][0] == "destroyed":
            _write("created", run)
        elif not any(act == "created" and token == run.token for act, _name, token in done):
            raise jobs.StepFailed(TAKEN, permanent=True)


def alter(run: jobs.StepRun) -> None:
    """Change a thing that is there, unless this very step did."""
    with _asked(run):
        if not any(token == run.token for _act, _name, token in _acts(run.target)):
            _write("altered", run)


def destroy(run: jobs.StepRun) -> None:
    """Take a thing away if it is there."""
    with _asked(run):
        done = _acts(run.target)
        if done and done[-1][0] != "destroyed":
            _write("destroyed", run)


def ready(run: jobs.StepRun) -> None:
    """Be ready at the third look."""
    if _call(run) < 2:
        run.wait(0.1)


def refuse(run: jobs.StepRun) -> None:
    """Fail for good until somebody mended what is wrong."""
    _call(run)
    if not (FOLDER / f"mended-{run.target}").exists():
        raise jobs.StepFailed(REFUSED, permanent=True)


def register() -> None:
    """Make the acts known to the engine."""
    for op in (create, alter, destroy, ready, refuse):
        jobs.register_op(f"cloud.{op.__name__}", op, op.__name__)
