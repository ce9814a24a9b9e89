"""What an agent was ordered last and how that ended, on its disk: a command is begun once, and its answer is never lost.

Commands have growing numbers and come one at a time, so one record is enough. It is written before a command begins and when it
has ended; what is found begun at the start was cut off, and nobody can say how far it came.
"""

from __future__ import annotations

import threading
from typing import Any

from roadstead_agent.boot import Kept

BEGUN, ENDED = "begun", "ended"
WITHDRAWN = {"state": "failed", "result": {"problem": "withdrawn"}}
CUT_OFF = {"state": "lost", "result": {"problem": "agent_restarted"}}


class Journal:
    """The record. Orders come from one thread, ends from another."""

    def __init__(self, kept: Kept, handled: int = 0) -> None:
        self._kept = kept
        # Where a command leaves its exit code for whoever comes when the agent was killed before it could write that down.
        self.word = kept.beside(".code")
        self._lock = threading.RLock()
        self._record: dict[str, Any] = kept.read() or {"number": handled, "state": ENDED}
        self._stop = False
        self._next: dict[str, Any] | None = None
        self._told = "answer" not in self._record
        self.changed = threading.Condition(self._lock)

    def cut_off(self) -> dict[str, Any]:
        """Return the record of a command that was begun when the agent ended; nothing if there was none."""
        with self._lock:
            return dict(self._record) if self._record["state"] == BEGUN else {}

    def settle(self) -> None:
        """End a command that was cut off: as it ended by itself while no agent was there, if it left word of that."""
        with self._lock:
            if self._record["state"] != BEGUN:
                return
            try:
                code = int(self.word.read_text())
            except (OSError, ValueError):
                self.end(CUT_OFF)
            else:
                self.end({"state": "failed" if code else "done", "exit_code": code, "result": {}})

    def take(self, order: dict[str, Any]) -> None:
        """Take an order as it comes from the platform: perhaps again, perhaps an old one, perhaps to end what runs."""
        number = int(order["number"])
        with self._lock:
            if number < self._record["number"]:
                return
            if number == self._record["number"]:
                # It is asked for again, so its answer was lost on the way.
                self._told = self._told and "answer" not in self._record
                self._stop = self._stop or bool(order.get("withdrawn"))
            else:
                # What still runs has been given up by the platform, which has one order of a machine open at a time.
                self._stop = self._record["state"] == BEGUN
                self._next = order
            self.changed.notify_all()

    def begin(self) -> dict[str, Any] | None:
        """Wait for an order and note that it begins; None when it was withdrawn before."""
        with self._lock:
            while self._next is None or self._record["state"] == BEGUN:
                self.changed.wait()
            order, self._next, self._stop = self._next, None, False
            # Whatever ended before and was not heard has been given up: the platform has one order open at a time.
            self._told = True
            self._record = {"number": int(order["number"]), "id": str(order.get("id", "")), "state": BEGUN}
            self.word.unlink(missing_ok=True)
            if order.get("withdrawn"):
                self.end(WITHDRAWN)
                return None
            self._kept.write(self._record)
            return order

    def runs_in(self, group: int, since: str, life: str) -> None:
        """Note the process group of what runs, when that began and on which start of the machine: no other is ever taken for it."""
        with self._lock:
            self._record = {**self._record, "group": group, "since": since, "life": life}
            # Without power there is no group to end either.
            self._kept.write(self._record, sure=False)

    def end(self, answer: dict[str, Any]) -> None:
        """Note how what was begun has ended, to be told until somebody has heard it."""
        with self._lock:
            self._record = {"number": self._record["number"], "id": self._record["id"], "state": ENDED, "answer": answer}
            self._kept.write(self._record)
            self._told = False
            self.changed.notify_all()

    def stopping(self) -> bool:
        """Whether what runs is to end."""
        with self._lock:
            return self._stop

    def untold(self) -> dict[str, Any]:
        """Return the number and answer that the platform is still to hear."""
        with self._lock:
            return {} if self._told else {"number": self._record["number"], **self._record["answer"]}

    def heard(self, number: int) -> None:
        """Note that the platform has the answer to this number."""
        with self._lock:
            if number == self._record["number"]:
                self._told = True

    def running(self) -> int:
        """Return the number of what runs; 0 if nothing does."""
        with self._lock:
            return int(self._record["number"]) if self._record["state"] == BEGUN else 0
