"""Durable work: a plan of steps is stored, walked to its end and survives the death of the process that runs it.

The door is this package: `from roadstead import jobs; jobs.submit(...)`. Names are loaded when first used, because models must not
load before Django's apps are.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from roadstead.jobs.forgetting import forget_jobs, forget_outputs
    from roadstead.jobs.housekeeping import schedule
    from roadstead.jobs.plan import OnFailure, Plan, StepSpec
    from roadstead.jobs.registry import register_kind, register_op
    from roadstead.jobs.run import StepCancelled, StepFailed, StepRun, StepWaits
    from roadstead.jobs.services import cancel, give_up, retry, submit
    from roadstead.jobs.worker import Worker

__all__ = [
    "OnFailure",
    "Plan",
    "StepCancelled",
    "StepFailed",
    "StepRun",
    "StepSpec",
    "StepWaits",
    "Worker",
    "cancel",
    "forget_jobs",
    "forget_outputs",
    "give_up",
    "register_kind",
    "register_op",
    "retry",
    "schedule",
    "submit",
]

_HOMES = {
    "forgetting": ("forget_jobs", "forget_outputs"),
    "housekeeping": ("schedule",),
    "plan": ("OnFailure", "Plan", "StepSpec"),
    "registry": ("register_kind", "register_op"),
    "run": ("StepCancelled", "StepFailed", "StepRun", "StepWaits"),
    "services": ("cancel", "give_up", "retry", "submit"),
    "worker": ("Worker",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
