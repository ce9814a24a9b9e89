"""Who lives in an environment. The packages above say it, because this one doesn't know them; nobody moves out by a deletion."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from roadstead.accounts.access import Actor
    from roadstead.core.states import State


@dataclass(frozen=True)
class Resident:
    """Something that runs in an environment. Without an `address` it isn't the reader's to see, and has no name."""

    name: str
    state: "State"
    address: str = ""
    owner: str = ""


Ask = Callable[["Actor", str], list[Resident]]
_asks: list[Ask] = []


def register_residents(ask: Ask) -> None:
    """Add a function that tells a person who lives in the environment of an id."""
    if ask not in _asks:
        _asks.append(ask)


def residents_of(actor: "Actor", environment_id: str) -> list[Resident]:
    """Return everything that lives in an environment."""
    return [resident for ask in _asks for resident in ask(actor, environment_id)]
