"""Runs etcd on a frontgate: with TLS, closed to strangers before anybody can reach it, started again when it dies."""

from __future__ import annotations

import os
import platform
import secrets
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from roadstead_agent.etcd import Etcd, EtcdError

START_SECONDS = 60.0
STOP_SECONDS = 10.0
LONGEST_PAUSE = 5.0
MOST_OPERATIONS = 4096
MOST_BYTES = 8 * 1024 * 1024
TAIL_BYTES = 2000
_TAKEN = "address already in use"


class Killed(EtcdError):
    """Somebody ended it, or was before it; its data is no worse for that."""


@dataclass(frozen=True)
class Tls:
    """Files: the certificate for the frontgate's address and 127.0.0.1, its key, and the authority that signed it."""

    certificate: str
    key: str
    ca: str


class EtcdProcess:
    """One etcd and its folder. The folder holds a secret, the data, and a mark that says that the data is closed to strangers."""

    most_operations = MOST_OPERATIONS

    def __init__(self, folder: Path, address: str, tls: Tls, *, program: str, log: Callable[[str], None]) -> None:
        self._folder = Path(folder)
        self._host, _, port = address.rpartition(":")
        self._port = int(port)
        self._tls, self._program, self._log = tls, program, log
        self._process: subprocess.Popen[bytes] | None = None
        self._stopping = threading.Event()
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        """Where the frontgate itself reaches it."""
        return f"https://127.0.0.1:{self._port}"

    @property
    def pid(self) -> int:
        """Its process id, 0 when it does not run."""
        process = self._process
        return process.pid if process and process.poll() is None else 0

    def secret(self) -> bytes:
        """Return what all passwords of this store are made from."""
        path = self._folder / "secret"
        if not path.exists():
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            fresh = path.with_suffix(".new")
            fresh.touch(mode=0o600)
            fresh.write_bytes(secrets.token_bytes(32))
            fresh.replace(path)
            # Passwords of before open nothing any more: neither does what they closed.
            self._mark.unlink(missing_ok=True)
        return path.read_bytes()

    def start(self, set_up: Callable[[str], None], restore: Callable[[], None]) -> bool:
        """Start it and keep it running; True when it began from nothing.

        `set_up` closes a new etcd, at the address it is given, to strangers; `restore` is called whenever one that died lost its data.
        """
        self._stopping.clear()
        fresh = self._begin(set_up)
        threading.Thread(target=self._keep, args=(set_up, restore), name="etcd", daemon=True).start()
        return fresh

    def stop(self) -> None:
        """End it."""
        self._stopping.set()
        with self._lock:
            self._end()

    @property
    def _mark(self) -> Path:
        return self._folder / "closed"

    def _begin(self, set_up: Callable[[str], None]) -> bool:
        """Run it: with the data that is there, else with none."""
        with self._lock:
            self.secret()
            self._end_orphan()
            if self._mark.exists():
                try:
                    self._run()
                except Killed:
                    raise
                except EtcdError as problem:
                    self._log(f"etcd does not start with its data, so it begins from nothing: {problem}")
                else:
                    return False
            self._make_new(set_up)
            self._run()
            return True

    def _make_new(self, set_up: Callable[[str], None]) -> None:
        """Make an empty store that lets nobody in without a password; until then only this machine can reach it."""
        self._mark.unlink(missing_ok=True)
        shutil.rmtree(self._folder / "data", ignore_errors=True)
        self._run(only_here=True)
        try:
            set_up(self.url)
        finally:
            self._end()
        self._mark.touch()

    def _run(self, *, only_here: bool = False) -> None:
        log = self._folder / "etcd.log"
        with log.open("wb") as output:
            try:
                self._process = subprocess.Popen(  # noqa: S603  # a fixed program and our own words
                    self._command(only_here=only_here),
                    cwd=self._folder,
                    env=_environment(),
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    start_new_session=True,
                )
            except OSError as problem:
                raise EtcdError(f"etcd cannot be run: {problem}") from problem
        (self._folder / "pid").write_text(str(self._process.pid))
        try:
            self._await(self._process)
        except EtcdError:
            self._end()
            raise

    def _await(self, process: subprocess.Popen[bytes]) -> None:
        probe = Etcd(self.url, "", "", self._tls.ca)
        deadline = time.monotonic() + START_SECONDS
        try:
            while process.poll() is None and time.monotonic() < deadline:
                if _answers(probe):
                    return
                time.sleep(0.02)
        finally:
            probe.close()
        if (process.returncode or 0) < 0:
            raise Killed("etcd was killed while it started")
        tail = self._tail()
        if _TAKEN in tail:
            raise Killed(f"etcd has to wait for its port: {tail}")
        raise EtcdError(f"etcd did not come up: {tail}")

    def _command(self, *, only_here: bool) -> list[str]:
        hosts = ["127.0.0.1"] if only_here or self._host == "127.0.0.1" else ["127.0.0.1", self._host]
        told = {
            "name": "frontgate",
            "data-dir": "data",
            "listen-client-urls": ",".join(f"https://{host}:{self._port}" for host in hosts),
            "advertise-client-urls": f"https://{hosts[-1]}:{self._port}",
            # It has no peers: a socket in its own folder, which nobody else may enter.
            "listen-peer-urls": "unix://peer:0",
            "initial-advertise-peer-urls": "unix://peer:0",
            "initial-cluster": "frontgate=unix://peer:0",
            # Readers know by it that a store began from nothing.
            "initial-cluster-token": secrets.token_hex(8),
            "cert-file": self._tls.certificate,
            "key-file": self._tls.key,
            "logger": "zap",
            "log-level": "error",
            # Passwords are 256 random bits; what slows guessing down costs only ourselves.
            "bcrypt-cost": "4",
            "heartbeat-interval": "50",
            "election-timeout": "500",
            "snapshot-count": "1000",
            "auto-compaction-mode": "revision",
            "auto-compaction-retention": "1000",
            "max-txn-ops": str(MOST_OPERATIONS),
            "max-request-bytes": str(MOST_BYTES),
        }
        return [self._program, *(f"--{name}={value}" for name, value in told.items())]

    def _keep(self, set_up: Callable[[str], None], restore: Callable[[], None]) -> None:
        """Start it again whenever it ends by itself."""
        pause, owed = 0.0, False
        while not self._stopping.wait(pause):
            process, began = self._process, time.monotonic()
            if process is not None and not owed:
                process.wait()
            if self._stopping.is_set():
                return
            pause = 0.0 if time.monotonic() - began > LONGEST_PAUSE else min(LONGEST_PAUSE, pause * 2 + 0.1)
            try:
                if not self.pid:
                    self._log(f"etcd ended and is started again: {self._tail()}")
                    owed = self._begin(set_up) or owed
                if owed:
                    restore()
                    owed = False
            except EtcdError as problem:
                self._log(f"etcd is not back yet, the next try is in {pause:.1f} s: {problem}")

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None or process.poll() is not None:
            return
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _end_orphan(self) -> None:
        """End an etcd that an agent that was killed left behind in this folder."""
        try:
            pid = int((self._folder / "pid").read_text())
            if Path(f"/proc/{pid}/cwd").resolve() != self._folder.resolve() or pid == self.pid:
                return
            os.kill(pid, signal.SIGKILL)
            while _holds_something(pid):
                time.sleep(0.01)
        except (OSError, ValueError):
            return

    def _tail(self) -> str:
        try:
            lines = (self._folder / "etcd.log").read_bytes()[-TAIL_BYTES:].decode("utf-8", "replace").strip().splitlines()
        except OSError:
            lines = []
        return lines[-1] if lines else "it said nothing"


def _holds_something(pid: int) -> bool:
    """Whether a process that is ending still has files and ports: it has until the last of its threads has gone."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return stat[0] != "Z" or len(list(Path(f"/proc/{pid}/task").iterdir())) > 1
    except OSError:
        return False


def _answers(probe: Etcd) -> bool:
    try:
        probe.call("maintenance/status")
    except EtcdError as problem:
        # Whoever refuses is up.
        return bool(problem.status)
    return True


def _environment() -> dict[str, str]:
    """Return what etcd may know of the environment: settings in variables would win over ours."""
    own = {"PATH": os.environ.get("PATH", os.defpath), "GOMAXPROCS": "2"}
    if "LD_LIBRARY_PATH" in os.environ:
        own["LD_LIBRARY_PATH"] = os.environ["LD_LIBRARY_PATH"]
    if platform.machine() in {"aarch64", "arm64"}:
        own["ETCD_UNSUPPORTED_ARCH"] = "arm64"
    return own
