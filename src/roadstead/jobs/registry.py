"""The operations that steps name and the kinds that jobs name; packages register theirs when Django's apps are ready."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from roadstead.core.problems import Words

if TYPE_CHECKING:
    from collections.abc import Callable

    from roadstead.jobs.models import Job
    from roadstead.jobs.run import StepRun

    StepFunction = Callable[["StepRun"], None]
    JobEnded = Callable[["Job"], None]


@dataclass(frozen=True)
class Op:
    """What a step does. The function may run twice: it finds what it made before (by `StepRun.token`) instead of making it again."""

    function: "StepFunction"
    title: Words


@dataclass(frozen=True)
class Kind:
    """What a job is. `ended` runs in the transaction that ends the job, with its status set: database work only."""

    title: Words
    ended: "JobEnded"


def _nothing(_job: "Job") -> None:
    """Leave it at the job's own status."""


_OPS: dict[str, Op] = {}
_KINDS: dict[str, Kind] = {}


def register_op(op: str, function: "StepFunction", title: Words) -> None:
    """Make an operation known under the name that plans store; `title` is what the timeline says."""
    _OPS[op] = Op(function, title)


def register_kind(kind: str, title: Words, ended: "JobEnded" = _nothing) -> None:
    """Make a kind of job known."""
    _KINDS[kind] = Kind(title, ended)


def op_named(op: str) -> Op | None:
    """Return an operation; None for one that an earlier or later version knew."""
    return _OPS.get(op)


def kind_named(kind: str) -> Kind | None:
    """Return a kind of job; None for one that an earlier or later version knew."""
    return _KINDS.get(kind)
