"""The store over HTTP, beside an empty view through the same middleware: one client that waits for each answer, and eight."""

import re
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple
from urllib.parse import quote

from bench.client import Client
from bench.installation import APPS, BENCH, filled, server

ROUNDS = 7
SECONDS = 0.7  # of each round for each address
CLIENTS = 8
LIST = "/api/v1/store/apps?limit=20"
EMPTY = "empty view"
FIRST = f"20 of {APPS:,}, first page"
TARGET_RATE, TARGET_RATIO = 700, 0.5
ETAG = re.compile(rb"\r\netag: ([^\r]+)", re.IGNORECASE)


class Wanted(NamedTuple):
    """What is asked for again and again."""

    path: str
    header: str = ""


class Round(NamedTuple):
    """What one round gave: answers in a second, and the seconds that each answer took."""

    rate: float
    took: list[float]


def targets(client: Client) -> dict[str, Wanted]:
    """Return what is measured, by name."""
    head, _ = client.get(LIST)
    tag = ETAG.search(head)
    app = client.json(LIST)["items"][0]["id"]
    return {
        EMPTY: Wanted("/bench/empty"),
        FIRST: Wanted(LIST),
        "the same from the middle": Wanted(f"{LIST}&cursor={quote(cursor_after(client, APPS // 2))}"),
        "first page, unchanged (304)": Wanted(LIST, f"If-None-Match: {tag[1].decode() if tag else ''}\r\n"),
        "search 博客": Wanted(f"{LIST}&q={quote('博客')}"),
        "one app": Wanted(f"/api/v1/store/apps/{app}"),
        "store home, HTML": Wanted("/"),
    }


def cursor_after(client: Client, apps: int) -> str:
    """Walk the list as far as that."""
    cursor = ""
    for _ in range(apps // 100):
        cursor = client.json(f"/api/v1/store/apps?limit=100&cursor={quote(cursor)}")["next_cursor"]
    return cursor


def ask(client: Client, wanted: Wanted) -> Round:
    """Ask for one address as often as a round allows."""
    took = []
    started = last = time.perf_counter()
    while last - started < SECONDS:
        client.get(*wanted)
        now = time.perf_counter()
        took.append(now - last)
        last = now
    return Round(len(took) / (last - started), took)


def in_turns(wanted: Mapping[str, Wanted], asking: Callable[[Wanted], Round]) -> dict[str, list[Round]]:
    """Measure all in turns, so that a busy moment of the machine meets all alike; the first turn only warms up."""
    rounds = [{name: asking(one) for name, one in wanted.items()} for _ in range(ROUNDS + 1)][1:]
    return {name: [turn[name] for turn in rounds] for name in wanted}


def table(title: str, measured: Mapping[str, Sequence[Round]]) -> None:
    """Print rates, what part of the empty view's they are in the same round, and times."""
    print(f"{title:30}{'min':>7}{'median':>8}{'max':>7}  requests/s{'of empty':>10}{'median ms':>11}{'p99 ms':>8}")
    for name, rounds in measured.items():
        rates = [one.rate for one in rounds]
        took = sorted(seconds * 1000 for one in rounds for seconds in one.took)
        figures = f"{min(rates):7.0f}{statistics.median(rates):8.0f}{max(rates):7.0f}{ratio(measured, name):22.2f}"
        print(f"{name:30}{figures}{statistics.median(took):11.2f}{took[int(len(took) * 0.99)]:8.2f}")


def ratio(measured: Mapping[str, Sequence[Round]], name: str) -> float:
    """Return the median over the rounds of a rate as a part of the empty view's."""
    return statistics.median(one.rate / empty.rate for one, empty in zip(measured[name], measured[EMPTY], strict=True))


def verdict(measured: Mapping[str, Sequence[Round]]) -> str:
    """Say whether the list is as quick as it should be."""
    rate, part = statistics.median(one.rate for one in measured[FIRST]), ratio(measured, FIRST)
    said = "met" if rate >= TARGET_RATE and part >= TARGET_RATIO else "MISSED"
    return f"target for the first page at one client: {TARGET_RATE} requests/s and {TARGET_RATIO:.2f} of the empty view: {said}"


def main() -> None:
    """Print the table."""
    with server(filled(), BENCH) as running, ThreadPoolExecutor(CLIENTS) as pool:
        clients = [Client(running.port) for _ in range(CLIENTS)]
        wanted = targets(clients[0])

        def together(one: Wanted) -> Round:
            rounds = list(pool.map(lambda client: ask(client, one), clients))
            return Round(sum(part.rate for part in rounds), [took for part in rounds for took in part.took])

        alone = in_turns(wanted, lambda one: ask(clients[0], one))
        table("one client", alone)
        print(verdict(alone))
        table(f"{CLIENTS} clients", in_turns({name: wanted[name] for name in (EMPTY, FIRST)}, together))


if __name__ == "__main__":
    main()
