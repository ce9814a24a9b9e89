"""Forms that can show what a service refused, and the way from a sent form to a verb."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.http import HttpRequest

from roadstead.core.errors import DomainError, Invalid, WrongState
from roadstead.core.problems import Problem


class Refusable(forms.Form):
    """A form that shows a refusal at its field, or above the form; `problems` are the particulars."""

    problems: Sequence[Problem] = ()
    refused = 422

    def refuse(self, error: DomainError) -> None:
        """Put a refusal where the person who sent the form looks for it."""
        self.problems, self.refused = error.problems, error.status
        self.add_error(error.field if error.field in self.fields else None, error.message)

    @property
    def status(self) -> int:
        """The HTTP answer of the page that shows this form."""
        return self.refused if self.is_bound and self.errors else 200


def carried_out(request: HttpRequest, form: Refusable, verb: Callable[..., Any], **more: Any) -> bool:
    """Carry a sent form out: its fields are the verb's keywords. False: it wasn't sent, or is refused and says why."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        verb(**form.cleaned_data, **more)
    except (Invalid, WrongState) as error:
        form.refuse(error)
        return False
    return True
