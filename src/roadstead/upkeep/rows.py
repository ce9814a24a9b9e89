"""Rows as JSON lines that either database engine reads back exactly: times to the microsecond, bytes in base64."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps.registry import Apps
from django.core.management.color import no_style
from django.db import connection, models, transaction

PIECE = 500
# Said by processes about themselves: it dies with them.
LEFT_OUT = {"jobs.workerlease"}
# JSON has these as they are; everything else goes as the text that its field reads back.
_PLAIN = (bool, int, float, str)


def models_of(apps: Apps) -> list[type[models.Model]]:
    """Return every table that is kept, those between two others too, in the order of their names."""
    kept = (model for model in apps.get_models(include_auto_created=True) if model._meta.managed and not model._meta.proxy)
    return sorted((model for model in kept if model._meta.label_lower not in LEFT_OUT), key=lambda model: model._meta.label_lower)


def lines_of(model: type[models.Model]) -> Iterator[str]:
    """Return the rows of a table as lines, by primary key."""
    fields = model._meta.concrete_fields
    for row in model._base_manager.order_by("pk").iterator(PIECE):
        yield json.dumps([_out(field, row) for field in fields], ensure_ascii=False, separators=(",", ":"))


def columns_of(model: type[models.Model]) -> list[str]:
    """Return the names of a table's columns, in the order in which a line holds them."""
    return [field.attname for field in model._meta.concrete_fields]


def load(model: type[models.Model], columns: list[str], lines: Iterable[str]) -> int:
    """Add rows to an empty table; return how many."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    count, piece = 0, []
    for line in lines:
        values = zip(columns, json.loads(line), strict=True)
        piece.append(model(**{name: _in(fields[name], value) for name, value in values}))
        if len(piece) == PIECE:
            count += _add(model, piece)
            piece = []
    return count + _add(model, piece)


@transaction.atomic
def empty(kept: Iterable[type[models.Model]]) -> None:
    """Take away what migrations put there: what was backed up comes with the backup."""
    # Deleted past the models: some of them let nothing be deleted.
    with connection.cursor() as cursor:
        for statement in connection.ops.sql_flush(no_style(), [model._meta.db_table for model in kept], reset_sequences=False):
            cursor.execute(statement)


def number_on(kept: Iterable[type[models.Model]]) -> None:
    """Let numbers that the database gives go on after those that are there."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(kept)):
            cursor.execute(statement)


def _add(model: type[models.Model], rows: list[models.Model]) -> int:
    model._base_manager.bulk_create(rows)
    return len(rows)


def _out(field: "models.Field[Any, Any]", row: models.Model) -> Any:
    value = field.value_from_object(row)
    if value is None or isinstance(value, _PLAIN) or isinstance(field, models.JSONField):
        return value
    return field.value_to_string(row)


def _in(field: "models.Field[Any, Any]", value: Any) -> Any:
    return value if value is None or isinstance(field, models.JSONField) else field.to_python(value)
