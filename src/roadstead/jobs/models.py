"""Jobs and their steps. These rows are the truth about durable work; the engine only walks them."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from roadstead.core.clock import now
from roadstead.core.ids import id_factory
from roadstead.core.models import Owned
from roadstead.core.problems import Problem
from roadstead.jobs.plan import OnFailure
from roadstead.jobs.states import UNFINISHED, Course, Status


class Job(Owned):
    """One operation on one subject. It belongs to whom the subject belongs to; `actor` asked for it.

    `attempt` grows with each retry; `undo` holds the layers that become steps when the course turns; `total` and `done` count the
    steps of the present course; `undone` says that everything was undone; `error` is the problem it ended with and its step. `walk` is
    who walks it: nobody else's word counts; `parked` says that it gave up its place in the queue, because it waits.
    """

    id = models.CharField(primary_key=True, max_length=32, default=id_factory("j"))
    kind = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=64)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    correlation = models.CharField(max_length=64, blank=True)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.PENDING)
    course = models.CharField(max_length=4, choices=Course.choices, default=Course.DO)
    on_failure = models.CharField(max_length=8, choices=OnFailure.choices, default=OnFailure.KEEP)
    attempt = models.PositiveIntegerField(default=1)
    undo = models.JSONField(default=list)
    undone = models.BooleanField(default=False)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    error = models.JSONField(null=True)
    created = models.DateTimeField(default=now)
    started = models.DateTimeField(null=True)
    finished = models.DateTimeField(null=True)
    cancel_requested = models.DateTimeField(null=True)
    walk = models.CharField(max_length=40, blank=True, default="")
    parked = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id"],
                condition=models.Q(status__in=[*UNFINISHED]),
                name="one_unfinished_job_per_subject",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["subject_type", "subject_id", "created"], name="jobs_of_subject"),
            models.Index(fields=["created"], condition=models.Q(status__in=[*UNFINISHED]), name="jobs_unfinished"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.kind} {self.subject_id}: {self.status}"

    @property
    def unfinished(self) -> bool:
        """Whether work is still to come without anybody asking for it."""
        return self.status in UNFINISHED

    @property
    def problem(self) -> Problem | None:
        """Why it failed."""
        return Problem.from_store(self.error) if self.error else None


class WorkerLease(models.Model):
    """A worker process that is alive: it renews `seen` every second. Where one data folder has one worker, its lock does this instead."""

    executor = models.CharField(primary_key=True, max_length=40)
    process = models.CharField(max_length=100)
    started = models.DateTimeField(db_default=Now())
    seen = models.DateTimeField(db_default=Now(), db_index=True)

    def __str__(self) -> str:
        return f"{self.executor} {self.process}"


class Step(models.Model):
    """One step of a job, stored before the first one runs. `position` numbers all steps of the job, `layer` orders them.

    `tries` counts calls within an attempt; `deadline` is when the time of the present try is up; `resumes` is set while the step
    waits between two calls. `output` is the tail of what it logged.
    """

    id = models.CharField(primary_key=True, max_length=32, default=id_factory("t"))
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="steps")
    course = models.CharField(max_length=4, choices=Course.choices, default=Course.DO)
    layer = models.PositiveIntegerField()
    position = models.PositiveIntegerField()
    op = models.CharField(max_length=60)
    target = models.CharField(max_length=200, blank=True)
    params = models.JSONField(default=dict)
    may_fail = models.BooleanField(default=False)
    timeout = models.FloatField()
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.PENDING)
    attempt = models.PositiveIntegerField(default=1)
    tries = models.PositiveIntegerField(default=0)
    output = models.TextField(blank=True)
    error = models.JSONField(null=True)
    started = models.DateTimeField(null=True)
    finished = models.DateTimeField(null=True)
    deadline = models.DateTimeField(null=True)
    resumes = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["layer", "position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["job", "position"], name="one_step_per_position")]

    def __str__(self) -> str:
        return f"{self.job_id}/{self.position} {self.op}: {self.status}"

    @property
    def token(self) -> str:
        """What the step names its creations by: the same in every run of it, at most 40 characters, a valid DNS label."""
        return f"{self.job_id}-{self.position}"

    @property
    def problem(self) -> Problem | None:
        """Why it failed."""
        return Problem.from_store(self.error) if self.error else None

    def end(self, status: Status, *, error: dict[str, Any] | None = None) -> None:
        """Set what a step ends with; the caller saves."""
        self.status, self.error, self.finished = status, error, now()
        self.deadline = self.resumes = None


def to_come(job: Job | str) -> models.QuerySet[Step]:
    """Return the steps that are to come and those whose failure stops the job, in order."""
    return Step.objects.filter(models.Q(status__in=UNFINISHED) | models.Q(status=Status.FAILED, may_fail=False), job=job)
