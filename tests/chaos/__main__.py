"""`python -m tests.chaos --runs 200 --engine sqlite`: many seeded runs of operations under disasters, one table, and the seeds that failed.

`--seed 17` replays one run in a place of its own.
"""

import argparse
import os
import signal
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress

from tests.chaos.campaign import Outcome, run
from tests.chaos.lane import PATIENCE, Lane, lane
from tests.chaos.machines.table import main as on_machines
from tests.chaos.report import print_table
from tests.chaos.stories import Story, story

ROWS = ("deploy", "upgrade", "roll back", "delete", "cancelled", "failed", "kill", "stop", "restart", "too late")


def main() -> int:
    """Run the campaign; 1 if a run failed."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "roadstead.config.testing")
    asked = _asked()
    if asked.machines:
        return on_machines(asked)
    seeds = [asked.seed] if asked.seed is not None else list(range(asked.first, asked.first + asked.runs))
    counts: Counter[str] = Counter()
    failed: dict[int, list[str]] = {}
    begun, done = time.monotonic(), 0
    # An interrupted campaign tells of the runs that there were.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt), ExitStack() as places:
        place = _fresh(places, asked)
        for start in range(0, len(seeds), asked.together):
            group = seeds[start : start + asked.together]
            outcomes = _runs(place, [story(seed, restarts=asked.engine == "postgresql") for seed in group])
            done += len(group)
            counts += sum((outcome.counts for outcome in outcomes), Counter[str]())
            wrong = {seed: outcome for seed, outcome in zip(group, outcomes, strict=True) if outcome.wrong}
            for seed, outcome in wrong.items():
                failed[seed] = outcome.wrong
                _tell(seed, outcome, place)
            sys.stdout.write(f"{done} runs, {len(failed)} went wrong, {time.monotonic() - begun:.0f} s\n")
            sys.stdout.flush()
            if wrong:
                # Whatever is wrong there mustn't reach the next runs.
                places.close()
                place = _fresh(places, asked)
    print_table(asked.engine, ROWS, counts, failed, runs=done, seconds=time.monotonic() - begun)
    return 1 if failed else 0


def _runs(place: Lane, stories: list[Story]) -> list[Outcome]:
    """Live through stories side by side; a disaster of one is one for all."""
    with ThreadPoolExecutor(len(stories)) as pool:
        return list(pool.map(lambda told: run(place, told), stories))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--seed", type=int, help="replay this one")
    parser.add_argument("--engine", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--machines", choices=["docker", "cloud"], help="instances on machines instead")
    parser.add_argument("--together", type=int, default=1, help="so many runs side by side in one place")
    parser.add_argument("--workers", type=int, default=2, help="on PostgreSQL")
    parser.add_argument("--standstill", type=float, default=30, help="seconds for which a process is stopped")
    parser.add_argument("--patience", type=float, default=PATIENCE, help="seconds after which a run counts as stuck")
    return parser.parse_args()


def _fresh(places: ExitStack, asked: argparse.Namespace) -> Lane:
    return places.enter_context(lane(asked.engine, workers=asked.workers, standstill=asked.standstill, patience=asked.patience))


def _tell(seed: int, outcome: Outcome, place: Lane) -> None:
    sys.stdout.write(f"seed {seed}: {'; '.join(outcome.wrong)}\n")
    for file in ("ledger", "cloud"):
        lines = [" ".join(line) for line in place.lines(file)]
        sys.stdout.write(f"--- {file}\n" + "\n".join(lines[-40:]) + "\n")
    sys.stdout.write(f"--- log\n{(place.folder / 'log').read_text()[-6_000:]}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
