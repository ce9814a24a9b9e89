"""Container images, built from ordinary Dockerfiles by an engine of our own and kept in the cache folder as archives."""

import contextlib
import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.testbeds.debian import Unpacked, mirror, unpacked
from tests.testbeds.kubernetes.build import CannotBuild, cache, locked

BASE = "debian:12"
RELEASE = "bookworm"
PACKAGES = ("containerd", "debootstrap", "docker.io", "libdevmapper1.02.1", "runc")
START_SECONDS = 120
ROOM = 6 * 2**30


@dataclass(frozen=True)
class Builder:
    """A running engine that has the base image."""

    programs: Unpacked
    socket: Path

    def run(self, *arguments: str) -> None:
        """Run the engine's command. Raises `CannotBuild` with its last words."""
        command = ["docker", "--host", f"unix://{self.socket}", *arguments]
        environment = {**self.programs.environment, "DOCKER_BUILDKIT": "1", "DOCKER_CONFIG": str(self.socket.parent)}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # our own words
        if done.returncode:
            raise CannotBuild(f"docker {arguments[0]}: {(done.stderr.strip().splitlines() or ['no output'])[-1]}")


def archives(folders: Mapping[str, Path]) -> dict[str, Path]:
    """Return an archive for each image name, built from its folder's Dockerfile unless the same was built before. Raises `CannotBuild`."""
    kept = {
        name: cache() / "images" / f"{name.partition(':')[0].rpartition('/')[2]}-{_digest(folder)}.tar" for name, folder in folders.items()
    }
    with locked(cache() / "images.lock"):
        missing = [name for name, archive in kept.items() if not archive.exists()]
        if missing:
            with _engine() as builder:
                for name in missing:
                    _build(builder, name, folders[name], kept[name])
    return kept


def _build(builder: Builder, name: str, folder: Path, archive: Path) -> None:
    archive.parent.mkdir(parents=True, exist_ok=True)
    builder.run("build", "--network", "host", "--tag", name, str(folder))
    half = archive.with_suffix(".half")
    builder.run("save", "--output", str(half), name)
    half.replace(archive)


@contextmanager
def _engine() -> Iterator[Builder]:
    """Have an engine for as long as the block lasts: it makes no network, and its processes and mounts end with it."""
    if os.geteuid() != 0:
        raise CannotBuild("images are built by an engine that only root can start")
    programs = unpacked(PACKAGES)
    with tempfile.TemporaryDirectory(prefix="roadstead-engine-", dir=_room()) as folder:
        home = Path(folder)
        builder = Builder(programs, home / "socket")
        base = _base(programs, home)
        with (home / "log").open("wb") as log:
            engine = subprocess.Popen(_alone(_dockerd(home)), env=programs.environment, stdout=log, stderr=log, cwd=home)  # our own words
        try:
            _await(builder, engine, home / "log")
            builder.run("import", str(base), BASE)
            yield builder
        finally:
            engine.send_signal(signal.SIGKILL)
            engine.wait()


def _room() -> Path | None:
    """Return the folder in memory if it is large enough: package managers wait for the disk after every file."""
    memory = Path("/dev/shm")  # noqa: S108  # nobody else's names: a folder of our own is made in it
    return memory if memory.is_dir() and shutil.disk_usage(memory).free > ROOM else None


def _dockerd(home: Path) -> list[str]:
    places = ["--data-root", f"{home}/data", "--exec-root", f"{home}/exec", "--pidfile", f"{home}/pid", "--host", f"unix://{home}/socket"]
    return ["dockerd", *places, "--iptables=false", "--ip6tables=false", "--ip-masq=false", "--bridge=none"]


def _alone(command: list[str]) -> list[str]:
    """Return the command in mounts and process ids of its own: when the first process ends, nothing of it is left."""
    return ["setpriv", "--pdeathsig", "KILL", "unshare", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child", *command]


def _await(builder: Builder, engine: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and engine.poll() is None:
        with contextlib.suppress(CannotBuild):
            builder.run("version")
            return
        time.sleep(0.2)
    raise CannotBuild(f"the engine that builds images did not start: {(log.read_text().strip().splitlines() or ['no output'])[-1]}")


def _base(programs: Unpacked, home: Path) -> Path:
    """Return the base image's files as an archive, made out of Debian's packages: no image registry is asked."""
    script, files, archive = programs.root / "usr/sbin/debootstrap", home / "base", home / "base.tar"
    leave_out = ["--exclude=./var/cache/apt/archives/*.deb", "--exclude=./var/lib/apt/lists/*_*"]
    environment = {**programs.environment, "DEBOOTSTRAP_DIR": str(programs.root / "usr/share/debootstrap")}
    for command in (
        [str(script), "--variant=minbase", RELEASE, str(files), mirror()],
        ["tar", "-C", str(files), *leave_out, "-cf", str(archive), "."],
    ):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # our own words
        if done.returncode:
            raise CannotBuild(f"{command[0]}: {((done.stdout + done.stderr).strip().splitlines() or ['no output'])[-1]}")
    shutil.rmtree(files)
    return archive


def _digest(folder: Path) -> str:
    """Return a name that changes with any file of the folder and with the base."""
    told = hashlib.sha256(f"{BASE} {RELEASE}".encode())
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        told.update(f"{path.relative_to(folder)} {path.stat().st_mode & 0o111:o} {path.stat().st_size}\n".encode() + path.read_bytes())
    return told.hexdigest()[:12]
