"""What a step's function gets, and what it may raise."""

import time

from roadstead.core.clock import now
from roadstead.core.problems import Problem
from roadstead.jobs.errors import STEP_TIMED_OUT
from roadstead.jobs.models import Job, Step
from roadstead.jobs.output import Output
from roadstead.jobs.states import Course

_LOOK_AGAIN = 1.0


class StepFailed(Exception):  # it says what happened; part of the door's vocabulary
    """The step could not do its work. What is not `permanent` is tried again: up to five times, 2 to 60 seconds apart."""

    def __init__(self, problem: Problem, *, permanent: bool = True) -> None:
        super().__init__(problem.code)
        self.problem = problem
        self.permanent = permanent


class StepWaits(Exception):
    """Not finished yet: call the function again in so many seconds. No thread waits meanwhile, and a restart doesn't lose it."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class StepCancelled(Exception):
    """The function noticed that its job was cancelled and stopped."""


class StepRun:
    """One call of a step's function.

    `token` is the same in every call of the step: name by it what you create, and look for that name before you create it.
    `attempt` counts how often the job was begun: what must happen anew when somebody retries is named by both. `tries` counts how
    often the step failed in passing since.
    `subject` is the id of what the job works on, `actor_id` who asked for the job.
    """

    def __init__(self, job: Job, step: Step, output: Output) -> None:
        self.job_id = job.pk
        self.step_id = step.pk
        self.token = step.token
        self.attempt = step.attempt
        self.tries = step.tries
        self.subject = job.subject_id
        self.target = step.target
        self.params = step.params
        self.actor_id: str = job.actor_id
        self.timeout = step.timeout
        self._output = output
        self._cancellable = step.course == Course.DO
        self._deadline = time.monotonic() + (step.deadline - now()).total_seconds() if step.deadline else float("inf")
        self._cancelled = False
        self._looked = float("-inf")

    def log(self, line: str) -> None:
        """Add a line to the step's output, which people see within a second; never a secret."""
        self._output.add(line)

    @property
    def cancelled(self) -> bool:
        """Whether somebody cancelled the job; asks the database at most once a second. Undoing cannot be cancelled."""
        if self._cancellable and not self._cancelled and time.monotonic() - self._looked >= _LOOK_AGAIN:
            self._looked = time.monotonic()
            self._cancelled = Job.objects.filter(pk=self.job_id, cancel_requested__isnull=False).exists()
        return self._cancelled

    def remaining(self) -> float:
        """Return the seconds left of the step's time, at least 0; give them to whatever can block."""
        return max(0.0, self._deadline - time.monotonic())

    def check(self) -> None:
        """Raise if the job was cancelled or the step's time is up; long functions call this between their acts."""
        if self.cancelled:
            raise StepCancelled
        if self.remaining() == 0:
            raise StepFailed(STEP_TIMED_OUT(seconds=round(self.timeout)))

    def wait(self, seconds: float) -> None:
        """Leave this call and be called again in `seconds`, unless the job was cancelled or the time is up."""
        self.check()
        raise StepWaits(min(seconds, self.remaining()))
