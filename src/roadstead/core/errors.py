"""Refusals: every error that a person can cause is a `DomainError` with a stable code and words in their language."""

from collections.abc import Sequence
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from roadstead.core.problems import Problem, Words


class DomainError(Exception):
    """A refusal. `status` is its HTTP answer, `code` is for programs, `words` for people (with `%(name)s` places).

    `field` names the form field or parameter at fault; `problems` lists the particulars, all of them.
    """

    status: ClassVar[int] = 400
    code: ClassVar[str] = "bad_request"
    words: ClassVar[Words] = _("This request can't be understood.")

    def __init__(self, *, field: str = "", problems: Sequence[Problem] = (), **params: object) -> None:
        super().__init__(self.code)
        self.field = field
        self.problems = tuple(problems)
        self.params = params

    @property
    def message(self) -> str:
        """The sentence for people, in the active language."""
        return str(self.words) % self.params

    def __str__(self) -> str:
        return self.message


class TooMuch(DomainError):
    """More text in one form than anything here takes."""

    status = 413
    code = "request_too_large"
    words = _("That is more text than a form here takes. Shorten it and send it again.")


class Missing(DomainError):
    """Not there, or not for this person: the two look the same."""

    status = 404
    code = "resource_not_found"
    words = _("There is nothing here, or it isn't yours to see.")


class NotPermitted(DomainError):
    """The person may see the thing but not do this to it."""

    status = 403
    code = "permission_denied"
    words = _("Your role doesn't allow this. An administrator can grant it.")


class WrongState(DomainError):
    """The thing is not in a state in which this can happen."""

    status = 409
    code = "wrong_state"
    words = _("This can't be done in the present state. Reload the page to see it.")


class Invalid(DomainError):
    """What was sent breaks a rule."""

    status = 422
    code = "invalid"
    words = _("Some of what you sent breaks a rule.")
