"""`python -m tests.chaos --machines docker` or `cloud`: many seeded runs on machines, one table, and the seeds that failed."""

import argparse
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from functools import partial

from tests.chaos.lane import Stuck
from tests.chaos.machines.campaign import Outcome, Run
from tests.chaos.machines.cloud import on_cloud, story_at_cloud
from tests.chaos.machines.docker_judge import judged
from tests.chaos.machines.engine import on_docker
from tests.chaos.machines.place import Place
from tests.chaos.machines.stories import DISASTERS, story
from tests.chaos.report import print_table
from tests.testbeds.cloud.faults import KINDS
from tests.testbeds.docker import Engine, sweep

ROWS = ("create", "stop", "start", "delete", "cancelled", "retry", "give-up", *DISASTERS, *KINDS, "too late")
Runner = Callable[[int], Outcome]


class Stage:
    """A place, and how a story is lived through there."""

    def __init__(self, place: Place, runner: Runner) -> None:
        self.place, self.run = place, runner

    def left(self) -> list[str]:
        """Return what is there when all stories are over and everybody who is on their way has gone."""
        try:
            self.place.until(lambda: not self.place.left())
        except Stuck:
            return self.place.left()
        return []


@contextmanager
def stage(kind: str, patience: float) -> Iterator[Stage]:
    """Have an installation on an engine of its own, or at pretended clouds."""
    with ExitStack() as things:
        if kind == "cloud":
            cloud = things.enter_context(on_cloud(patience=patience))
            yield Stage(cloud, lambda seed: cloud.lived(story_at_cloud(seed)))
            return
        sweep()
        engine = Engine.start()
        things.callback(engine.remove)
        place = things.enter_context(on_docker(engine, patience=patience))
        yield Stage(place, lambda seed: Run(place, story(seed), partial(judged, place)).lived())


def main(asked: argparse.Namespace) -> int:
    """Run the campaign; 1 if a run failed."""
    seeds = [asked.seed] if asked.seed is not None else list(range(asked.first, asked.first + asked.runs))
    counts: Counter[str] = Counter()
    failed: dict[int, list[str]] = {}
    begun, done = time.monotonic(), 0
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt), ExitStack() as stages:
        at = stages.enter_context(stage(asked.machines, asked.patience))
        for start in range(0, len(seeds), asked.together):
            group = seeds[start : start + asked.together]
            outcomes = _runs(at, group)
            left = [] if any(outcome.wrong for outcome in outcomes) else at.left()
            done += len(group)
            counts += sum((outcome.counts for outcome in outcomes), Counter[str]())
            for outcome in outcomes:
                wrong = outcome.wrong + ([f"left over at the end: {', '.join(left)}"] if left else [])
                if wrong:
                    failed[outcome.seed] = wrong
                _tell(outcome, wrong)
            sys.stdout.write(f"{done} runs, {len(failed)} went wrong, {time.monotonic() - begun:.0f} s\n")
            sys.stdout.flush()
            if any(seed in failed for seed in group):
                _log(at)
                stages.close()
                at = stages.enter_context(stage(asked.machines, asked.patience))
    print_table(asked.machines, ROWS, counts, failed, runs=done, seconds=time.monotonic() - begun)
    return 1 if failed else 0


def _runs(at: Stage, seeds: list[int]) -> list[Outcome]:
    """Live through stories side by side; what happens to the worker, the frontgate or the engine happens to all of them."""
    with ThreadPoolExecutor(len(seeds)) as pool:
        return list(pool.map(at.run, seeds))


def _tell(outcome: Outcome, wrong: list[str]) -> None:
    sys.stdout.write(f"seed {outcome.seed} {outcome.instance}: {'; '.join(wrong) or 'well'}\n")


def _log(at: Stage) -> None:
    sys.stdout.write(f"--- log\n{at.place.server.log.read_text()[-6_000:]}\n")
    sys.stdout.flush()
