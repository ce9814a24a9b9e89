"""A job's story for whoever must tell it when its own rows are gone: JSON without words, said again in the reader's language."""

from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime

from roadstead.jobs.models import Job, Step
from roadstead.jobs.output import tail
from roadstead.jobs.timeline import Timeline, timeline_of

_OF_JOB = ("id", "kind", "status", "course", "total", "done", "error")
_OF_STEP = ("op", "target", "course", "layer", "position", "status", "output", "error")
_TIMES = ("started", "finished")
# The timeline shows the last lines of each step; more of them would only fill the database.
_OUTPUT_BYTES = 8 * 1024

Kept = dict[str, Any]


def keep(job: Job) -> Kept:
    """Return all that a job's timeline shows, as JSON."""
    steps = [{**_row(step, _OF_STEP), "output": tail(step.output, _OUTPUT_BYTES)} for step in job.steps.all()]
    return {**_row(job, _OF_JOB), "steps": steps}


def kept_timeline(kept: Kept) -> Timeline:
    """Return the timeline of what `keep` wrote."""
    job = Job(**_fields(kept, _OF_JOB))
    return timeline_of(job, [Step(job=job, **_fields(row, _OF_STEP)) for row in kept["steps"]])


def _row(row: Job | Step, names: tuple[str, ...]) -> Kept:
    times = {name: getattr(row, name) for name in _TIMES}
    return {name: getattr(row, name) for name in names} | {name: at.isoformat() if at else None for name, at in times.items()}


def _fields(kept: Kept, names: tuple[str, ...]) -> Kept:
    return {name: kept[name] for name in names} | {name: _moment(kept[name]) for name in _TIMES}


def _moment(text: str | None) -> datetime | None:
    return parse_datetime(text) if text else None
