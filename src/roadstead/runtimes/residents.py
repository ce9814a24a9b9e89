"""Who lives in an environment. The packages above say it, because this one doesn't know them; nobody moves out by a deletion."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from roadstead.accounts.access import Actor
    from roadstead.core.states import State
    from roadstead.runtimes.sdk import Owned


@dataclass(frozen=True)
class Resident:
    """Something that runs in an environment. Without an `address` it isn't the reader's to see, and has no name."""

    name: str
    state: "State"
    address: str = ""
    owner: str = ""


Keep = Callable[[Sequence["Owned"]], set[str]]
Count = Callable[[Sequence[str]], Mapping[str, int]]
Ask = Callable[["Actor", str], list[Resident]]
_asks: list[Ask] = []
_counts: list[Count] = []
_keeps: list[Keep] = []


def register_residents(ask: Ask, count: Count) -> None:
    """Add a function that tells a person who lives in the environment of an id, and one that counts them in several."""
    if ask not in _asks:
        _asks.append(ask)
        _counts.append(count)


def register_keeper(keep: Keep) -> None:
    """Add a function that is told what was found at a place and returns the tokens of what somebody still owns."""
    if keep not in _keeps:
        _keeps.append(keep)


def kept_of(found: "Sequence[Owned]") -> set[str]:
    """Return the tokens of what somebody still owns. While nobody was asked, nothing is anybody's to take away: all of it is kept."""
    if not _keeps:
        return {one.token for one in found}
    return set().union(*(keep(found) for keep in _keeps))


def residents_of(actor: "Actor", environment_id: str) -> list[Resident]:
    """Return everything that lives in an environment."""
    return [resident for ask in _asks for resident in ask(actor, environment_id)]


def numbers_in(environment_ids: Sequence[str]) -> Mapping[str, int]:
    """Return how much lives in each of these environments; those in which nothing does are left out."""
    return sum((Counter(count(environment_ids)) for count in _counts), Counter())
