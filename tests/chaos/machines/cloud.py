"""The place that is a pretended cloud: each story has a cloud and a ledger of its own, whose calls fail by the story's seed."""

import json
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.chaos.lane import Stuck
from tests.chaos.machines.campaign import Outcome, Run
from tests.chaos.machines.cloud_judge import judged, twice
from tests.chaos.machines.hall import Hall
from tests.chaos.machines.place import Place, installed
from tests.chaos.machines.stories import AT_CLOUD, CLOUD_MOMENTS, Story, story
from tests.server import Server
from tests.testbeds.cloud.faults import KINDS
from tests.testbeds.cloud.install import install

RATES = (0.1, 0.15, 0.2)
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

    def strike(self, kind: str, instance: str, victim: int) -> bool:
        """Let the only disaster happen that there is here."""
        self.kill_worker()
        return True

    def left(self) -> list[str]:
        """Nothing: what a story leaves is told at its own end."""
        return []

    def lived(self, told: Story) -> Outcome:
        """Live through a story, until its frontgate and network are gone too."""
        ledger = self.hall.ledger(told.seed)
        outcome = Run(self, told, lambda instance, status, _calm: judged(self.hall, told.seed, instance, status)).lived()
        if not outcome.wrong:
            try:
                self.until(lambda: not ledger.things())
            except Stuck:
                outcome.wrong.append(f"left: {', '.join(f'{thing.kind} {thing.name}' for thing in ledger.things())}")
            outcome.wrong += twice(ledger)
            self.hall.forget(told.seed)
        outcome.counts += Counter(call.outcome for call in ledger.calls() if call.outcome in KINDS)
        return outcome


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
