"""Programs out of Debian's packages, unpacked into the cache folder: nothing is installed, nothing of this machine is changed."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.testbeds.kubernetes.build import CannotBuild, cache, locked


@dataclass(frozen=True)
class Unpacked:
    """A folder that looks like the root of a system with these packages."""

    root: Path

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to find the programs and their libraries."""
        folders = [self.root / "usr/sbin", self.root / "usr/bin", self.root / "sbin", self.root / "bin"]
        libraries = [path for path in (self.root / "usr/lib", self.root / "lib") for path in path.glob("*-linux-gnu")]
        return {
            **os.environ,
            "PATH": os.pathsep.join([*map(str, folders), os.environ.get("PATH", os.defpath)]),
            "LD_LIBRARY_PATH": os.pathsep.join(map(str, libraries)),
        }


def unpacked(packages: Iterable[str]) -> Unpacked:
    """Return the packages unpacked; what is there already is not fetched again. Raises `CannotBuild`."""
    names = sorted(packages)
    root = cache() / f"debian-{hashlib.sha256(' '.join(names).encode()).hexdigest()[:12]}"
    with locked(root.with_suffix(".lock")):
        if not root.exists():
            with tempfile.TemporaryDirectory(dir=root.parent, prefix=".unpacking-") as work:
                _fetch(names, Path(work)).replace(root)
    return Unpacked(root)


def mirror() -> str:
    """Return where this machine takes its packages from. Raises `CannotBuild`."""
    sources = [*Path("/etc/apt").glob("sources.list.d/*.sources"), *Path("/etc/apt").glob("sources.list*")]
    words = [line.split() for path in sources if path.is_file() for line in path.read_text().splitlines()]
    for line in words:
        if line[:1] in (["URIs:"], ["deb"]):
            found = [word for word in line[1:] if word.startswith(("http:", "https:"))]
            if found:
                return found[0]
    raise CannotBuild("this machine names no source of Debian's packages")


def _fetch(names: list[str], work: Path) -> Path:
    if shutil.which("apt-get") is None:
        raise CannotBuild("the real node comes from Debian's packages and there is no apt-get here")
    _run(["apt-get", "download", "-q", *names], work)
    root = work / "root"
    for package in sorted(work.glob("*.deb")):
        _run(["dpkg", "-x", str(package), str(root)], work)
    return root


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # our own words
    if done.returncode:
        raise CannotBuild(f"{' '.join(command[:2])}: {(done.stderr.strip().splitlines() or ['no output'])[-1]}")
