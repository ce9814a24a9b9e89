"""Lists by cursor: a page starts after the last row of the one before, whatever was added or removed meanwhile. Nothing is counted."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from roadstead.core.errors import Invalid

M = TypeVar("M", bound=Model)
_NEXT, _PREVIOUS = "n", "p"


class BadCursor(Invalid):
    """The cursor wasn't made by this list."""

    code = "bad_cursor"
    words = _("This page address doesn't fit the list. Start again from its first page.")


@dataclass(frozen=True)
class Page(Generic[M]):
    """Some rows of a list, and the cursors of the pages beside it (empty: there is none)."""

    items: list[M]
    next_cursor: str = ""
    previous_cursor: str = ""

    def __iter__(self) -> Iterator[M]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


def page_of(rows: QuerySet[M], *, cursor: str, order: tuple[str, ...], size: int = 20) -> Page[M]:
    """Return the page that a cursor points at; an empty cursor is the first page.

    `order` names columns that are never null, with a minus for descending, through relations with two underscores; the primary key
    is added as the last one. Costs one query.
    """
    if order[-1].lstrip("-") not in ("pk", "id"):
        order = (*order, "pk")
    direction, values = _decoded(cursor, len(order)) if cursor else (_NEXT, [])
    backwards = direction == _PREVIOUS
    walk = tuple(_turned(column) for column in order) if backwards else order
    if values:
        rows = _after(rows, walk, values)
    items = list(rows.order_by(*walk)[: size + 1])
    more = len(items) > size
    items = items[:size]
    if backwards:
        items.reverse()
    has_next, has_previous = (bool(cursor), more) if backwards else (more, bool(cursor))
    return Page(
        items,
        _encoded(_NEXT, items[-1], order) if has_next and items else "",
        _encoded(_PREVIOUS, items[0], order) if has_previous and items else "",
    )


def _turned(column: str) -> str:
    return column[1:] if column.startswith("-") else f"-{column}"


def _after(rows: QuerySet[M], order: tuple[str, ...], values: list[Any]) -> QuerySet[M]:
    """Return the rows that come after these values: (a, b) > (x, y), written so that an index on the first column helps."""
    beyond: Q | None = None
    try:
        for column, value in reversed(list(zip(order, values, strict=True))):
            name, comparison = (column[1:], "lt") if column.startswith("-") else (column, "gt")
            further = Q(**{f"{name}__{comparison}": value})
            beyond = further if beyond is None else further | Q(**{name: value}) & beyond
        first = order[0].lstrip("-")
        bound = "lte" if order[0].startswith("-") else "gte"
        return rows.filter(beyond or Q(), **{f"{first}__{bound}": values[0]})
    except (ValueError, TypeError, ValidationError) as error:
        raise BadCursor(field="cursor") from error


def _encoded(direction: str, row: Model, order: tuple[str, ...]) -> str:
    values = [_portable(_value(row, column.lstrip("-"))) for column in order]
    text = json.dumps([direction, *values], separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decoded(cursor: str, length: int) -> tuple[str, list[Any]]:
    try:
        loaded = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
        direction, *values = loaded
    except (ValueError, TypeError, RecursionError) as error:
        raise BadCursor(field="cursor") from error
    if direction not in (_NEXT, _PREVIOUS) or len(values) != length or not all(map(_plausible, values)):
        raise BadCursor(field="cursor")
    return direction, values


def _value(row: Model, path: str) -> Any:
    value: Any = row
    for name in path.split("__"):
        value = getattr(value, name)
    if value is None:
        raise ValueError(f"{path} is null; a list can't be ordered by a column that may be empty")
    return value


def _portable(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _plausible(value: Any) -> bool:
    """Whether a value is one that we write, and one that every database takes."""
    if isinstance(value, str):
        return not any(character == "\0" or "\ud800" <= character <= "\udfff" for character in value) and _in_calendar(value)
    return isinstance(value, bool | int | float) and abs(value) < 2**63


def _in_calendar(text: str) -> bool:
    """Whether a text, if it is a time, is one everywhere: an offset may lead out of the calendar, which only some databases refuse."""
    try:
        moment = parse_datetime(text)
        if moment and moment.tzinfo:
            moment.astimezone(UTC)
    except ValueError:
        return True  # no time at all; whether it fits is for the column to say
    except OverflowError:
        return False
    return True
