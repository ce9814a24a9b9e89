"""Lives through the stories of machines; what is there afterwards is judged by what the place itself tells."""

import contextlib
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.chaos.lane import Stuck
from tests.chaos.machines.place import Place, Refused
from tests.chaos.machines.stories import Disaster, Phase, Story

# A disaster whose moment doesn't come in this time is left out, and counted as such.
MOMENT = 60.0
# So often a person tries again what failed before they would call for help.
RETRIES = 6
LEADS_TO = {"create": "active", "stop": "stopped", "start": "active", "delete": "deleted"}
PATHS = {"stop": ("post", "/stop"), "start": ("post", "/start"), "delete": ("delete", "")}
GONE = ("deleted", "ceased")


@dataclass
class Outcome:
    """What a run was, and what was wrong with it."""

    seed: int
    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    instance: str = ""


# Says what is wrong at the place: with this instance, in this status, `calm` when nothing happened to it lately.
Judge = Callable[[str, str, bool], list[str]]


class Run:
    """One story under way."""

    def __init__(self, place: Place, told: Story, judge: Judge) -> None:
        self.place, self.told, self.judge = place, told, judge
        self.outcome = Outcome(told.seed)
        self._begun = time.monotonic()

    def lived(self) -> Outcome:
        """Live through it; the first phase that goes wrong is the last."""
        for phase in self.told.phases:
            try:
                status = self._carried_out(phase)
            except (Stuck, Refused) as error:
                self._wrong(phase, f"{type(error).__name__.lower()} {error}")
            if self.outcome.wrong or status in GONE:
                break
        return self.outcome

    def _carried_out(self, phase: Phase) -> str:
        self.outcome.counts[phase.operation] += 1
        job = self._begin(phase)
        self._say(f"{phase.operation} {job}")
        calm = not phase.disasters and not phase.cancel_at
        for disaster in phase.disasters:
            self._strike(job, disaster)
        if phase.cancel_at:
            self._cancel(job, phase)
        status = self._to_the_end(phase)
        for wrong in self.judge(self.outcome.instance, status, calm):
            self._wrong(phase, f"{status}: {wrong}")
        return status

    def _begin(self, phase: Phase) -> str:
        if phase.operation == "create":
            name = f"s{self.told.seed}"
            wish = {"version": self.place.ids["version"], "environment": self.place.environment(self.told.seed), "name": name}
            self.outcome.instance = str(self.place.make("/instances", {**wish, "on_failure": self.told.on_failure})["id"])
            return str(self._now()["job"])
        method, path = PATHS[phase.operation]
        with contextlib.suppress(Refused):  # an answer that was lost was an answer all the same
            self.place.ask(method, f"/instances/{self.outcome.instance}{path}")
        return str(self._now()["job"])

    def _now(self) -> dict[str, Any]:
        found: dict[str, Any] = self.place.ask("get", f"/instances/{self.outcome.instance}")
        return found

    def _strike(self, job: str, disaster: Disaster) -> None:
        if not self.place.began(job, f"vm.{disaster.op}", MOMENT):
            self.outcome.counts["too late"] += 1
            return
        time.sleep(disaster.later)
        self._say(f"{disaster.kind} at {disaster.op}")
        hit = self.place.strike(disaster.kind, self.told.seed, self.outcome.instance, disaster.victim)
        self.outcome.counts[disaster.kind if hit else "too late"] += 1

    def _cancel(self, job: str, phase: Phase) -> None:
        if not self.place.began(job, f"vm.{phase.cancel_at}", MOMENT):
            self.outcome.counts["too late"] += 1
            return
        time.sleep(phase.cancel_later)
        self._say(f"cancel at {phase.cancel_at}")
        try:
            self.place.ask("post", f"/jobs/{job}/cancel")
            self.outcome.counts["cancelled"] += 1
        except Refused:
            self.outcome.counts["too late"] += 1

    def _to_the_end(self, phase: Phase) -> str:
        """Return the status in which the instance came to rest, after its owner did what there is to do about failures."""
        for attempt in range(RETRIES + 1):
            self.place.until(lambda: self.place.rests(self.outcome.instance))
            found = self._now()
            if found["status"] == LEADS_TO[phase.operation] or found["status"] in GONE:
                return str(found["status"])
            verb = self._verb(found["job"])
            self._say(f"{found['status']} {(found['problem'] or {}).get('message', '')[:160]} -> {verb}")
            if not verb:
                return str(found["status"])
            if attempt == RETRIES:
                self._wrong(phase, f"failed {attempt + 1} times: {found['problem']}")
                break
            self.outcome.counts[verb] += 1
            with contextlib.suppress(Refused):
                self.place.ask("post", f"/jobs/{found['job']}/{verb}")
        return str(found["status"])

    def _verb(self, job: str) -> str:
        """Return what the person does about a job that failed: what they are wont to do, of what is offered."""
        offered = self.place.ask("get", f"/jobs/{job}")["verbs"]
        liked = ("give-up", "retry") if self.told.gives_up else ("retry", "give-up")
        return next((verb for verb in liked if verb in offered), "")

    def _say(self, what: str) -> None:
        sys.stdout.write(f"  {self.told.seed:>5} {time.monotonic() - self._begun:6.1f} {what}\n")
        sys.stdout.flush()

    def _wrong(self, phase: Phase, what: str) -> None:
        self._say(f"{phase.operation}: {what}")
        self.outcome.wrong.append(f"{phase.operation}: {what}")
