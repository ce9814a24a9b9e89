"""Problems: what is wrong, where, and what to do; words that can be said in the reader's language.

A package declares each kind once, `NO_CHART = problem_kind("chart_missing", _("…"))`, and calls it to make a `Problem`.
A problem that was stored (a failed step, a check of a review) is read back with `Problem.from_store` and speaks the language of
whoever reads it.
"""

from collections.abc import Mapping, Sized
from dataclasses import dataclass, field
from typing import Any, Self, TypedDict

from django.utils.functional import Promise
from django.utils.translation import ngettext

Words = str | Promise


class ProblemDict(TypedDict):
    """The outward shape of a problem, with its message in the active language."""

    file: str
    where: str
    code: str
    message: str


_KINDS: dict[str, "ProblemKind"] = {}


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: `file` and `where` (line, field, path) say where, `code` is stable for programs."""

    code: str
    file: str = ""
    where: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """The sentence for people, in the active language."""
        kind = _KINDS.get(self.code)
        return str(kind.words) % dict(self.params) if kind else self.code

    def as_dict(self) -> ProblemDict:
        """Return the shape that `--json`, the API and pages show."""
        return {"file": self.file, "where": self.where, "code": self.code, "message": self.message}

    def to_store(self) -> dict[str, Any]:
        """Return a JSON shape without words, so that it can be said again in another language."""
        return {"code": self.code, "file": self.file, "where": self.where, "params": dict(self.params)}

    @classmethod
    def from_store(cls, stored: Mapping[str, Any]) -> Self:
        """Read back what `to_store` wrote."""
        return cls(code=stored["code"], file=stored["file"], where=stored["where"], params=stored["params"])


@dataclass(frozen=True)
class ProblemKind:
    """A code with its sentence; `words` is a lazy translation with `%(name)s` places for the parameters."""

    code: str
    words: Words

    def __call__(self, *, file: str = "", where: str | int = "", **params: str | float) -> Problem:
        """Return a problem of this kind at a place."""
        return Problem(self.code, file, str(where), params)


def count_of(problems: Sized) -> str:
    """Say how many problems there are."""
    return ngettext("%(number)d problem", "%(number)d problems", len(problems)) % {"number": len(problems)}


def problem_kind(code: str, words: Words) -> ProblemKind:
    """Declare a kind of problem; a code is declared once."""
    if code in _KINDS:
        raise ValueError(code)
    kind = _KINDS[code] = ProblemKind(code, words)
    return kind
