"""Django's own engine, but a connection that stays is looked at before its next use instead of asking the server every time."""

import select
import time
from typing import Any

from django.db.backends.postgresql import base

# After a rest of this length the server is asked: what stands between may have forgotten the connection without a word.
RESTED_SECONDS = 20.0


class PreparedCursor:
    """Has the server keep the plan of what it is asked, for as long as the connection lasts."""

    def __init__(self, connection: Any) -> None:
        cursors: Any = base
        self._connection, self._cursor = connection, cursors.ServerBindingCursor(connection)

    def execute(self, query: Any, params: Any = None) -> Any:
        """Ask by parameters, which the server gets apart from the text."""
        self._connection.prepare_threshold = 0
        try:
            return self._cursor.execute(query, params, prepare=True)
        finally:
            # All else goes with its parameters in the text, and would be kept for nothing.
            self._connection.prepare_threshold = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)


class DatabaseWrapper(base.DatabaseWrapper):
    """One connection."""

    _looked = float("-inf")

    def is_usable(self) -> bool:
        """Whether the server is still there. Where it closed the connection, as it does when it stops, there is something to read."""
        rested, self._looked = time.monotonic() - self._looked, time.monotonic()
        if self.connection is None or rested > RESTED_SECONDS or _speaks(self.connection):
            return super().is_usable()
        return True

    def prepared_cursor(self) -> Any:
        """Return a cursor for a question that is asked again and again with other parameters."""
        self.close_if_health_check_failed()
        self.ensure_connection()
        wrapped: Any = getattr(self, "_prepare_cursor")  # noqa: B009  # Django's own, and its stubs don't know it
        with self.wrap_database_errors:
            return wrapped(PreparedCursor(self.connection))


def _speaks(connection: Any) -> bool:
    """Whether there is anything to read where nothing was asked: a farewell, or the end."""
    if connection.closed:
        return True
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))
