"""Database work on threads that outlive it."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import close_old_connections, connections

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


def with_kept_connections(function: Callable[P, R]) -> Callable[P, R]:
    """Run in a thread of a pool that comes back often: its connection stays for the next call, unless it broke or is too old.

    Opening one costs more than most steps do. On PostgreSQL a kept one is asked whether it still lives before it is used again.
    """

    @wraps(function)
    def work(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        finally:
            close_old_connections()

    return work
