"""Reaching one row through a visibility query: a foreign row looks exactly like a missing one."""

from typing import TypeVar

from django.db.models import Model, QuerySet

from roadstead.core.errors import Missing

M = TypeVar("M", bound=Model)


def found(rows: QuerySet[M], key: str) -> M:
    """Return the row with this primary key, or raise `Missing`."""
    row = rows.filter(pk=key).first()
    if row is None:
        raise Missing
    return row
