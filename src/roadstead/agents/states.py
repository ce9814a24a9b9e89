"""The states of a command, and which may follow which."""

from django.db.models import TextChoices


class Role(TextChoices):
    """What an agent is."""

    NODE = "node"
    FRONTGATE = "frontgate"


class Health(TextChoices):
    """Of what runs on a machine, as the package's own check says; nothing is known where there is no check."""

    UNKNOWN = ""
    HEALTHY = "healthy"
    UNHEALTHY = "unhealthy"


class State(TextChoices):
    """Of a command. `lost`: nobody can say how it ended, and it isn't run again."""

    WAITING = "waiting"
    SENT = "sent"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    TIMED_OUT = "timed_out"
    LOST = "lost"


OPEN = (State.WAITING, State.SENT, State.RUNNING)
ENDS = (State.DONE, State.FAILED, State.TIMED_OUT, State.LOST)
COURSE: dict[str, frozenset[State]] = {
    State.WAITING: frozenset({State.SENT, *ENDS}),
    State.SENT: frozenset({State.RUNNING, *ENDS}),
    State.RUNNING: frozenset(ENDS),
    **dict.fromkeys(ENDS, frozenset()),
}
"""A command's way. Its answer may overtake the word that it was sent; after an end nothing follows."""


def leads_to(state: str) -> list[State]:
    """Return the states from which a command can come into this one; a write is made on condition of them."""
    return [State(before) for before, after in COURSE.items() if state in after]
