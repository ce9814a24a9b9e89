"""What every provider shares with the platform: how it fails, how it says so, and what a credential looks like."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar

from roadstead.core.problems import Problem, Words

Log = Callable[[str], None]
"""Takes one line of progress for people."""


class ProviderError(Exception):
    """A provider could not do it. `permanent` says that the same call will fail again until a person changes something."""

    permanent: ClassVar[bool] = True

    def __init__(self, problem: Problem, *more: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem
        self.problems = (problem, *more)

    def __str__(self) -> str:
        return self.problem.message


class Unreachable(ProviderError):
    """Nobody answers at the address, or something on the way there fails."""

    permanent = False


class TimedOut(ProviderError):
    """Somebody is there but did not finish within the deadline."""

    permanent = False


class CredentialRefused(ProviderError):
    """The credential is not accepted, or does not allow this."""


class NameTaken(ProviderError):
    """Another owner's release, or another environment's namespace, has this name."""


class NotThere(ProviderError):
    """What the call is about does not exist."""


class Refused(ProviderError):
    """The provider understood and said no: an invalid chart, a quota, an admission rule."""


class Interrupted(ProviderError):
    """The caller asked to stop; what was begun is as it was, and may be gone on with."""


@dataclass(frozen=True)
class CredentialReport:
    """What an offline look at a credential found. `credential` is the normalised text to store, only when `ok`."""

    problems: tuple[Problem, ...] = ()
    credential: str = field(default="", repr=False)
    summary: dict[str, str] = field(default_factory=dict)
    """Facts that may be shown: `server` (host and port), `user` (how it signs in), `namespace` (suggested), and `cluster`,
    which is the same for every credential of one place (empty where that can't be told)."""
    local: bool = False
    """Whether it leads into this very machine, which nobody enters by pasting: an administrator grants it."""

    @property
    def ok(self) -> bool:
        """Whether the credential can be stored."""
        return not self.problems


@dataclass(frozen=True)
class CredentialAsks:
    """How a form asks for a credential: the field's name, its rule, and commands that print one to paste."""

    label: Words
    rule: Words
    commands: str = ""
