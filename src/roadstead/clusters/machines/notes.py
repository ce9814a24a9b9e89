"""What people are told of a machine that isn't as it should be: cut off from its network, or without what it was to start again."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from roadstead.core.problems import problem_kind

if TYPE_CHECKING:
    from roadstead.core.problems import Problem

CUT_OFF = problem_kind(
    "machine_cut_off",
    _(
        "It runs, and isn't connected to its network %(network)s any more: somebody took it out, outside of the platform. "
        "Stop the instance and start it, which connects it again."
    ),
)
START_FAILED = problem_kind(
    "start_failed",
    _(
        "The machine was started again, and its service “start” failed there with exit code %(code)s. "
        "It is tried five times within about five minutes. If that doesn't help, mend the cause, stop the instance and start it."
    ),
)
START_TIMED_OUT = problem_kind(
    "start_timed_out",
    _(
        "The machine was started again, and its service “start” didn't end in time there. "
        "It is tried five times. If that doesn't help, mend the cause, stop the instance and start it."
    ),
)
_CODE = "exit code "


def cut_off_of(row: "dict[str, Any]") -> "Problem | None":
    """Return that the place saw a machine without its network."""
    network = row.get("cut_off", "")
    return CUT_OFF(network=network) if network else None


def start_of(agent: Any) -> "tuple[Problem | None, str]":
    """Return that what ran on a machine could not be started again with it, and what it printed. Any order later has the last word."""
    last = agent.boot[-1] if agent and agent.boot else {}
    problem = last.get("problem", "")
    if last.get("step") != "start" or not problem:
        return None, ""
    failed = problem.startswith(_CODE)
    return START_FAILED(code=problem.removeprefix(_CODE)) if failed else START_TIMED_OUT(), last.get("output", "")
