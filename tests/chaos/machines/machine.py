"""A pretended machine: the agent as every machine has it, which does what it is ordered by writing down that it did.

`python -m tests.chaos.machines.machine <folder> <platform> <luck>`; the folder holds `boot.json`, as on a machine's disk. Nodes find
their frontgate at a socket named for its address, in the folder above, where the disks are too. Ended, it is a machine without power.
"""

import random
import socket
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from roadstead_agent import counter, frontgate, node
from roadstead_agent.agent import Agent
from roadstead_agent.boot import Boot
from roadstead_agent.http import Line
from roadstead_agent.journal import Journal
from roadstead_agent.relay import PostBox, Relay
from roadstead_agent.work import Answer, Verb, Work, done, failed

if TYPE_CHECKING:
    from collections.abc import Callable

QUICK = ("disk.format_mount", "disk.unmount", "check")
LOOK = 0.05


class Deeds:
    """What is ordered of a machine, done by a line in the file that is its disk. By its luck one service fails, the first time."""

    def __init__(self, disk: Path, luck: str) -> None:
        self._disk = disk
        self._chance = random.Random(luck)
        self._unlucky = self._chance.choice(("init", "start", "stop", "none", "none", "none", "none", "none"))
        self.stopping: Callable[[], bool] = bool

    def verbs(self) -> dict[str, Verb]:
        """Return what can be ordered of a node."""
        told = {"service": self.service, "metadata": self.told, "templates": self.templates}
        return {**dict.fromkeys(QUICK, self.quick), **told}

    def of_frontgate(self) -> dict[str, Verb]:
        """Return what can be ordered of a frontgate."""
        return {"tree.put": self.put, "tree.delete": self.delete}

    def wrote(self, line: str) -> None:
        """Write a line."""
        with self._disk.open("a") as disk:
            disk.write(f"{line}\n")

    def lines(self) -> list[str]:
        """Return all lines."""
        return self._disk.read_text().splitlines() if self._disk.exists() else []

    def service(self, work: Work) -> Answer:
        """Run a service."""
        name = str(work.params["name"])
        fails = name == self._unlucky and f"{name} failed" not in self.lines()
        self.wrote(f"{name} begun")
        end = time.monotonic() + self._chance.uniform(0.05, 0.8)
        while time.monotonic() < end:
            if self.stopping():
                self.wrote(f"{name} withdrawn")
                return {"state": "failed", "exit_code": 143, "result": {"problem": "withdrawn"}}
            time.sleep(LOOK)
        self.wrote(f"{name} {'failed' if fails else 'ended'}")
        return failed("service", "it failed, this once") if fails else done()

    def quick(self, work: Work) -> Answer:
        """Do what takes no time."""
        self.wrote(work.verb)
        return done()

    def told(self, work: Work) -> Answer:
        """Hear where metadata is."""
        self.wrote(f"metadata {work.params['etcd']['url']}")
        return done()

    def templates(self, work: Work) -> Answer:
        """Write the configuration; before it was heard where metadata is, there is nothing to write."""
        if not any(line.startswith("metadata ") for line in self.lines()):
            return failed("templates", "this machine has not been told where its metadata is")
        return self.quick(work)

    def put(self, work: Work) -> Answer:
        """Hold a tree."""
        nodes: dict[str, Any] = work.params["nodes"]
        self.wrote(f"tree.put {work.params['cluster']}")
        return done(etcd={"url": "https://store.test:2379", "ca": ""}, users=dict.fromkeys(nodes, "password"))

    def delete(self, work: Work) -> Answer:
        """Hold a tree no more."""
        self.wrote(f"tree.delete {work.params['cluster']}")
        return done()


class _Counter(counter.Counter):
    """A frontgate's counter at a socket: on the tests' own machine the addresses of the pretended cloud lead nowhere."""

    address_family = socket.AF_UNIX

    def __init__(self, path: Path, relay: Relay, box: PostBox) -> None:
        self._path = path
        super().__init__(0, relay, box)

    def server_bind(self) -> None:
        """Be at the socket."""
        self._path.unlink(missing_ok=True)
        self.socket.bind(str(self._path))


def _at(boot: Boot, address: str) -> Path:
    return boot.folder.parent / f"{address}.sock"


def _frontgate(boot: Boot, platform: str, address: str, deeds: Deeds) -> None:
    agent = Agent(boot, lambda: Line(platform))
    _stopped_by(deeds, agent.journal)
    box, relay = PostBox(), Relay(agent.link())
    relay.start()
    _Counter(_at(boot, address), relay, box).start()
    agent.start(deeds.of_frontgate())
    agent.reporter.boot("relay")
    agent.reporter.fact(store="kept")
    frontgate.follow(agent, box)


def _node(boot: Boot, deeds: Deeds) -> None:
    place = str(_at(boot, boot.frontgate.partition(":")[0]))
    agent = Agent(boot, lambda: Line(place))
    _stopped_by(deeds, agent.journal)
    agent.start(deeds.verbs())
    node.follow(agent, Line(place))


def _stopped_by(deeds: Deeds, journal: Journal) -> None:
    deeds.stopping = journal.stopping


def main(folder: str, platform: str, address: str, luck: str) -> None:
    """Be the machine whose folder this is."""
    boot = Boot.read(Path(folder))
    deeds = Deeds(boot.folder / "disk", luck)
    deeds.wrote("power")
    if boot.role == "frontgate":
        _frontgate(boot, platform, address, deeds)
    else:
        _node(boot, deeds)


if __name__ == "__main__":
    main(*sys.argv[1:])
