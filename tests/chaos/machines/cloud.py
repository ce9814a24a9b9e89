"""The place that is a pretended cloud: each story has a cloud and a ledger of its own, whose calls fail by the story's seed."""

import json
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.chaos.lane import Stuck
from tests.chaos.machines.campaign import Outcome, Run
from tests.chaos.machines.cloud_judge import CLUSTER, judged, twice
from tests.chaos.machines.hall import Hall
from tests.chaos.machines.place import Place, installed
from tests.chaos.machines.stories import AT_CLOUD, CLOUD_MOMENTS, Story, story
from tests.server import Server
from tests.testbeds.cloud.faults import KINDS
from tests.testbeds.cloud.install import install

RATES = (0.1, 0.15, 0.2)
# A machine that was killed a moment ago starts what it served again as soon as its agent is up.
SETTLING = 180.0
# Where agents reach a platform is said to them; in the hall it is this machine.
AGENT_URL, GATE = "https://roadstead.test", "roadstead.test/frontgate:1"


class Cloud(Place):
    """An installation, and the hall in which the machines of its clouds stand."""

    def __init__(self, hall: Hall, server: Server, ids: Mapping[str, str], *, patience: float) -> None:
        super().__init__(server, ids, patience=patience)
        self.hall = hall

    def environment(self, seed: int) -> str:
        """Make the cloud of a story."""
        rate = random.Random(f"rate {seed}").choice(RATES)
        content = json.dumps({"ledger": str(self.hall.ledger(seed).path), "seed": seed + 1, "rate": rate})
        sent = {"provider": "cloud", "zone": "north", "name": f"cloud {seed}", "content": content}
        return str(self.make("/environments", sent)["id"])

    def strike(self, kind: str, seed: int, instance: str, victim: int) -> bool:
        """Let a disaster happen to the worker, to a machine of the instance, or to the story's frontgate."""
        if kind == "worker":
            self.kill_worker()
            return True
        machines = self.hall.ledger(seed).things("machine")
        gate = kind.startswith("frontgate")
        found = sorted(one.token for one in machines if gate == (one.facts["labels"].get(CLUSTER) != instance))
        return bool(found) and self.hall.kill(seed, found[victim % len(found)], first=kind in ("machine", "frontgate"))

    def left(self) -> list[str]:
        """Nothing: what a story leaves is told at its own end."""
        return []

    def lived(self, told: Story) -> Outcome:
        """Live through a story, until its frontgate and network are gone too."""
        ledger = self.hall.ledger(told.seed)
        outcome = Run(self, told, partial(self._judged, told.seed)).lived()
        if not outcome.wrong:
            try:
                self.until(lambda: not ledger.things())
            except Stuck:
                outcome.wrong.append(f"left: {', '.join(f'{thing.kind} {thing.name}' for thing in ledger.things())}")
            outcome.wrong += twice(ledger)
            self.hall.forget(told.seed)
        outcome.counts += Counter(call.outcome for call in ledger.calls() if call.outcome in KINDS)
        return outcome

    def _judged(self, seed: int, instance: str, status: str, calm: bool) -> list[str]:
        """Return what is wrong; what was killed a moment ago is coming up again."""
        with suppress(Stuck):
            self.until(lambda: calm or not judged(self.hall, seed, instance, status), SETTLING)
        return judged(self.hall, seed, instance, status)


def story_at_cloud(seed: int) -> Story:
    """Tell the story of a seed at a cloud."""
    return story(seed, AT_CLOUD, CLOUD_MOMENTS)


@contextmanager
def on_cloud(*, patience: float) -> Iterator[Cloud]:
    """Have an installation that knows the cloud as a stranger's provider; frontgates that nobody needs go at once."""
    with ExitStack() as things:
        folder = Path(things.enter_context(TemporaryDirectory(prefix="rs-hall-")))
        settings = {
            "PYTHONPATH": str(install(folder / "site")),
            "ROADSTEAD_AGENT_URL": AGENT_URL,
            "ROADSTEAD_FRONTGATE_IMAGE": GATE,
            "ROADSTEAD_FRONTGATE_IDLE_MINUTES": "0",
        }
        server, ids = things.enter_context(installed(settings))
        hall = Hall(folder, server.url)
        things.callback(hall.close)
        yield Cloud(hall, server, ids, patience=patience)
