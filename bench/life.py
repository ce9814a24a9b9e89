"""The life of an app over the API: created with its chart, submitted, claimed and passed three times, released, read in the store.

Ten requests, the first with the full check of the chart, each waited for; by one client and by eight, on SQLite and on PostgreSQL.
"""

import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from typing import NamedTuple, TypeVar

from bench.client import Client
from bench.engine import both_databases
from bench.installation import printed_inside, server, used
from roadstead.packaging.factories import chart

SECONDS, CLIENTS = 6.0, 8
STAGES = ("provider", "business", "technical")
BOUNDARY = "roadstead-bench"
# Lives a second at one client and at eight; requests a second for the nine after the upload, uploads a second, reads a second.
LIVES, NINE, UPLOADS, READS = {1: 8, CLIENTS: 12}, 40, 12, 800
_numbers = count(1)
T = TypeVar("T")


class Life(NamedTuple):
    """The seconds of a life, and of its upload alone."""

    whole: float
    upload: float


def upload() -> bytes:
    """Return a form with a chart of some 8 KB that nobody has sent before."""
    number = next(_numbers)
    head = f"apiVersion: v2\nname: app-{number}\nversion: 0.1.0\nappVersion: '1'\ndescription: one of many\n"
    packed = chart({"Chart.yaml": head, "files/random.txt": os.urandom(4_000).hex()})
    parts = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="package"; filename="app-{number}.tgz"\r\n'
    return f"{parts}Content-Type: application/gzip\r\n\r\n".encode() + packed + f"\r\n--{BOUNDARY}--\r\n".encode()


class Cast:
    """One client that acts as everybody."""

    def __init__(self, port: int, tokens: Mapping[str, str]) -> None:
        self._client = Client(port)
        self._header = {name: f"Authorization: Bearer {token}\r\n" for name, token in tokens.items()}

    def create(self) -> tuple[str, str]:
        """Create an app from a chart; return it and its version."""
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        made = self._client.post("/api/v1/apps", self._header["developer"], upload(), kind)
        return made["app"]["id"], made["version"]["id"]

    def live(self) -> Life:
        """Lead one app through its whole life."""
        begun = time.perf_counter()
        app, version = self.create()
        created = time.perf_counter()
        developer = self._header["developer"]
        review = self._client.post(f"/api/v1/versions/{version}/submit", developer)["submission"]
        for stage in STAGES:
            for verb in ("claim", "pass"):
                self._client.post(f"/api/v1/reviews/{review}/{verb}", self._header[stage], json.dumps({"stage": stage}).encode())
        self._client.post(f"/api/v1/versions/{version}/release", developer)
        self._client.json(f"/api/v1/store/apps/{app}")
        return Life(time.perf_counter() - begun, created - begun)

    def read(self, version: str) -> None:
        """Read one version, signed in."""
        self._client.get(f"/api/v1/versions/{version}", self._header["developer"])


class Figure(NamedTuple):
    """What is done how often in a second, and the processor time that the server and its Helm took for each; the goal, if there is one."""

    name: str
    rate: float
    used: float
    goal: float = 0

    def line(self) -> str:
        """Return the row of the table."""
        verdict = f"   target {self.goal}: {'met' if self.rate >= self.goal else 'MISSED'}" if self.goal else ""
        return f"{self.name:40}{self.rate:9.1f}{self.used:12.1f}{verdict}"


class Bench(NamedTuple):
    """A running server, and who its clients act as."""

    port: int
    process: int
    tokens: Mapping[str, str]

    def rate(self, name: str, act: Callable[[Cast], T], *, clients: int, goal: float) -> tuple[Figure, list[T]]:
        """Have so many do something for so many seconds at once."""

        def often(_client: int) -> list[T]:
            one = Cast(self.port, self.tokens)
            done, end = [act(one)], time.perf_counter() + SECONDS
            while time.perf_counter() < end:
                done.append(act(one))
            return done

        begun, before = time.perf_counter(), used(self.process)
        with ThreadPoolExecutor(clients) as pool:
            done = [one for many in pool.map(often, range(clients)) for one in many]
        took = time.perf_counter() - begun
        title = f"{name}, {clients} client{'s' if clients > 1 else ''}"
        return Figure(title, len(done) / took, (used(self.process) - before) / len(done), goal), done

    def figures(self) -> Iterator[Figure]:
        """Measure everything."""
        _app, version = Cast(self.port, self.tokens).create()
        for clients in (1, CLIENTS):
            figure, lives = self.rate("lives", Cast.live, clients=clients, goal=LIVES[clients])
            yield figure
            after = sum(life.whole - life.upload for life in lives) / len(lives)
            yield Figure("  their requests after the upload", 9 * clients / after, 0, NINE)
        yield self.rate("uploads with their check", Cast.create, clients=CLIENTS, goal=UPLOADS)[0]
        yield self.rate("one version read signed in", lambda one: one.read(version), clients=1, goal=READS)[0]


def main() -> None:
    """Print a table for each database."""
    with both_databases() as addresses:
        for address in addresses:
            with tempfile.TemporaryDirectory(prefix="roadstead-bench-") as name:
                folder = Path(name)
                with server(folder, database=address):
                    pass  # makes the keys and the tables
                tokens = json.loads(printed_inside(folder, "bench.people", database=address))
                with server(folder, database=address) as running:
                    title = f"the life of an app on {'PostgreSQL' if address else 'SQLite'}"
                    print(f"{title:40} a second  processor ms each")
                    for figure in Bench(running.port, running.process, tokens).figures():
                        print(figure.line(), flush=True)


if __name__ == "__main__":
    main()
