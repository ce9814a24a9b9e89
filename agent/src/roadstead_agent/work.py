"""Carries out orders, one at a time."""

from __future__ import annotations

import threading
from typing import Any, Callable

from roadstead_agent import shell
from roadstead_agent.journal import Journal
from roadstead_agent.machine import end_left_over, machine_life, since

Answer = dict[str, Any]


class Work:
    """One order, as its verb sees it."""

    def __init__(self, order: dict[str, Any], journal: Journal, say: Callable[[str], None]) -> None:
        self.verb = str(order["verb"])
        self.params: dict[str, Any] = order["params"]
        self.timeout = float(order["timeout"])
        self.say = say
        self._journal = journal

    def shell(self, command: str, seconds: float = 0, *, leaves_word: bool = False) -> shell.Ended:
        """Run a text with the shell, within the order's time. What `leaves_word` is known to have ended also if the agent is killed."""
        return shell.run(
            command,
            seconds=seconds or self.timeout,
            begun=lambda group: self._journal.runs_in(group, since(group), machine_life()),
            said=self.say,
            stopped=self._journal.stopping,
            word=self._journal.word if leaves_word else None,
        )


Verb = Callable[[Work], Answer]


class Hands:
    """The thread that does what is ordered; `say` is told what a command says while it runs."""

    def __init__(self, journal: Journal, verbs: dict[str, Verb], say: Callable[[str], None], moment: Callable[[], int]) -> None:
        self._journal = journal
        self._moment = moment
        self._verbs = verbs
        self._say = say

    def start(self) -> None:
        """End what an earlier life of the agent left running, and wait for orders."""
        left = self._journal.cut_off()
        end_left_over(int(left.get("group", 0)), str(left.get("since", "")), str(left.get("life", "")))
        self._journal.settle()
        threading.Thread(target=self._work, name="work", daemon=True).start()

    def _work(self) -> None:
        while True:
            order = self._journal.begin()
            if order is not None:
                self._journal.end(self._done(order))

    def _done(self, order: dict[str, Any]) -> Answer:
        verb = self._verbs.get(str(order.get("verb")))
        if verb is None:
            return failed("unknown_verb")
        if self._moment() > float(order["expires"]):
            # The platform has given it up by now.
            return {"state": "lost", "result": {"problem": "too_late"}}
        try:
            return verb(Work(order, self._journal, self._say))
        except Exception as error:  # noqa: BLE001  # whatever went wrong is the answer
            return failed("crashed", f"{type(error).__name__}: {error}")


def done(**result: Any) -> Answer:
    """Return the answer of an order that was carried out."""
    return {"state": "done", "exit_code": 0, "result": result}


def failed(problem: str, output: str = "") -> Answer:
    """Return the answer of an order that wasn't."""
    return {"state": "failed", "exit_code": 1, "output": output or problem, "result": {"problem": problem}}


def ended(run: shell.Ended, **result: Any) -> Answer:
    """Return the answer of an order that was a command: its real exit code and the end of what it said."""
    state = "timed_out" if run.cause == "timed_out" else "failed" if run.cause or run.exit_code else "done"
    problem = {"problem": run.cause} if run.cause else {}
    return {"state": state, "exit_code": run.exit_code, "output": run.output, "result": {**problem, **result}}
