"""Whatever fails, and whenever somebody cancels: every job ends, says why, and leaves no step open."""

from collections.abc import Callable
from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from roadstead.accounts import factories as people
from roadstead.core.problems import Problem
from roadstead.jobs import factories
from roadstead.jobs.errors import JobMovedOn
from roadstead.jobs.models import Job
from roadstead.jobs.plan import OnFailure, Plan, StepSpec
from roadstead.jobs.run import StepFailed, StepRun
from roadstead.jobs.services import cancel, give_up, retry
from roadstead.jobs.states import Status

Verb = Callable[..., Job]
SPECS = st.builds(StepSpec, st.just("op"), target=st.sampled_from(["good", "bad", "flaky", "waits"]), may_fail=st.booleans())
LAYERS = st.lists(st.lists(SPECS, min_size=1, max_size=3), max_size=4)
PLANS = st.builds(Plan, LAYERS, LAYERS)
VERBS = st.lists(st.tuples(st.integers(0, 3), st.sampled_from([cancel, retry, give_up])), max_size=4)


class Convergence(TestCase):
    def setUp(self) -> None:
        self.actor = people.person("global_admin")
        self.calls = 0

    @settings(max_examples=40, deadline=None)
    @given(PLANS, st.sampled_from(OnFailure), VERBS)
    def test_every_job_ends(self, plan: Plan, on_failure: OnFailure, verbs: list[tuple[int, Verb]]) -> None:
        with factories.ops({"op": self.op}):
            job = factories.job(plan, actor=self.actor, on_failure=on_failure)
            for layers, verb in verbs:
                factories.walk(job, layers)
                with suppress(JobMovedOn):
                    verb(actor=self.actor, job_id=job.pk)
                job.refresh_from_db()
            self.check_ended(factories.walk(job))

    def op(self, run: StepRun) -> None:
        self.calls += 1
        if run.target == "bad" or (run.target == "flaky" and self.calls % 2):
            raise StepFailed(Problem("broken"), permanent=run.target == "bad")
        if run.target == "waits" and self.calls % 3:
            run.wait(1)

    def check_ended(self, job: Job) -> None:
        assert job.status in {Status.SUCCESSFUL, Status.FAILED, Status.CANCELLED}
        assert job.finished
        assert not job.steps.filter(status__in=[Status.PENDING, Status.WORKING]).exists()
        assert all(step.error for step in job.steps.filter(status=Status.FAILED))
        assert (job.status == Status.FAILED) == bool(job.error) or job.status == Status.CANCELLED
        if job.status == Status.SUCCESSFUL:
            assert job.done == job.total
