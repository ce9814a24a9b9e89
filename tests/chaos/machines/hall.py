"""The hall in which the machines of pretended clouds stand: each that runs by its ledger has power, and is started again when it ends."""

import os
import subprocess
import sys
import threading
from pathlib import Path

from tests.chaos.machines import processes
from tests.chaos.machines.machine import MARK, SERVED
from tests.testbeds.cloud.ledger import Ledger, Thing

ROOT = Path(__file__).parents[3]
LOOK = 0.2
Standing = tuple[Path, str, int]


class Hall:
    """Watches the ledgers; below `folder` every machine has a folder that is its disk, which stays when it is gone."""

    def __init__(self, folder: Path, platform: str) -> None:
        self._folder, self._platform = folder, platform
        self._ledgers: dict[int, Ledger] = {}
        self._running: dict[Standing, subprocess.Popen[bytes]] = {}
        self._turn = threading.Lock()
        self._over = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()

    def ledger(self, seed: int) -> Ledger:
        """Return the ledger of a cloud of this seed, watched from now on."""
        with self._turn:
            if seed not in self._ledgers:
                (self._folder / str(seed)).mkdir()
                self._ledgers[seed] = Ledger(self._folder / str(seed) / "ledger")
            return self._ledgers[seed]

    def forget(self, seed: int) -> None:
        """Watch a ledger no more; what ran there ends."""
        with self._turn:
            del self._ledgers[seed]

    def lines(self, seed: int, token: str) -> list[str]:
        """Return what a machine has written down, on all machines of that token one after the other."""
        disks = sorted((self._folder / str(seed)).glob(f"{token}.*/disk"), key=lambda disk: int(disk.parent.name.rpartition("-")[2]))
        return [line for disk in disks for line in disk.read_text().splitlines()]

    def served(self, seed: int, token: str) -> int:
        """Return how often what the service begins is running on a machine."""
        folders = (self._folder / str(seed)).glob(f"{token}.*")
        return sum(processes.runs(pid, SERVED) for folder in folders for pid in processes.marked(_mark(folder)))

    def kill(self, seed: int, token: str, *, first: bool) -> bool:
        """`kill -9` all of a machine, as the loss of its power would, or its agent alone; False when it doesn't run."""
        with self._turn:
            found = [one for one in self._running if one[0].parent.name == str(seed) and one[0].name.startswith(f"{token}.")]
            for standing in found:
                if first:
                    _end(standing[0], self._running[standing])
                    return True
                return processes.kill_child(self._running[standing].pid, _mark(standing[0]))
        return False

    def close(self) -> None:
        """Take the power from all."""
        self._over.set()
        self._watcher.join()
        for standing, process in self._running.items():
            _end(standing[0], process)

    def _watch(self) -> None:
        while not self._over.wait(LOOK):
            with self._turn:
                wanted = self._wanted()
                for standing, process in [*self._running.items()]:
                    # Whose first process has ended has lost its power, and gets it again.
                    if standing not in wanted or process.poll() is not None:
                        _end(standing[0], self._running.pop(standing))
                for standing, machine in wanted.items():
                    if standing not in self._running:
                        self._running[standing] = self._begun(standing[0], machine)

    def _wanted(self) -> dict[Standing, Thing]:
        return {
            (self._folder / str(seed) / f"{machine.token}.{machine.id}", machine.name, machine.facts["started"]): machine
            for seed, ledger in self._ledgers.items()
            for machine in ledger.things("machine")
            if machine.facts["running"]
        }

    def _begun(self, folder: Path, machine: Thing) -> subprocess.Popen[bytes]:
        folder.mkdir(exist_ok=True)
        (folder / "boot.json").write_text(machine.facts["boot"])
        # Of a random token there is no luck that comes again; what a machine is for is named in its name.
        luck = f"{folder.parent.name} {machine.name.rpartition('_')[2]}"
        command = [sys.executable, "-m", "tests.chaos.machines.machine", str(folder), self._platform, machine.facts["address"], luck]
        with (folder / "console").open("ab") as console:
            return subprocess.Popen(command, cwd=ROOT, stdout=console, stderr=console, env={**os.environ, MARK: str(folder)})


def _mark(folder: Path) -> str:
    return f"{MARK}={folder}"


def _end(folder: Path, first: subprocess.Popen[bytes]) -> None:
    """End all of a machine; what its processes begin meanwhile too."""
    first.kill()
    first.wait()
    while processes.kill_marked(_mark(folder)):
        pass
