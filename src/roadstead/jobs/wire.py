"""What the bells say between processes: LISTEN and NOTIFY on PostgreSQL. On SQLite there is one process, and nobody to tell.

Words may be lost with a connection: whoever listens again is told so, and looks for itself.
"""

import threading
from collections.abc import Callable
from typing import Any

import structlog
from django.db import DEFAULT_DB_ALIAS, Error, connection, connections

from roadstead.core.ids import new_id

CHANNEL = "roadstead_jobs"
AGAIN_SECONDS = 1.0
# By this a process knows its own words, which it has acted on already.
_OWN = new_id("process")
log = structlog.get_logger(__name__)


def tell(*words: str) -> None:
    """Say something to every other process."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, " ".join((_OWN, *words))])


class Listener:
    """Hears what other processes tell, on a thread and a connection of its own; calls `missed` whenever it begins to listen."""

    def __init__(self, hear: Callable[..., None], missed: Callable[[], None]) -> None:
        self._hear = hear
        self._missed = missed
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="job-wire", daemon=True)
        self.hearing = False

    def start(self) -> None:
        """Listen from now on, if there can be other processes."""
        if connection.vendor == "postgresql":
            self._thread.start()

    def stop(self) -> None:
        """End within a second or so."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(timeout=2 * AGAIN_SECONDS)

    def _listen(self) -> None:
        while not self._stopped.is_set():
            wrapper = connections.create_connection(DEFAULT_DB_ALIAS)
            try:
                with wrapper.cursor() as cursor:
                    cursor.execute(f"LISTEN {CHANNEL}")
                self.hearing = True
                self._missed()
                self._follow(wrapper.connection)
            except Error as problem:
                log.warning("the wire is down", error=type(problem).__name__)
            finally:
                self.hearing = False
                wrapper.close()
            self._stopped.wait(AGAIN_SECONDS)

    def _follow(self, connected: Any) -> None:
        """Pass on what comes, until stopped; the driver raises when the connection breaks."""
        with connection.wrap_database_errors:
            while not self._stopped.is_set():
                for word in connected.notifies(timeout=AGAIN_SECONDS):
                    sender, *words = word.payload.split()
                    if sender != _OWN:
                        self._hear(*words)
