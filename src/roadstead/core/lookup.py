"""Lookups whose SQL is made once: building a query over wide rows costs Django several times what the database takes to answer it."""

from collections.abc import Callable, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.query import RelatedPopulator, get_related_populators

M = TypeVar("M", bound=Model)
# What no row is asked for with: it marks the places of the value in the parameters.
_MARK = "\N{OBJECT REPLACEMENT CHARACTER}"
# Internal to Django, and what its stubs say of it belongs to a later version; the tests hold it for the pinned one.
_populators: Any = get_related_populators
_Converter = tuple[int, Sequence[Callable[[Any, Any, Any], Any]], Any]


class _Statement(NamedTuple):
    """A query as the database gets it, and how its rows become models.

    `fields` are the names of the first model's columns, `many` the places of the query's annotations.
    """

    sql: str
    parameters: tuple[Any, ...]
    converters: Sequence[_Converter]
    fields: Sequence[str]
    related: "Sequence[RelatedPopulator]"
    many: Sequence[int]


class Lookup(Generic[M]):
    """Rows by one text; `rows` is asked once for the query, joins and all, and then only the text changes.

    The models are the same as the query's own would be: every call reads the database anew, and nothing but the SQL is kept.
    """

    def __init__(self, rows: Callable[[str], QuerySet[M]]) -> None:
        self._rows = rows
        self._statements: dict[str, _Statement] = {}

    def first(self, value: str) -> M | None:
        """Return the first row, or None."""
        return next(iter(self.all(value)), None)

    def all(self, value: str) -> list[M]:
        """Return every row."""
        statement, rows = self._found(value)
        return [self._made(statement, row) for row in rows]

    def with_many(self, value: str) -> tuple[M, list[tuple[Any, ...]]] | None:
        """Return the first row, and the query's annotations in every row: what it joins many of comes along in one question."""
        statement, rows = self._found(value)
        if not rows:
            return None
        wanted = [(place, converters, column) for place, converters, column in statement.converters if place in statement.many]
        many = [_converted(row, wanted) for row in rows]
        return self._made(statement, rows[0]), [tuple(row[place] for place in statement.many) for row in many]

    def _found(self, value: str) -> tuple[_Statement, list[tuple[Any, ...]]]:
        statement = self._statements.get(connection.vendor) or self._prepared()
        parameters = [value if one == _MARK else one for one in statement.parameters]
        # PostgreSQL plans it once a connection, which takes longer than to answer it.
        with getattr(connection, "prepared_cursor", connection.cursor)() as database:
            database.execute(statement.sql, parameters)
            return statement, database.fetchall()

    def _prepared(self) -> _Statement:
        compiler = self._rows(_MARK).query.get_compiler(connection.alias)
        sql, parameters = compiler.as_sql()
        known: Any = compiler.klass_info
        columns: Any = compiler.select
        converters = compiler.get_converters([column[0] for column in columns])
        own = known["select_fields"]
        assert own == [*range(len(own))], "the rows of a lookup are whole models"
        self._model: type[M] = known["model"]
        statement = _Statement(
            sql,
            tuple(parameters),
            [(place, each, column) for place, (each, column) in converters.items()],
            [columns[place][0].target.attname for place in own],
            _populators(known, columns, connection.alias),
            [*compiler.annotation_col_map.values()],
        )
        self._statements[connection.vendor] = statement
        return statement

    def _made(self, statement: _Statement, row: tuple[Any, ...]) -> M:
        values = _converted(row, statement.converters)
        made = self._model.from_db(connection.alias, statement.fields, values[: len(statement.fields)])
        for populator in statement.related:
            populator.populate(values, made)
        return made


def _converted(row: tuple[Any, ...], converters: Sequence[_Converter]) -> list[Any]:
    values = list(row)
    for place, each, column in converters:
        for converter in each:
            values[place] = converter(values[place], column, connection)
    return values
