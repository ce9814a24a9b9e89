"""One id that ties a request, the jobs it starts and every log line of both together; and the token that the request came with."""

import re
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse

from roadstead.core.ids import new_id

HEADER = "X-Request-ID"
_ACCEPTED = re.compile(r"[A-Za-z0-9._-]{1,64}")
_current: ContextVar[str] = ContextVar("correlation", default="")


class Through(NamedTuple):
    """The token that a program acts with; both empty: a person at a page, or the platform itself."""

    id: str = ""
    name: str = ""


NOBODYS = Through()
_through: ContextVar[Through] = ContextVar("through", default=NOBODYS)


def current() -> str:
    """Return the id of the work under way, or an empty string outside of any."""
    return _current.get()


@contextmanager
def correlated(correlation: str) -> Iterator[str]:
    """Do the work inside under this id; a job step passes the id that its job was submitted with."""
    # Nothing of the thread's last work shines through.
    token, former = _current.set(correlation), _through.set(NOBODYS)
    try:
        yield correlation
    finally:
        _current.reset(token)
        _through.reset(former)


def came_through(token_id: str, name: str) -> None:
    """Note that the work under way came with a token; it ends with the work."""
    _through.set(Through(token_id, name))


def through() -> Through:
    """Return the token that the work under way came with."""
    return _through.get()


def add_correlation(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Put the id into a log line; a structlog processor."""
    if correlation := current():
        event.setdefault("correlation", correlation)
    return event


class CorrelationMiddleware:
    """Takes the caller's `X-Request-ID` if it is well formed, makes one otherwise, and answers with it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request under its id."""
        offered = request.headers.get(HEADER, "")
        correlation = offered if _ACCEPTED.fullmatch(offered) else new_id("req")
        with correlated(correlation):
            response = self.get_response(request)
        response[HEADER] = correlation
        return response
