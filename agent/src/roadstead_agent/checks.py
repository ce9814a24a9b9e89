"""The package's own health check: run while the application is started, with thresholds, and one act on a turn for the worse."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any, Callable

from roadstead_agent import shell

HEALTHY, UNHEALTHY = "healthy", "unhealthy"


@dataclass(frozen=True)
class Check:
    """A health check as packages write it."""

    enable: bool = False
    interval_sec: float = 60
    timeout_sec: float = 10
    action_timeout_sec: float = 30
    healthy_threshold: int = 3
    unhealthy_threshold: int = 3
    check_cmd: str = ""
    action_cmd: str = ""

    @classmethod
    def of(cls, said: dict[str, Any]) -> Check:
        """Read what a package says; what is missing is as the format has it."""
        return cls(**{name: said[name] for name in cls.__dataclass_fields__ if said.get(name) is not None})


class Health:
    """What checks in a row make of it: so many of one kind before the word changes."""

    def __init__(self, check: Check) -> None:
        self._check = check
        self._row = 0
        self.state = ""

    def turned(self, *, well: bool) -> bool:
        """Take the result of one check; True when it is unhealthy from now on."""
        self._row = max(self._row, 0) + 1 if well else min(self._row, 0) - 1
        before = self.state
        if self._row >= self._check.healthy_threshold or (well and not before):
            self.state = HEALTHY
        elif -self._row >= self._check.unhealthy_threshold:
            self.state = UNHEALTHY
        return self.state == UNHEALTHY != before


class Checks:
    """The thread that checks. `started` says whether there is anything to check, `told` hears the state."""

    def __init__(self, started: Callable[[], bool], told: Callable[[str], None]) -> None:
        self._started = started
        self._told = told
        self._lock = threading.Condition()
        self._check = Check()
        self._life = 0

    def start(self) -> None:
        """Check from now on, whatever is set."""
        threading.Thread(target=self._work, name="health", daemon=True).start()

    def set(self, check: Check) -> None:
        """Check this way from now on."""
        with self._lock:
            self._check, self._life = check, self._life + 1
            self._lock.notify_all()

    def _work(self) -> None:
        while True:
            with self._lock:
                check, life = self._check, self._life
            health = Health(check)
            self._told("")
            while not self._replaced(life, check.interval_sec if check.enable else None):
                self._look(check, health)

    def _replaced(self, life: int, seconds: float | None) -> bool:
        """Wait until the next check is due; True when another way to check was set meanwhile."""
        with self._lock:
            return self._lock.wait_for(lambda: self._life != life, seconds)

    def _look(self, check: Check, health: Health) -> None:
        if not self._started():
            self._told("")
            return
        if health.turned(well=_run(check.check_cmd, check.timeout_sec)):
            self._told(health.state)
            if check.action_cmd:
                _run(check.action_cmd, check.action_timeout_sec)
        self._told(health.state)


def _run(command: str, seconds: float) -> bool:
    """Run one of the package's texts; True when it ended well."""
    ended = shell.run(command, seconds=seconds, begun=lambda _group: None, said=lambda _lines: None, stopped=lambda: False)
    return ended.exit_code == 0 and not ended.cause
