"""Every page of a platform that has been used for years, as its fullest people ask for it: the server's time, without the network."""

import statistics
import time
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from django.core.management import call_command
from django.test import Client

from bench.crowd import Crowd, crowd
from bench.filling import fill
from bench.page_addresses import about_the_living, addresses, head_of
from roadstead.catalog.models import App, Version
from roadstead.clusters import live
from roadstead.runtimes.sdk import TimedOut
from tests.isolation.world import World, world

if TYPE_CHECKING:
    from roadstead.accounts.models import User
    from roadstead.clusters.models import Cluster

APPS = 10_000
ROUNDS, SHOWN = 7, 12
PAGE_MS, SEARCH_MS = 100, 20
SEARCHES = {f"search {words}": f"/api/v1/store/apps?q={words}" for words in ("博客", "wordp", "xyzzy")}


class Timed(NamedTuple):
    """One page: the median and the longest of its times in milliseconds, and whose eyes it was made for."""

    median: float
    longest: float
    name: str
    role: str


def main() -> None:
    """Fill, ask for everything, and print the slowest."""
    call_command("migrate", verbosity=0)
    fill(APPS)
    people, made = crowd(), world()
    # What a cluster takes to answer isn't the server's time.
    live.asked, live.refresh = _silent, lambda cluster: cluster
    asked = {**dict(addresses(made)), **dict(about_the_living(people.administrator))}
    pages = sorted(timed for person in _eyes(people, made) for timed in _timed(person, asked.items()))[::-1]
    versions = Version.objects.count()
    print(f"{len(pages)} pages at {App.objects.count():,} apps and {versions:,} versions{'':12}median     max  ms")
    for one in pages[:SHOWN]:
        print(f"{one.name[:44]:46}{one.role[:18]:20}{one.median:6.0f}{one.longest:8.0f}")
    _verdict(f"every page within {PAGE_MS} ms", pages, PAGE_MS)
    for name in sorted({_kind(name) for name in asked} - {_kind(page.name) for page in pages}):
        print(f"NOT SEEN by any of them: {name}")
    found = list(_timed(people.administrator, SEARCHES.items()))
    _verdict(f"every search within {SEARCH_MS} ms", found, SEARCH_MS)


def _verdict(promise: str, timed: list[Timed], limit: float) -> None:
    slowest = max(timed)
    said = "met" if slowest.median <= limit else "MISSED"
    print(f"target: {promise}: {said} ({slowest.name}: {slowest.median:.1f} ms)")


def _silent(cluster: "Cluster", question: object) -> NoReturn:
    raise TimedOut(live.NO_ANSWER(seconds=1))


def _eyes(people: Crowd, made: World) -> "tuple[User, ...]":
    return people.administrator, people.developer, people.user, head_of(made)


def _kind(name: str) -> str:
    """Return the page, whatever it is about."""
    return name.partition("/")[0].partition(",")[0]


def _timed(person: "User", addresses: "Iterable[tuple[str, str]]") -> Iterator[Timed]:
    """Time what this person reaches; the first answer warms up."""
    client = Client(headers={"host": "localhost"})
    client.force_login(person)
    for name, address in addresses:
        if client.get(address).status_code == HTTPStatus.OK:  # what is refused isn't this person's page
            took = [_once(client, address) for _ in range(ROUNDS)]
            yield Timed(statistics.median(took), max(took), name, person.role_id)


def _once(client: Client, address: str) -> float:
    started = time.perf_counter()
    client.get(address)
    return (time.perf_counter() - started) * 1_000
