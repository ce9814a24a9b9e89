"""Database work on threads that outlive it."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import connections

P = ParamSpec("P")
R = TypeVar("R")


def with_own_connections(function: Callable[P, R]) -> Callable[P, R]:
    """Run in a pool's thread and leave no database connection behind in it."""

    @wraps(function)
    def work(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        finally:
            connections.close_all()

    return work
