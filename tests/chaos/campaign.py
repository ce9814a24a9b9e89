"""Runs stories and judges them by the cloud's ledger: nothing lost, nothing done twice, nothing left, every job ended."""

import time
from collections import Counter
from dataclasses import dataclass, field

from tests.chaos.lane import Lane, Stuck
from tests.chaos.stories import PARTS, Disaster, Phase, Story

ENDED_WELL = "successful"
# A disaster whose moment doesn't come while the job runs is left out, and counted as such.
MOMENT = 30.0


@dataclass
class Outcome:
    """What a run was, and what was wrong with it."""

    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def run(place: Lane, told: Story) -> Outcome:
    """Live through a story; the first phase that goes wrong is the last."""
    outcome = Outcome()
    live: set[str] = set()
    for phase in told.phases:
        if phase.operation != "deploy" and not live:
            break
        try:
            live = Run(place, told.seed, phase, outcome).carried_out(live)
        except Stuck:
            outcome.wrong.append(f"{phase.operation}: stuck")
        if outcome.wrong:
            break
    return outcome


class Run:
    """One phase under way."""

    def __init__(self, place: Lane, seed: int, phase: Phase, outcome: Outcome) -> None:
        self.place, self.seed, self.phase, self.outcome = place, seed, phase, outcome
        self.job = ""

    def carried_out(self, live: set[str]) -> set[str]:
        """Have the operation done through all that happens; return what then has to be there."""
        self.outcome.counts[self.phase.operation] += 1
        begun = len(self.place.lines("cloud"))
        plan = {"subject": f"s{self.seed}", "layers": self.phase.layers, "undo": self.phase.undo, "on_failure": self.phase.on_failure}
        self.job = str(self.place.ask("submit", heard=self.phase.heard, **plan)["job"])
        self._suffer()
        end = self._to_the_end()
        wanted = self._wanted(live, end)
        self._judge(begun, end, wanted)
        return wanted

    def _suffer(self) -> None:
        """Let the disasters come at their moments, and the cancellation at its."""
        if self.phase.cancel_at:
            self._await("called", self.phase.cancel_at)
            self.outcome.counts["cancelled"] += 1
            self.place.tried("cancel", job=self.job)
        for disaster in self.phase.disasters:
            self._strike(disaster)

    def _strike(self, disaster: Disaster) -> None:
        if not self._await(disaster.word, disaster.target):
            self.outcome.counts["too late"] += 1
            return
        time.sleep(disaster.later)
        self.outcome.counts[disaster.kind] += 1
        self.place.strike(disaster.kind, disaster.victim)

    def _await(self, word: str, target: str) -> bool:
        """Wait for a moment of the job; false: it won't come any more."""

        def there() -> str:
            if any(line[:2] == [word, target] and line[2].startswith(self.job) for line in self.place.lines("ledger")):
                return "there"
            return "over" if self._ends() else ""

        try:
            return bool(self.place.until(there, MOMENT) == "there")
        except Stuck:
            return False

    def _ends(self) -> list[str]:
        """Return with which status the job ended, each time that it did; an end that went with its transaction was none."""
        told = any(line[:2] == ["ended", self.job] for line in self.place.lines("ledger"))
        return list(self.place.ask("show", job=self.job)["ends"]) if told else []

    def _to_the_end(self) -> str:
        """Return how the job ended for good, after its owner did what is left to do about a failure."""
        ends = self.place.until(self._ends)
        undone = self.place.ask("show", job=self.job)["undone"]
        if ends[-1] != "failed" or undone:
            return self._only(1)
        self.outcome.counts["failed"] += 1
        (self.place.folder / f"mended-{self._refused()}").touch()
        self.place.ask("retry" if self.phase.after == "retry" else "give_up", job=self.job)
        self.place.until(lambda: len(self._ends()) > 1)
        return self._only(2)

    def _refused(self) -> str:
        return next((step["target"] for layer in self.phase.layers for step in layer if step["op"] == "cloud.refuse"), "nothing")

    def _only(self, times: int) -> str:
        if len(ends := self._ends()) != times:
            self.outcome.wrong.append(f"{self.phase.operation}: ended {len(ends)} times, not {times}")
        return ends[-1]

    def _wanted(self, live: set[str], end: str) -> set[str]:
        """Return what has to be there after an operation that ended so."""
        if self.phase.operation == "deploy":
            return {f"s{self.seed}-{part}" for part in PARTS} if end == ENDED_WELL else set()
        return set() if self.phase.operation == "delete" and end == ENDED_WELL else live

    def _judge(self, begun: int, end: str, wanted: set[str]) -> None:
        """Compare the cloud with what should be: this phase's acts, and what is there."""
        acts = [line for line in self.place.lines("cloud")[begun:] if line[1].startswith(f"s{self.seed}-")]
        doubled = [f"{act} {name}" for (act, name, _token), times in Counter(map(tuple, acts)).items() if times > 1]
        done = {name for _act, name, token in acts if token.startswith(self.job)}
        planned = {step["target"] for layer in self.phase.layers for step in layer if step["op"] in ACTS}
        lost = sorted(planned - done) if end == ENDED_WELL else []
        there = _there(self.place.lines("cloud"), f"s{self.seed}-")
        self._wrong("doubled", doubled)
        self._wrong("lost", lost)
        self._wrong("left over", sorted(there - wanted))
        self._wrong("missing", sorted(wanted - there))
        if end not in {ENDED_WELL, "cancelled", "failed"} or (end == "failed" and self.phase.going != "refused"):
            self._wrong("ended", [end])

    def _wrong(self, word: str, things: list[str]) -> None:
        if things:
            self.outcome.wrong.append(f"{self.phase.operation}: {word} {', '.join(things)}")


ACTS = {"cloud.create", "cloud.alter", "cloud.destroy"}


def _there(acts: list[list[str]], prefix: str) -> set[str]:
    last = {name: act for act, name, _token in acts if name.startswith(prefix)}
    return {name for name, act in last.items() if act != "destroyed"}
