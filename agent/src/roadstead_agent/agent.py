"""The agent of a machine, apart from its duties as first process: it enrols, takes orders and reports."""

from __future__ import annotations

import time
from typing import Any, Callable

from roadstead_agent import wire
from roadstead_agent.boot import Boot
from roadstead_agent.http import Line
from roadstead_agent.journal import Journal
from roadstead_agent.link import Clock, Link, enrolled
from roadstead_agent.reporter import Reporter
from roadstead_agent.signing import Forged
from roadstead_agent.work import Hands, Verb


class Agent:
    """What both roles share. `line` opens a connection to where this machine's requests go."""

    def __init__(self, boot: Boot, line: Callable[[], Line]) -> None:
        self.boot = boot
        self.clock = Clock()
        self._line = line
        self.secret, handled = enrolled(boot, line, self.clock, time.sleep)
        self.journal = Journal(boot.kept("journal"), handled)
        self.reporter = Reporter(self.link(), self.journal, self.clock)
        self.mark = ""
        self.reporter.boot("enrolled")
        self.reporter.start()

    def link(self) -> Link:
        """Return a way to the platform over a connection of its own."""
        return Link(self._line(), self.boot.agent, self.secret, self.clock)

    def start(self, verbs: dict[str, Verb]) -> None:
        """Take orders from now on."""
        Hands(self.journal, verbs, self.reporter.say, self.clock.moment).start()

    def take(self, parcel: dict[str, Any]) -> None:
        """Take an order that was sealed for this machine; raises `Forged`.

        What can't be opened was sealed for the machine that stood here before: another one is waited for.
        """
        self.mark = str(parcel.get("mark", ""))
        try:
            sealed = wire.raw(str(parcel["sealed"]))
        except (KeyError, ValueError):
            raise Forged from None
        self.journal.take(wire.opened(self.secret, sealed, purpose=wire.PARCEL))
