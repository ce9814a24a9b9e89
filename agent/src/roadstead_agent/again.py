"""Starts again what was started when the machine went down: at once, and where that fails a few times more."""

from __future__ import annotations

import threading
from typing import Callable

from roadstead_agent import shell
from roadstead_agent.lasting import FAILED, SERVICE, TEMPLATES, Lasting

# What it needs may be on another machine, which comes up at the same moment.
PAUSES = (5.0, 20.0, 60.0, 180.0)
START, ORDERED = "start", "ordered"
_SAID = 1_000


class Again:
    """The last successful `start`, run again with the machine. `told` hears of each try: its name, what went wrong, what it said."""

    def __init__(self, lasting: Lasting, told: Callable[[str, str, str], None], pauses: tuple[float, ...] = PAUSES) -> None:
        self._lasting = lasting
        self._told = told
        self._pauses = pauses
        self._off = threading.Event()
        self._turn = threading.Lock()

    def remember(self) -> None:
        """Tell once more of what failed for good: the machine goes on, its agent began again."""
        problem = self._lasting.get(FAILED)
        if problem:
            self._told(START, *problem)

    def begin(self) -> None:
        """Try once, before any order; what fails is tried again beside them. Where the platform had all of it rest, nothing is started."""
        if self._lasting.get(TEMPLATES) is not False and self._lasting.get(SERVICE) and self._fails():
            threading.Thread(target=self._go_on, name="again", daemon=True).start()
        else:
            self._lasting.going()

    def leave(self) -> None:
        """Leave it to an order about services: end the try that runs, and try no more."""
        self._off.set()
        with self._turn:
            if self._lasting.get(FAILED):
                self._lasting.put(FAILED, None)
                self._told(ORDERED, "", "")
            self._lasting.going()

    def _go_on(self) -> None:
        for pause in self._pauses:
            self._off.wait(pause)
            with self._turn:
                if self._off.is_set():
                    return
                if not self._fails():
                    break
        self._lasting.going()

    def _fails(self) -> bool:
        """Try it; whether it failed."""
        service = self._lasting.get(SERVICE)
        ended = shell.run(
            service["cmd"], seconds=service["timeout"], begun=lambda _group: None, said=lambda _lines: None, stopped=self._off.is_set
        )
        if self._off.is_set():
            return False
        problem = ended.cause or (f"exit code {ended.exit_code}" if ended.exit_code else "")
        said = ended.output[-_SAID:] if problem else ""
        self._lasting.put(FAILED, [problem, said] if problem else None)
        self._told(START, problem, said)
        return bool(problem)
