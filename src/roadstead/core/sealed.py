"""Columns that hold secrets at rest, so that all of them can be found: when keys rotate, and when an installation is looked over."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models

if TYPE_CHECKING:
    _Text = models.TextField[str, str]
else:  # Django's own class takes no parameters
    _Text = models.TextField


class SealedField(_Text):
    """A token of `core.secrets`, or nothing; `context` names the column whose value it is sealed for."""

    def __init__(self, *args: Any, context: str = "pk", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.context = context

    def deconstruct(self) -> Any:
        """For migrations it is text: what it means is no matter of the database."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs


def sealed_columns() -> Iterator[tuple[type[models.Model], SealedField]]:
    """Return every column of every table that holds secrets."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, SealedField):
                yield model, field
