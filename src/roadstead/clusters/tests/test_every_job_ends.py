"""Whatever is asked for, fails, is cancelled or dies: an instance is never in a state without an exit, and every failure says enough.

A machine presses every button in every order on one instance, with a place whose calls fail and heal, and a worker that runs a step
twice. At the end it puts everything right and finds that the instance can be removed.
"""

from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from roadstead.accounts.factories import person
from roadstead.blobs import services as blobs
from roadstead.catalog.factories import version
from roadstead.catalog.track import Status as VersionStatus
from roadstead.clusters import services
from roadstead.clusters.factories import environment
from roadstead.clusters.models import Cluster
from roadstead.clusters.operations import Operation, operations_open_to
from roadstead.clusters.selectors import job_verbs
from roadstead.clusters.states import Status
from roadstead.clusters.tests.fakes import TAKEN, FakeProvider, at, chart
from roadstead.clusters.tests.walking import newest, walk
from roadstead.core.errors import DomainError, Invalid
from roadstead.jobs.course import advance
from roadstead.jobs.models import Job, Step
from roadstead.jobs.selectors import timeline
from roadstead.jobs.steps import run_step
from roadstead.runtimes.sdk import Refused, Unreachable

pytestmark = pytest.mark.django_db
CALLS = (
    "check_release",
    "ensure_namespace",
    "install",
    "await_ready",
    "workloads",
    "upgrade",
    "roll_back",
    "settle",
    "scale",
    "await_stopped",
    "uninstall",
    "await_gone",
)
OPERATIONS = [operation for operation in Operation if operation is not Operation.CREATE]
VERBS: dict[str, Callable[..., Cluster]] = {"cancel": services.cancel, "retry": services.retry, "give-up": services.give_up}
UNFINISHED = ("pending", "working")


class Instance(RuleBasedStateMachine):
    """One instance and all that can happen to it."""

    place: ClassVar[FakeProvider]

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.place.__init__()  # type: ignore[misc]  # the same object, as new
        self.values = 0
        listed = version(VersionStatus.ACTIVE, package=blobs.put(chart()))
        self.newer = version(VersionStatus.ACTIVE, of=listed.app, name="9.0.0", package=blobs.put(chart("replicas: 2\n")))
        owner = person("user")
        wish: Any = {"environment_id": environment(owner).pk, "name": "blog", "values": "replicas: 1\n", "on_failure": "keep"}
        self.mine = services.create(actor=owner, version_id=listed.pk, **wish)

    def teardown(self) -> None:
        """Put the place right, and go to the end of the road."""
        try:
            self.place.fails.clear()
            for _way in range(6):
                self.finish()
                if self.mine.status == Status.CEASED:
                    break
                self.take_an_exit()
            assert self.mine.status == Status.CEASED
            assert (self.place.releases, self.place.history) == ({}, {})
        finally:
            transaction.set_rollback(True)
            self.undone.__exit__(None, None, None)

    def take_an_exit(self) -> None:
        removal = next((one for one in (Operation.DELETE, Operation.CEASE) if one in self.open), None)
        if removal:
            self.ask(removal)
        else:
            VERBS[self.verbs[-1]](actor=self.mine.owner, cluster_id=self.mine.pk, job_id=self.job.pk)

    @property
    def job(self) -> Job:
        return newest(self.mine)

    @property
    def open(self) -> list[Operation]:
        self.mine.refresh_from_db()
        return operations_open_to(self.mine.owner, self.mine)

    @property
    def verbs(self) -> tuple[str, ...]:
        self.mine.refresh_from_db()
        return job_verbs(self.mine.owner, self.mine, self.job)

    def ask(self, operation: Operation) -> None:
        who: dict[str, Any] = {"actor": self.mine.owner, "cluster_id": self.mine.pk}
        self.values += 1
        values = f"replicas: {self.values}\n"
        match operation:
            case Operation.UPGRADE:
                services.upgrade(version_id=self.newer.pk, values=values, **who)
            case Operation.UPDATE:
                services.update(values=values, **who)
            case Operation.ROLL_BACK:
                services.roll_back(revision=1, **who)
            case _:
                getattr(services, operation.value)(**who)

    def finish(self) -> None:
        walk(self.mine)

    @rule(operation=st.sampled_from(OPERATIONS))
    def somebody_asks(self, operation: Operation) -> None:
        """What is offered is accepted, or refused for its wish; what isn't is refused, and changes nothing."""
        offered, before, jobs = operation in self.open, Cluster.objects.values().get(), Job.objects.count()
        try:
            self.ask(operation)
        except DomainError as refused:
            wished_wrong = isinstance(refused, Invalid)
            assert offered == wished_wrong or not offered
            assert (Cluster.objects.values().get(), Job.objects.count()) == (before, jobs)
        else:
            assert offered
            assert Job.objects.count() == jobs + 1

    @rule(verb=st.sampled_from(sorted(VERBS)))
    def somebody_drives_the_job(self, verb: str) -> None:
        """The same for what can be done to a job."""
        offered, before = verb in self.verbs, (Cluster.objects.values().get(), Job.objects.values().get(pk=self.job.pk))
        try:
            VERBS[verb](actor=self.mine.owner, cluster_id=self.mine.pk, job_id=self.job.pk)
        except DomainError:
            assert not offered
            assert (Cluster.objects.values().get(), Job.objects.values().get(pk=self.job.pk)) == before
        else:
            assert offered

    @rule(layers=st.integers(1, 3))
    def the_worker_works(self, layers: int) -> None:
        walk(self.mine, layers=layers)

    @precondition(lambda self: self.job.status in UNFINISHED)
    @rule()
    def the_worker_dies_after_a_step(self) -> None:
        """Its effect is there, the row doesn't know it, and another worker runs it again."""
        job = self.job
        for call in advance(job.pk, job.attempt):
            before = Step.objects.filter(pk=call["step"]).values().get()
            run_step(call["step"], call["attempt"])
            Step.objects.filter(pk=call["step"]).update(**{**before, "status": "working"})

    @rule(call=st.sampled_from(CALLS), for_good=st.booleans())
    def a_call_begins_to_fail(self, call: str, for_good: bool) -> None:
        self.place.fails[call] = Refused(TAKEN()) if for_good else Unreachable(TAKEN())

    @rule()
    def the_place_heals(self) -> None:
        self.place.fails.clear()

    @invariant()
    def there_is_always_an_exit(self) -> None:
        """While a job runs, it goes on; at rest there is something to press, unless nothing is left."""
        self.mine.refresh_from_db()
        running = Job.objects.filter(subject_id=self.mine.pk, status__in=UNFINISHED)
        assert running.count() == bool(self.mine.transition)
        if not self.mine.transition and self.mine.status != Status.CEASED:
            assert self.open or self.verbs

    @invariant()
    def every_failure_says_enough(self) -> None:
        """Step, cause, and what to do next."""
        for job in Job.objects.filter(status="failed"):
            failed = [line for line in timeline(job).steps if line.state.value == "failed"]
            assert failed
            assert all(line.title and line.problem and line.problem.message for line in failed)
            assert job.problem
            assert job.finished
        if self.job.status == "failed" and self.mine.status != Status.CEASED:
            assert self.mine.problem == self.job.problem
            assert self.verbs or self.open

    @invariant()
    def what_is_gone_is_gone(self) -> None:
        if self.mine.status in {Status.DELETED, Status.CEASED} and not self.mine.transition:
            assert self.place.releases == {}
        if self.mine.status == Status.CEASED:
            assert self.place.history == {}


def machine(monkeypatch: pytest.MonkeyPatch, examples: int) -> None:
    Instance.place = at(monkeypatch, FakeProvider())
    wish = settings(max_examples=examples, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Instance, settings=wish)


def test_no_state_is_without_an_exit(monkeypatch: pytest.MonkeyPatch) -> None:
    machine(monkeypatch, 15)


@pytest.mark.long
def test_no_state_is_without_an_exit_however_long_it_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    machine(monkeypatch, 300)
