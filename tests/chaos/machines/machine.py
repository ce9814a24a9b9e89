"""A pretended machine: first process and agent as every machine has them; what is ordered writes down that it was done.

`python -m tests.chaos.machines.machine <folder> <platform> <address> <luck>`; the folder holds `boot.json`, as on a machine's disk. Nodes
find their frontgate at a socket named for its address, in the folder above. Every process of a machine carries `MARK` in its environment:
when all of them have ended, it is a machine without power.
"""

import ctypes
import random
import shutil
import socket
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from shlex import quote
from typing import Any

from roadstead_agent import counter, frontgate, node
from roadstead_agent.again import Again
from roadstead_agent.agent import Agent
from roadstead_agent.boot import Boot
from roadstead_agent.http import Line
from roadstead_agent.init import Child, Init
from roadstead_agent.lasting import Lasting
from roadstead_agent.relay import PostBox, Relay
from roadstead_agent.verbs import Services
from roadstead_agent.work import Answer, Verb, Work, done, failed

MARK = "ROADSTEAD_TEST_MACHINE"
SERVED = "sleep 1000000"
QUICK = ("disk.format_mount", "disk.unmount", "check")
_ADOPT_ORPHANS = 36


class Deeds:
    """What is ordered of a machine, done by a line in the file that is its disk. By its luck one service fails, the first time."""

    def __init__(self, folder: Path, luck: str, services: Services) -> None:
        self._disk, self._run = folder / "disk", folder / "run"
        self._services = services
        self._chance = random.Random(luck)
        self._unlucky = self._chance.choice(("init", "start", "stop", "none", "none", "none", "none", "none"))

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
        """Run a service as a node does, with a text of ours."""
        work.params = {**work.params, "cmd": self._text(str(work.params["name"]))}
        return self._services.run(work)

    def _text(self, name: str) -> str:
        """Return what a service runs. What is served holds a lock for as long as it runs, so that a second start finds it running."""
        disk, lock, served = (quote(str(path)) for path in (self._disk, self._run / "lock", self._run / "served"))
        fails = f"grep -q '^{name} failed' {disk} || {{ echo {name} failed >> {disk}; exit 1; }}" if name == self._unlucky else ":"
        ours = f'grep -q "{MARK}=${MARK}" /proc/$(cat {served})/environ'
        does = {
            "start": f"flock -n {lock} sh -c 'echo $$ > {served}; exec {SERVED}' > /dev/null 2>&1 & sleep 0.1",
            # Numbers of processes come again: never end another's.
            "stop": f"if [ -e {served} ]; then {ours} && kill $(cat {served}); rm {served}; fi",
        }
        lines = [f"echo {name} begun >> {disk}", f"sleep {self._chance.uniform(0.05, 0.8):.2f}", fails, does.get(name, ":")]
        return "\n".join([*lines, f"echo {name} ended >> {disk}"])

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


def _frontgate(boot: Boot, platform: str, address: str, deeds: Callable[[Services], Deeds]) -> None:
    agent = Agent(boot, lambda: Line(platform))
    box, relay = PostBox(), Relay(agent.link())
    relay.start()
    _Counter(_at(boot, address), relay, box).start()
    agent.start(deeds(Services(Lasting(boot.kept("lasting")), lambda: None)).of_frontgate())
    agent.reporter.boot("relay")
    agent.reporter.fact(store="kept")
    frontgate.follow(agent, box)


def _node(boot: Boot, deeds: Callable[[Services], Deeds]) -> None:
    place = str(_at(boot, boot.frontgate.partition(":")[0]))
    lasting = Lasting(boot.kept("lasting"))
    fresh = lasting.new_life()
    agent = Agent(boot, lambda: Line(place))
    again = Again(lasting, agent.reporter.boot)
    if fresh:
        again.begin()
    agent.start(deeds(Services(lasting, again.leave)).verbs())
    node.follow(agent, Line(place))


def _agent(boot: Boot, platform: str, address: str, luck: str) -> None:
    deeds = partial(Deeds, boot.folder, luck)
    if boot.role == "frontgate":
        _frontgate(boot, platform, address, deeds)
    else:
        _node(boot, deeds)


def main(folder: str, platform: str, address: str, luck: str) -> None:
    """Be the first process of the machine whose folder this is."""
    boot = Boot.read(Path(folder))
    with (boot.folder / "disk").open("a") as disk:
        disk.write("power\n")
    shutil.rmtree(boot.folder / "run", ignore_errors=True)
    (boot.folder / "run").mkdir()
    # Like the first process of a machine this one buries whoever has lost their parent.
    ctypes.CDLL(None).prctl(_ADOPT_ORPHANS, 1, 0, 0, 0)
    Init([Child("the agent", partial(_agent, boot, platform, address, luck))], stop_seconds=0).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
