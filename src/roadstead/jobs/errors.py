"""Refusals of jobs, and the problems with which the platform itself ends a step."""

from django.utils.translation import gettext_lazy as _

from roadstead.core.errors import Missing, WrongState
from roadstead.core.problems import problem_kind


class JobMissing(Missing):
    """No such job, or not for this person."""

    code = "job_not_found"


class SubjectBusy(WrongState):
    """One unfinished job a subject."""

    code = "subject_busy"
    words = _("Another operation is still running here. Wait until it ends, or cancel it.")


class JobMovedOn(WrongState):
    """The job is not where this verb applies: it has ended, or is being undone already."""

    code = "job_moved_on"
    words = _("The operation has moved on, so this is no longer possible. Reload the page to see where it is.")


class JobSuperseded(WrongState):
    """A later job worked on the same subject; going back to this one would undo that."""

    code = "job_superseded"
    words = _("A later operation has run here since. Start a new one instead of this.")


class FolderInUse(WrongState):
    """Another process runs the jobs of this data folder."""

    code = "folder_in_use"
    words = _("Another Roadstead (process %(process)s) is using %(folder)s. Stop it first, or choose another data folder.")


STEP_CRASHED = problem_kind(
    "step_crashed", _("Something unexpected stopped this step (%(error)s). The server's log says more under %(step)s.")
)
STEP_UNREACHABLE = problem_kind("step_unreachable", _("The other side can't be reached (%(error)s). Check the connection, then retry."))
STEP_TIMED_OUT = problem_kind("step_timed_out", _("This step took longer than its limit of %(seconds)s seconds. Retry it, or clean up."))
STEP_UNKNOWN = problem_kind("step_unknown", _("This version of Roadstead doesn't know the step “%(op)s”."))
JOB_LOST = problem_kind("job_lost", _("The engine gave up on this operation (%(state)s). Retry it; the server's log says more."))
