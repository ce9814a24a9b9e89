"""What the steps of a job do. Each can run twice: a release is known by its instance's id, and what is there already, or gone, is done."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from roadstead.blobs import services as blobs
from roadstead.clusters.failing import failing_as_steps
from roadstead.clusters.history import change_by_id, note_before
from roadstead.clusters.live import keep, keep_left, known_objects
from roadstead.clusters.plans import MARGIN, Op
from roadstead.clusters.selectors import cluster_by_id
from roadstead.core.problems import Problem
from roadstead.jobs import StepRun
from roadstead.packaging import services as packaging
from roadstead.runtimes import services as runtimes
from roadstead.runtimes.sdk import Release, ReleaseProvider, Target, TimedOut

if TYPE_CHECKING:
    from roadstead.clusters.models import Cluster

# Waiting is cut into slices, so that a worker's thread is free between them and a restart loses nothing.
SLICE, PAUSE = 8.0, 3.0


@dataclass(frozen=True)
class _Work:
    """What every step works on: the instance, its provider, the place, and the release without its chart."""

    run: StepRun
    cluster: "Cluster"
    provider: ReleaseProvider
    target: Target

    @property
    def release(self) -> Release:
        return Release(name=self.cluster.name, token=self.cluster.pk, values=self.cluster.values)

    @property
    def seconds(self) -> float:
        """What is left of the step's time but for the margin in which it can say why it failed."""
        return max(self.run.remaining() - MARGIN, 1)

    def with_chart(self) -> Release:
        """Return the release with its chart, read by digest: other bytes than the reviewed ones never leave the store."""
        return replace(self.release, chart=_chart(self.cluster.digest))

    def changed(self) -> Release:
        """Return the release as the job's change wants it."""
        change = change_by_id(self.run.params["change"])
        return replace(self.release, chart=_chart(change.digest), values=change.values, change=change.pk)


def _chart(digest: str) -> bytes:
    return packaging.open_chart(blobs.read(digest)).chart_archive()


@contextmanager
def _work(run: StepRun) -> Iterator[_Work]:
    """Give a step what it works on, and turn what the provider or the file store says into the step's failure."""
    cluster = cluster_by_id(run.subject)
    with failing_as_steps(run, cluster.digest):
        provider, target = runtimes.target_of(cluster.environment_id)
        yield _Work(run, cluster, provider, target)


def check(run: StepRun) -> None:
    """Ask the environment whether this release could be made there."""
    with _work(run) as work:
        work.provider.check_release(work.target, work.with_chart())


def namespace(run: StepRun) -> None:
    """Make sure that the namespace is there."""
    with _work(run) as work:
        work.provider.ensure_namespace(work.target)


def install(run: StepRun) -> None:
    """Install the release, or find it installed by an earlier run of this step."""
    with _work(run) as work:
        work.provider.install(work.target, work.with_chart(), log=run.log, seconds=work.seconds)


def await_ready(run: StepRun) -> None:
    """Wait until everything that should run does."""
    with _work(run) as work:
        _wait(work, work.provider.await_ready)


def read(run: StepRun) -> None:
    """Keep what runs now, so that the instance's page has it at once."""
    with _work(run) as work:
        keep(work.cluster, work.provider.workloads(work.target, work.release))


def settle(run: StepRun) -> None:
    """Make sure that the release can be changed, and note once which revision stands, for the way back."""
    with _work(run) as work:
        work.provider.check_release(work.target, work.release)
        standing = work.provider.settle(work.target, work.release, log=run.log)
        note_before(run.params["change"], standing)


def upgrade(run: StepRun) -> None:
    """Make the release what the change says, or find that an earlier run of this step did."""
    with _work(run) as work:
        work.provider.upgrade(work.target, work.changed(), log=run.log, seconds=work.seconds)


def roll_back(run: StepRun) -> None:
    """Go back to the revision that the change names."""
    with _work(run) as work:
        _go_back(work, change_by_id(run.params["change"]).revision)


def restore(run: StepRun) -> None:
    """Go back to the revision that stood before; where none was noted, nothing was done."""
    with _work(run) as work:
        _go_back(work, change_by_id(run.params["change"]).before)


def stop(run: StepRun) -> None:
    """Leave no pod of the workloads."""
    with _work(run) as work:
        work.provider.scale(work.target, work.release, running=False, log=run.log)


def stopped(run: StepRun) -> None:
    """Wait until the pods are gone."""
    with _work(run) as work:
        _wait(work, work.provider.await_stopped)


def start(run: StepRun) -> None:
    """Let the workloads run as they did."""
    with _work(run) as work:
        work.provider.scale(work.target, work.release, running=True, log=run.log)


def uninstall(run: StepRun) -> None:
    """Remove what the release made; its history stays."""
    _remove(run, keep_history=True)


def purge(run: StepRun) -> None:
    """Remove what the release made, and its history."""
    _remove(run, keep_history=False)


def gone(run: StepRun) -> None:
    """Wait until nothing is left but what stays on purpose, and note that."""
    with _work(run) as work:
        _wait(work, work.provider.await_gone)
        keep_left(work.cluster, work.provider.leftovers(work.target, work.release, seen=known_objects(work.cluster)))


def _go_back(work: _Work, revision: int | None) -> None:
    if revision is not None:
        work.provider.roll_back(work.target, work.release, revision=revision, log=work.run.log, seconds=work.seconds)


def _remove(run: StepRun, *, keep_history: bool) -> None:
    with _work(run) as work:
        work.provider.uninstall(work.target, work.release, keep_history=keep_history, log=run.log, seconds=work.seconds)


def _wait(work: _Work, until: Callable[..., None]) -> None:
    """Wait for a slice of the step's time, then leave to be called again; the last slice fails with what is waited for."""
    run, seconds = work.run, min(SLICE, work.seconds)
    try:
        until(work.target, work.release, log=run.log, seconds=seconds, cancelled=lambda: run.cancelled)
    except TimedOut as error:
        if run.remaining() <= SLICE + MARGIN:
            raise TimedOut(_over(error.problem, run.timeout - MARGIN)) from error
        run.wait(PAUSE)


def _over(problem: Problem, seconds: float) -> Problem:
    """Return a problem about a slice as one about the whole time that was waited."""
    return replace(problem, params={**problem.params, "seconds": round(seconds)})


STEPS: dict[Op, Callable[[StepRun], None]] = {
    Op.CHECK: check,
    Op.NAMESPACE: namespace,
    Op.INSTALL: install,
    Op.AWAIT: await_ready,
    Op.READ: read,
    Op.UNINSTALL: uninstall,
    Op.PURGE: purge,
    Op.GONE: gone,
    Op.SETTLE: settle,
    Op.UPGRADE: upgrade,
    Op.ROLL_BACK: roll_back,
    Op.RESTORE: restore,
    Op.STOP: stop,
    Op.STOPPED: stopped,
    Op.START: start,
}
