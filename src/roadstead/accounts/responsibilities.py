"""What keeps a person from being deleted. The packages above say it, because this one doesn't know their things."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from roadstead.accounts.models import User

Ask = Callable[["User"], list[str]]
_asks: list[Ask] = []


def register_responsibilities(ask: Ask) -> None:
    """Add a function that names what a person stands for."""
    if ask not in _asks:
        _asks.append(ask)


def responsibilities_of(user: "User") -> list[str]:
    """Return the names of everything that would be left alone."""
    return [name for ask in _asks for name in ask(user)]
