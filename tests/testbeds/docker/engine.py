"""Starts, restarts and stops an engine that shares nothing with the machine's: data, exec root, socket, bridges and groups are its own.

Published ports are served on 127.0.0.1 by the engine's own proxies. Containers reach each other within a network and nothing outside; the
machine's packet filter is left as it is but for one rule, where it drops what passes a bridge.
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from docker.client import DockerClient
from docker.errors import DockerException

from tests.ports import free_ports
from tests.testbeds import groups
from tests.testbeds.debian import Unpacked, unpacked
from tests.testbeds.docker.network import SLOTS, bridge_name, bridges, forget, let_through, make_bridge, pool, remove_bridges
from tests.testbeds.images import PACKAGES, ROOM, archives
from tests.testbeds.kubernetes import certificates
from tests.testbeds.kubernetes.build import CannotBuild, cache, locked

NAME = "roadstead-docker-"
BASE = "roadstead.test/base:1"
MACHINE = "roadstead.test/machine:1"
FOLDER = Path(__file__).with_name("images")
IMAGES = {BASE: FOLDER / "base", MACHINE: FOLDER / "machine"}
START_SECONDS = 120
STARTS = 3
STOP_SECONDS = 60
MEMORY = Path("/dev/shm")  # noqa: S108  # a folder with a name of our own is made in it


class EngineFailed(Exception):
    """The engine did not come up; the message has its last words."""


@dataclass(frozen=True)
class Engine:
    """An engine of the tests' own, up or down; what it keeps lies in `folder` until `remove`. Another process may read and use it."""

    folder: Path
    slot: int
    port: int
    owner: int
    bridged: bool = False

    @classmethod
    def start(cls, *, owner: int | None = None, bridged: bool = False) -> Self:
        """Start an engine that has the tests' images. `owner` is the process whose end makes it a leftover.

        What is built on one that is `bridged` reaches this machine, at `network.doorstep`.

        Raises `CannotBuild` or `EngineFailed`.
        """
        if os.geteuid() != 0:
            raise CannotBuild("an engine of the tests' own is started by root only")
        archives(IMAGES)
        folder = Path(tempfile.mkdtemp(prefix=NAME, dir=_room()))
        with locked(cache() / "docker.lock"):
            engine = cls(folder, _free_slot(), free_ports(1)[0], os.getpid() if owner is None else owner, bridged)
            (folder / "state.json").write_text(json.dumps({**asdict(engine), "folder": str(folder)}))
        try:
            _write_certificates(folder / "certs")
            engine.up()
            engine.load(IMAGES)
            with contextlib.closing(engine.client()) as client:
                client.images.get(BASE).tag("debian:12")
        except BaseException:
            engine.remove()
            raise
        return engine

    @classmethod
    def read(cls, state: Path) -> Self:
        """Return the engine that another process started."""
        told = json.loads(state.read_text())
        return cls(**{**told, "folder": Path(told["folder"])})

    @property
    def path(self) -> Path:
        """Where the engine is asked on this machine."""
        return self.folder / "socket"

    @property
    def host(self) -> str:
        """The same as the engine's clients want it in `DOCKER_HOST`."""
        return f"unix://{self.path}"

    @property
    def remote(self) -> str:
        """What signs in over TLS, as people paste it: the address, then the authority, the client's certificate and its key."""
        parts = [(self.folder / "certs" / name).read_text() for name in ("ca.crt", "client.crt", "client.key")]
        return "\n".join([f"tcp://127.0.0.1:{self.port}", *parts])

    @property
    def alive(self) -> bool:
        """Whether the engine's first process runs."""
        return _runs(self._first())

    def client(self) -> DockerClient:
        """Return a client of it; whoever asks for it closes it."""
        return DockerClient(base_url=self.host, timeout=60)

    def load(self, folders: Mapping[str, Path]) -> None:
        """Have the images of these folders with a Dockerfile, built from `debian:12` once and then kept on this machine."""
        with contextlib.closing(self.client()) as client:
            for archive in archives(folders).values():
                with archive.open("rb") as packed:
                    client.images.load(packed)

    def up(self) -> None:
        """Start the engine on what it keeps, and wait until it answers. Containers that shall run do so again."""
        for tries_left in reversed(range(STARTS)):
            self._begin()
            try:
                self._await()
            except EngineFailed:
                # On a busy machine it gives up on its own parts after a quarter of a minute.
                if not tries_left:
                    raise
            else:
                return

    def _begin(self) -> None:
        # What it knows of processes is of those that are gone; a number of theirs may be another's now.
        shutil.rmtree(self.folder / "exec", ignore_errors=True)
        (self.folder / "exec").mkdir()
        let_through(self.slot)
        if self.bridged:
            make_bridge(self.slot)
        programs = unpacked(PACKAGES)
        alone = ["unshare", "--mount", "--pid", "--fork", "--mount-proc", "--propagation", "private", "--kill-child"]
        inside = [sys.executable, "-m", "tests.testbeds.docker.inside", *self._dockerd(programs)]
        with (self.folder / "log").open("ab") as log:
            # A session of its own: a Ctrl-C meant for the tests must not stop it half-way.
            outer = subprocess.Popen(
                [*alone, *inside],
                env={**programs.environment, "PYTHONPATH": str(Path(__file__).parents[3])},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd=self.folder,
            )  # our own words
        self._note(outer)
        # It goes on without this object, and is ended by its id, maybe from another process: nothing to warn of.
        outer.returncode = 0

    def down(self) -> None:
        """Stop the engine as a machine that shuts down does: containers are asked to end."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Stop the engine as a machine without power does, with all that runs in it."""
        self._end(signal.SIGKILL)

    def remove(self) -> None:
        """Stop the engine for good and take away all that it had."""
        self.kill()
        remove_bridges(self.slot)
        forget(self.slot)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _dockerd(self, programs: Unpacked) -> list[str]:
        home, certs = self.folder, self.folder / "certs"
        (home / "config.json").write_text(json.dumps({"deprecated-key-path": f"{home}/key.json"}))
        return [
            shutil.which("dockerd", path=programs.environment["PATH"]) or "dockerd",
            *("--config-file", f"{home}/config.json"),
            *("--data-root", f"{home}/data", "--exec-root", f"{home}/exec", "--pidfile", f"{home}/exec/pid"),
            *("--host", self.host, "--host", f"tcp://127.0.0.1:{self.port}", "--tlsverify"),
            *("--tlscacert", f"{certs}/ca.crt", "--tlscert", f"{certs}/server.crt", "--tlskey", f"{certs}/server.key"),
            *("--iptables=false", "--ip6tables=false", "--ip-masq=false", "--ip-forward=false"),
            f"--bridge={bridge_name(self.slot) if self.bridged else 'none'}",
            *("--default-address-pool", f"base={pool(self.slot)},size=26", "--cgroup-parent", f"/{home.name}"),
        ]

    def _note(self, outer: "subprocess.Popen[bytes]") -> None:
        """Write down the first process inside: it is what ends the others."""
        children = Path(f"/proc/{outer.pid}/task/{outer.pid}/children")
        while outer.poll() is None:
            told = children.read_text().split()
            if told:
                (self.folder / "first").write_text(told[0])
                return
            time.sleep(0.02)
        raise CannotBuild("namespaces of its own can't be made on this machine")

    def _first(self) -> int:
        file = self.folder / "first"
        return int(file.read_text()) if file.exists() else 0

    def _await(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.alive:
            if self._listens():
                with contextlib.suppress(DockerException, OSError), contextlib.closing(self.client()) as client:
                    client.ping()
                    return
            time.sleep(0.1)
        last = ((self.folder / "log").read_text().strip().splitlines() or ["no output"])[-1]
        self.kill()
        raise EngineFailed(f"the tests' engine did not start: {last}")

    def _listens(self) -> bool:
        with socket.socket(socket.AF_UNIX) as line:
            return line.connect_ex(str(self.path)) == 0

    def _end(self, sign: signal.Signals) -> None:
        first = self._first()
        for number, patience in ((sign, STOP_SECONDS), (signal.SIGKILL, STOP_SECONDS)):
            if not _runs(first):
                break
            os.kill(first, number)
            deadline = time.monotonic() + patience
            while _runs(first) and time.monotonic() < deadline:
                time.sleep(0.05)
        groups.remove(self.folder.name)
        self.path.unlink(missing_ok=True)


def sweep() -> None:
    """Remove engines whose owner is gone: a test run that was killed leaves one behind."""
    for state in _states():
        # Another run may be writing or removing its own at this moment; another version may have written other things down.
        with contextlib.suppress(FileNotFoundError, ValueError, TypeError):
            engine = Engine.read(state)
            if not Path(f"/proc/{engine.owner}").exists():
                engine.remove()


def _states() -> Iterator[Path]:
    for root in {MEMORY, Path(tempfile.gettempdir())}:
        yield from root.glob(f"{NAME}*/state.json")


def _room() -> Path | None:
    """Return the folder in memory if it is large enough: an engine waits for the disk after every layer."""
    return MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM else None


def _free_slot() -> int:
    taken = set()
    for state in _states():
        with contextlib.suppress(FileNotFoundError, ValueError, TypeError):
            taken.add(Engine.read(state).slot)
    for slot in SLOTS:
        if slot not in taken and not bridges(slot):
            return slot
    raise CannotBuild("every address range for the tests' engines is taken")


def _write_certificates(folder: Path) -> None:
    folder.mkdir(mode=0o700)
    authority = certificates.Authority.make()
    (folder / "ca.crt").write_bytes(certificates.pem(authority.certificate))
    authority.issue(folder, "server", "docker", serving=(certificates.LOOPBACK,))
    authority.issue(folder, "client", "roadstead")


def _runs(pid: int) -> bool:
    """Whether the first process is there; the number may have gone to somebody else since."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    # In its very first moment it is still the program that made its namespaces.
    return state != "Z" and (b"tests.testbeds.docker.inside" in words)
