"""Jobs for tests, and a walk without an engine: what the engine does, in one thread and without pauses."""

from collections.abc import Callable, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import models

from roadstead.accounts import factories as people
from roadstead.jobs import registry
from roadstead.jobs.course import advance
from roadstead.jobs.plan import OnFailure, Plan, StepSpec
from roadstead.jobs.run import StepRun
from roadstead.jobs.services import submit
from roadstead.jobs.steps import run_step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from roadstead.accounts.models import User
    from roadstead.jobs.models import Job

KIND = "test.kind"


@contextmanager
def ops(functions: Mapping[str, Callable[[StepRun], None]], ended: "Callable[[Job], None] | None" = None) -> "Iterator[None]":
    """Know these operations, and the kind of `job`, meanwhile."""
    for op, function in functions.items():
        registry.register_op(op, function, op)
    registry.register_kind(KIND, "Test", ended or (lambda _job: None))
    try:
        yield
    finally:
        for op in functions:
            del registry._OPS[op]  # noqa: SLF001  # only tests forget what was registered
        del registry._KINDS[KIND]  # noqa: SLF001  # as above


def plan(layers: str, undo: str = "", *, may_fail: str = "") -> Plan:
    """Return a plan from words: `"a b|c"` is a layer of `a` and `b`, then one of `c`; each names its operation."""

    def read(text: str) -> list[list[StepSpec]]:
        return [[StepSpec(op, target=op, may_fail=op in may_fail) for op in layer.split()] for layer in text.split("|") if layer]

    return Plan(read(layers), read(undo))


def job(
    layers: str | Plan,
    undo: str = "",
    *,
    actor: "User | None" = None,
    subject: models.Model | None = None,
    on_failure: OnFailure = OnFailure.KEEP,
) -> "Job":
    """Submit a job; without a subject on a new one of its own."""
    return submit(
        actor=actor or people.person("global_admin"),
        kind=KIND,
        subject=subject or people.group(),
        plan=layers if isinstance(layers, Plan) else plan(layers, undo),
        on_failure=on_failure,
    )


def walk(job: "Job", layers: int = 1000) -> "Job":
    """Walk a job through so many layers, or to its end."""
    for _ in range(layers):
        calls = advance(job.pk, job.attempt)
        for call in calls:
            while run_step(call["step"], call["attempt"]):
                pass
        if not calls:
            break
    job.refresh_from_db()
    return job
