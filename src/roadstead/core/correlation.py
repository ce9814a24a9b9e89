"""One id that ties a request, the jobs it starts and every log line of both together."""

import re
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.http import HttpRequest, HttpResponse

from roadstead.core.ids import new_id

HEADER = "X-Request-ID"
_ACCEPTED = re.compile(r"[A-Za-z0-9._-]{1,64}")
_current: ContextVar[str] = ContextVar("correlation", default="")


def current() -> str:
    """Return the id of the work under way, or an empty string outside of any."""
    return _current.get()


@contextmanager
def correlated(correlation: str) -> Iterator[str]:
    """Do the work inside under this id; a job step passes the id that its job was submitted with."""
    token = _current.set(correlation)
    try:
        yield correlation
    finally:
        _current.reset(token)


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
