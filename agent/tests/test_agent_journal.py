"""The record of commands, for any order of orders, losses and restarts: nothing is begun twice, and every answer is told."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from roadstead_agent import shell
from roadstead_agent.boot import Kept
from roadstead_agent.journal import BEGUN, Journal


class Disk(Kept):
    """A disk that is quick."""

    def __init__(self) -> None:
        super().__init__(Path("journal.json"))
        self._text = "{}"

    def read(self) -> dict[str, Any]:
        known: dict[str, Any] = json.loads(self._text)
        return known

    def write(self, content: dict[str, Any], *, sure: bool = True) -> None:
        self._text = json.dumps(content)


def test_the_record_is_on_the_disk(tmp_path: Path) -> None:
    journal = Journal(Kept(tmp_path / "state/journal.json"))
    journal.take({"number": 1, "id": "cmd-1"})
    journal.begin()
    again = Journal(Kept(tmp_path / "state/journal.json"))
    assert again.cut_off()["number"] == 1
    again.settle()
    assert Journal(Kept(tmp_path / "state/journal.json")).untold()["state"] == "lost"
    assert (tmp_path / "state").stat().st_mode & 0o077 == 0
    assert (tmp_path / "state/journal.json").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(("exits", "state"), [(0, "done"), (3, "failed")])
def test_what_ended_while_no_agent_was_there_is_told_as_it_ended(tmp_path: Path, exits: int, state: str) -> None:
    kept = Kept(tmp_path / "state/journal.json")
    first = Journal(kept)
    first.take({"number": 1, "id": "cmd-1"})
    first.begin()
    ran: dict[str, Any] = {"seconds": 60, "begun": lambda _group: None, "said": lambda _lines: None, "stopped": lambda: False}
    assert shell.run(f"echo said; exit {exits}", **ran, word=first.word) == shell.Ended(exits, "said\n")
    again = Journal(kept)
    again.settle()
    assert (again.untold()["state"], again.untold()["exit_code"]) == (state, exits)
    # The next one's end is its own.
    again.take({"number": 2, "id": "cmd-2"})
    again.begin()
    last = Journal(kept)
    last.settle()
    assert (last.untold()["number"], last.untold()["state"]) == (2, "lost")


class Life(RuleBasedStateMachine):
    """A platform that gives one order at a time, over a way that loses, repeats and holds back, to an agent that dies at any point."""

    @initialize()
    def begin(self) -> None:
        self.kept = Disk()
        self.journal = Journal(self.kept)
        self.numbers = 0
        self.open: dict[str, Any] | None = None
        self.sent: list[dict[str, Any]] = []
        self.begun: list[int] = []
        self.answers: dict[int, str] = {}
        self.running = 0

    @precondition(lambda self: self.open is None)
    @rule()
    def order(self) -> None:
        self.numbers += 1
        self.open = {"number": self.numbers, "id": f"cmd-{self.numbers}", "withdrawn": False}

    @precondition(lambda self: self.open is not None)
    @rule()
    def withdraw(self) -> None:
        assert self.open
        self.open = {**self.open, "withdrawn": True}

    @precondition(lambda self: self.open is not None)
    @rule()
    def give_up(self) -> None:
        """The platform stops waiting for an answer; the next order takes its place."""
        assert self.open
        self.answers.setdefault(self.open["number"], "given up")
        self.open = None

    @precondition(lambda self: self.open is not None)
    @rule()
    def send(self) -> None:
        assert self.open
        self.sent.append(self.open)
        self.journal.take(self.open)

    @precondition(lambda self: self.sent)
    @rule(which=st.integers(0))
    def replay(self, which: int) -> None:
        self.journal.take(self.sent[which % len(self.sent)])

    @precondition(lambda self: not self.running and self.journal._next is not None)
    @rule()
    def work(self) -> None:
        order = self.journal.begin()
        if order:
            self.running = order["number"]
            self.begun.append(self.running)

    @precondition(lambda self: self.running)
    @rule()
    def finish(self) -> None:
        stopped = self.journal.stopping()
        self.journal.end({"state": "failed" if stopped else "done"})
        self.running = 0

    @rule()
    def die(self) -> None:
        """The agent is killed and starts again from its disk."""
        self.journal = Journal(self.kept)
        left = self.journal.cut_off()
        assert bool(left) is bool(self.running)
        self.journal.settle()
        self.running = 0

    @rule(heard=st.booleans())
    def tell(self, heard: bool) -> None:
        """The answer reaches the platform; the word that it did may be lost."""
        said = self.journal.untold()
        if said:
            number = said["number"]
            self.answers.setdefault(number, said["state"])
            if self.open and self.open["number"] == number:
                self.open = None
            if heard:
                self.journal.heard(number)

    @invariant()
    def nothing_is_begun_twice(self) -> None:
        assert len(self.begun) == len({*self.begun})
        assert self.begun == sorted(self.begun)

    @invariant()
    def one_record_says_it_all(self) -> None:
        on_disk = self.kept.read()
        assert (on_disk.get("state") == BEGUN) is bool(self.running)

    def teardown(self) -> None:
        """However it went, the last order comes to an end that the platform hears, unless it had given it up."""
        if self.open:
            wanted = self.open["number"]
            for _ in range(4):
                self.send() if self.open else None
                if self.running:
                    self.finish()
                if self.journal._next is not None:
                    self.work()
                if self.running:
                    self.finish()
                self.tell(heard=True)
            assert wanted in self.answers


Life.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestLife = Life.TestCase
