"""Starts and stops a PostgreSQL cluster in a temporary folder, reached through a Unix socket in it: no port, no password, nothing kept."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

START_SECONDS = 30
DEBIAN = Path("/usr/lib/postgresql")
# Nothing here is worth a sync: the folder goes with the server. What is committed must outlive a server stopped at once,
# as it does in the world, so a commit is still written out (`synchronous_commit` stays on) before it is answered.
SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "300",
    "shared_buffers": "128MB",
    "autovacuum_naptime": "5min",
}
# As a server in the world is likely to be: text sorts by a language, not by its bytes.
LANGUAGE = ("--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US")


class CannotHave(Exception):
    """This machine has no PostgreSQL server."""


def programs() -> Path:
    """Return the folder of the server's programs: Debian keeps them off PATH, the newest is taken."""
    found = sorted(DEBIAN.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    if not found and not on_path:
        raise CannotHave("PostgreSQL's server is missing. On Debian and Ubuntu: apt install postgresql")
    return found[-1].parent if found else Path(str(on_path)).parent


@dataclass
class Cluster:
    """One running server; its superuser is `roadstead`."""

    folder: Path
    process: subprocess.Popen[bytes] | None = None

    @classmethod
    def start(cls) -> "Cluster":
        """Make a cluster and run it; raises `CannotHave`."""
        home = programs()
        cluster = cls(Path(tempfile.mkdtemp(prefix="roadstead-pg-")))
        owner = _unprivileged()
        if owner:
            os.chown(cluster.folder, owner.pw_uid, owner.pw_gid)
        initdb: list[str | Path] = [home / "initdb", "-D", cluster.folder / "data", "-U", "roadstead", "-A", "trust", "-E", "UTF8"]
        made = subprocess.run([*_as(owner), *initdb, *LANGUAGE, "--no-sync"], cwd=cluster.folder, capture_output=True, check=False)
        if made.returncode:
            shutil.rmtree(cluster.folder)
            raise CannotHave(f"initdb failed: {made.stderr.decode()[-500:]}")
        cluster.resume()
        return cluster

    def resume(self) -> None:
        """Run the server, on what is there."""
        settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        server: list[str | Path] = [programs() / "postgres", "-D", self.folder / "data", "-k", self.folder, *settings]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen([*_as(_unprivileged()), *server], cwd=self.folder, stdout=log, stderr=log)
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                psycopg.connect(self.url()).close()
            except psycopg.OperationalError as problem:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise CannotHave((self.folder / "log").read_text()[-1_000:]) from problem
                time.sleep(0.05)
            else:
                return

    def url(self, database: str = "postgres") -> str:
        """Return the address of one of its databases."""
        return f"postgresql://roadstead@/{database}?host={self.folder}"

    def halt(self) -> None:
        """Stop the server at once, as an immediate shutdown does; `resume` starts it again."""
        if self.process:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(10)

    def stop(self) -> None:
        """Stop the server and remove all of it."""
        self.halt()
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def running() -> Iterator[Cluster]:
    """Have a server for as long as the block lasts."""
    cluster = Cluster.start()
    try:
        yield cluster
    finally:
        cluster.stop()


def _unprivileged() -> pwd.struct_passwd | None:
    """Return whom the server runs as: it refuses to run as root."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def _as(owner: pwd.struct_passwd | None) -> list[str]:
    """Return how a command is begun as that person, and ends with this process."""
    who = [f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups"] if owner else []
    return ["setpriv", *who, "--pdeathsig", "INT"]
