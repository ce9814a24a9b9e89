"""Clocks of machines that are wrong, in words. Their agents go by the platform's time and work on; what else runs there does not."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from roadstead.core.problems import problem_kind

if TYPE_CHECKING:
    from roadstead.core.problems import Problem

AHEAD = problem_kind(
    "clock_ahead",
    _("The clock is %(minutes)s min ahead. The agent goes by Roadstead's; nothing else there does. Set it right, best by NTP."),
)
BEHIND = problem_kind(
    "clock_behind",
    _("The clock is %(minutes)s min behind. The agent goes by Roadstead's; nothing else there does. Set it right, best by NTP."),
)


def clock_of(agent: Any) -> "Problem | None":
    """Return by how much the clock of an agent's machine is wrong, as it said itself."""
    off = round(agent.facts.get("clock_off", 0) / 60) if agent else 0
    if not off:
        return None
    return (AHEAD if off > 0 else BEHIND)(minutes=abs(off))
