"""Tells the platform how the machine comes up, how it is, and how its command goes; again and again until it was heard."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timezone
from typing import Any

from roadstead_agent import __version__, wire
from roadstead_agent.console import say
from roadstead_agent.journal import Journal
from roadstead_agent.link import Away, Backoff, Clock, Link, Refused
from roadstead_agent.machine import resident_kib

BEAT_SECONDS = 30.0
_CLOCK_OFF_SECONDS = 60


class Reporter:
    """The thread that reports. Whatever it has to say is said in one request."""

    def __init__(self, link: Link, journal: Journal, clock: Clock) -> None:
        self._link = link
        self._journal = journal
        self._clock = clock
        self._boot: list[dict[str, str]] = []
        self._health = ""
        self._facts: dict[str, Any] = {}
        self._said = ""
        self._dirty = True

    def start(self) -> None:
        """Report from now on."""
        threading.Thread(target=self._report, name="report", daemon=True).start()

    def boot(self, step: str, problem: str = "", output: str = "") -> None:
        """Note a step of how the machine comes up, and the end of what it said where it failed."""
        at = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
        say(f"{step}{f': {problem}' if problem else ''}")
        with self._journal.changed:
            self._boot.append({"step": step, "at": at, "problem": problem, "output": output})
            self._changed()

    def health(self, state: str) -> None:
        """Note how what runs here is, as the package's own check says."""
        with self._journal.changed:
            if state != self._health:
                self._health = state
                self._changed()

    def fact(self, **facts: Any) -> None:
        """Note how something is on this machine."""
        with self._journal.changed:
            if any(self._facts.get(name) != value for name, value in facts.items()):
                self._facts.update(facts)
                self._changed()

    def say(self, lines: str) -> None:
        """Note what the running command says."""
        if lines:
            with self._journal.changed:
                self._said = (self._said + lines)[-wire.OUTPUT_BYTES :]
                self._changed()

    def _changed(self) -> None:
        self._dirty = True
        self._journal.changed.notify_all()

    def _report(self) -> None:
        backoff = Backoff()
        while True:
            report, said = self._next()
            try:
                self._link.ask(wire.REPORT, report)
            except (Away, Refused) as problem:
                say(f"cannot report: {problem}")
                with self._journal.changed:
                    self._dirty, self._said = True, said + self._said
                time.sleep(backoff.seconds())
                continue
            backoff.reset()
            if "state" in report.get("command", {}):
                self._journal.heard(report["command"]["number"])

    def _next(self) -> tuple[dict[str, Any], str]:
        """Wait until there is something to say, or it is time to say anything; return it, and the output in it."""
        with self._journal.changed:
            end = time.monotonic() + BEAT_SECONDS
            while not self._dirty and not self._journal.untold() and time.monotonic() < end:
                self._journal.changed.wait(max(0.0, end - time.monotonic()))
            self._dirty = False
            said, self._said = self._said, ""
            about = {"version": __version__, "boot": list(self._boot), "health": self._health, "facts": self._known()}
            return {**about, **self._of_command(said)}, said

    def _known(self) -> dict[str, Any]:
        off = {"clock_off": self._clock.off} if abs(self._clock.off) >= _CLOCK_OFF_SECONDS else {}
        return {**self._facts, "resident_kib": resident_kib(), **off}

    def _of_command(self, said: str) -> dict[str, Any]:
        answer, running = self._journal.untold(), self._journal.running()
        if answer:
            return {"command": answer}
        return {"command": {"number": running, "output": said}} if running and said else {}
