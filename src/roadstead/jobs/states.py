"""The states of jobs and steps, and how each is said."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from roadstead.core.states import State


class Status(TextChoices):
    """Of a job or a step; a job is never skipped."""

    PENDING = "pending"
    WORKING = "working"
    SUCCESSFUL = "successful"
    FAILED = "failed"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"


class Course(TextChoices):
    """Which way a job is going."""

    DO = "do"
    UNDO = "undo"


UNFINISHED = (Status.PENDING, Status.WORKING)

STATES = {
    state.value: state
    for state in (
        State(Status.PENDING, pgettext_lazy("job", "Queued"), "hourglass", "wait"),
        State(Status.WORKING, pgettext_lazy("job", "Running"), "loader-2", "work"),
        State(Status.SUCCESSFUL, pgettext_lazy("job", "Done"), "check", "ok"),
        State(Status.FAILED, pgettext_lazy("job", "Failed"), "x", "bad"),
        State(Status.SKIPPED, pgettext_lazy("job", "Skipped"), "arrow-forward-up", "off"),
        State(Status.CANCELLED, pgettext_lazy("job", "Cancelled"), "ban", "off"),
    )
}
