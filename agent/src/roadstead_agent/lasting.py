"""What a node goes on with after a restart without asking anybody: what was started, how it is checked, where its metadata is."""

from __future__ import annotations

import threading
from typing import Any

from roadstead_agent.boot import Kept
from roadstead_agent.machine import machine_life

SERVICE, CHECK, METADATA, TEMPLATES, LIFE, FAILED = "service", "check", "metadata", "templates", "life", "failed"


class Lasting:
    """The node's saved configuration."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept
        self._lock = threading.Lock()
        self._known = kept.read()

    def get(self, name: str) -> Any:
        """Return what was saved under a name; None if nothing was."""
        with self._lock:
            return self._known.get(name)

    def put(self, name: str, value: Any) -> None:
        """Save something; it is on the disk when this returns."""
        with self._lock:
            if self._known.get(name) != value:
                self._known = {**self._known, name: value}
                self._kept.write(self._known)

    def new_life(self) -> bool:
        """Whether the machine, and not only the agent, was started again since all was going."""
        return bool(self.get(LIFE) != machine_life())

    def going(self) -> None:
        """Note that on this start of the machine all was started again that has to be."""
        self.put(LIFE, machine_life())
