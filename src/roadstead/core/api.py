"""What every `api.py` is made of: ids in addresses, texts within bounds, and lists by cursor."""

from collections.abc import Callable
from typing import Annotated, Generic, TypeVar

from django.db.models import Model, QuerySet
from ninja import Path, Schema
from pydantic import Field

from roadstead.core.paging import page_of
from roadstead.core.problems import Problem

S = TypeVar("S", bound=Schema)
M = TypeVar("M", bound=Model)

Id = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,64}$", description="The id of a thing, such as app-mzxw6ytboi2gk3tu")]
Ref = Annotated[str, Field(min_length=1, max_length=64, description="The id of a thing")]
Name = Annotated[str, Field(min_length=1, max_length=50, pattern=r"\S")]
Note = Annotated[str, Field(max_length=1_000)]
Reason = Annotated[str, Field(max_length=500)]
Filter = Annotated[str, Field(max_length=64)]

# The answer of an operation that hands out a file.
FILE = {"responses": {200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}}}


class Listing(Schema):
    """How a list is asked for."""

    q: Annotated[str, Field(max_length=200, description="Words to look for")] = ""
    cursor: Annotated[str, Field(max_length=1_000, description="`next_cursor` of the page before; empty: the first page")] = ""
    limit: Annotated[int, Field(ge=1, le=100, description="Rows a page")] = 20


class PageOf(Schema, Generic[S]):
    """Some rows of a list; `next_cursor` is empty on the last page."""

    items: list[S]
    next_cursor: str


class Finding(Schema):
    """One thing that is wrong, and where; `message` is in the language of the request."""

    file: str
    where: str
    code: str
    message: str

    @classmethod
    def of(cls, problem: Problem) -> "Finding":
        """Say a problem."""
        return cls(**problem.as_dict())


def page(items: list[S], next_cursor: str) -> PageOf[S]:
    """Return a page of things that are told already; they are checked once, when they are answered."""
    return PageOf.model_construct(items=items, next_cursor=next_cursor)


def listed(rows: QuerySet[M], asked: Listing, told: Callable[[M], S], *, sort: str) -> PageOf[S]:
    """Return a page of rows, each told as the API tells it; `sort` is a column, with a minus for descending."""
    found = page_of(rows, cursor=asked.cursor, order=(sort, "pk"), size=asked.limit)
    return page([told(row) for row in found], found.next_cursor)
