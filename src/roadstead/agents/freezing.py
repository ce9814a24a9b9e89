"""The agent with a Python of its own, for machines whose image has none: made by PyInstaller as one folder, and kept packed."""

import gzip
import hashlib
import importlib.util
import io
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

from roadstead.agents.errors import FreezerMissing, FreezingFailed
from roadstead.agents.program import program

NAME = "roadstead-agent"
ABOUT = "about.json"
PROCESSORS = {"x86_64": "amd64", "aarch64": "arm64", "armv7l": "arm", "i686": "386"}
_GLIBC = re.compile(rb"\0GLIBC_(\d+)\.(\d+)(?:\.\d+)?(?=\0)")
# What Python's own modules would bring along and the agent never uses.
_LEFT_OUT = (
    "_pydecimal",
    "curses",
    "decimal",
    "doctest",
    "fractions",
    "lib2to3",
    "multiprocessing",
    "pdb",
    "pydoc",
    "readline",
    "sqlite3",
    "statistics",
    "tkinter",
    "unittest",
    "xml",
)


@dataclass(frozen=True)
class Frozen:
    """A packed folder whose program is `roadstead-agent`: the oldest glibc that it needs, and the processor that it is for."""

    archive: Path
    glibc: str
    processor: str


@dataclass(frozen=True)
class About:
    """What the archive's first entry tells of the rest; `source` is a digest of what it was made from."""

    source: str
    glibc: str
    processor: str
    python: str


def frozen_place() -> Path:
    """Return where the frozen agent is kept: beside the data, or where the operator says."""
    place: Path = settings.OPTIONS.frozen_agent or settings.OPTIONS.data_dir / "agents" / f"{NAME}.tar.gz"
    return place


def frozen_agent() -> Frozen | None:
    """Return the frozen agent, if there is one of this very release."""
    place = frozen_place()
    with suppress(OSError, ValueError, TypeError, KeyError, tarfile.TarError, EOFError):
        about = about_of(place)
        if about.source == source():
            return Frozen(place, about.glibc, about.processor)
    return None


def about_of(archive: Path) -> About:
    """Read what an archive tells of itself; raises whatever is wrong with it."""
    with tarfile.open(archive, "r|gz") as packed:
        first = packed.next()
        content = packed.extractfile(first) if first and first.name == ABOUT else None
        if content is None:
            raise ValueError(ABOUT)
        return About(**json.loads(content.read()))


def source() -> str:
    """Return what tells one release of the agent from another."""
    return hashlib.sha256(program()).hexdigest()


def freeze(place: Path) -> Frozen:
    """Build the agent for this machine's processor and glibc, and put it in its place whole."""
    if importlib.util.find_spec("PyInstaller") is None:
        raise FreezerMissing
    with tempfile.TemporaryDirectory(prefix="roadstead-freeze-") as made:
        folder = _built(Path(made))
        about = About(source(), _glibc(folder), PROCESSORS.get(platform.machine(), platform.machine()), platform.python_version())
        place.parent.mkdir(parents=True, exist_ok=True)
        aside = place.with_name(f".{place.name}.{os.getpid()}")
        try:
            _pack(folder, about, aside)
            aside.replace(place)
        finally:
            aside.unlink(missing_ok=True)
    return Frozen(place, about.glibc, about.processor)


def _built(work: Path) -> Path:
    """Have PyInstaller make the folder out of exactly what the machines with a Python get."""
    (work / "agent.zip").write_bytes(program())
    shutil.unpack_archive(work / "agent.zip", work / "source")
    command = [
        *(sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--strip", "--log-level", "ERROR", "--onedir", "--name", NAME),
        *("--paths", str(work / "source"), "--distpath", str(work / "made"), "--workpath", str(work / "work"), "--specpath", str(work)),
        *(word for name in _LEFT_OUT for word in ("--exclude-module", name)),
        str(work / "source" / "__main__.py"),
    ]
    environment = {**os.environ, "PYTHONHASHSEED": "1", "PYINSTALLER_CONFIG_DIR": str(work / "cache"), "PYTHONPATH": ""}
    done = subprocess.run(command, env=environment, cwd=work, capture_output=True, text=True, check=False)  # noqa: S603  # our own words
    if done.returncode:
        raise FreezingFailed(reason=(done.stderr.strip().splitlines() or [f"code {done.returncode}"])[-1])
    return work / "made" / NAME


def _glibc(folder: Path) -> str:
    """Return the newest version of glibc that a file of the folder asks for: the oldest one that will do."""
    versions = {(int(major), int(minor)) for content in _programs(folder) for major, minor in _GLIBC.findall(content)}
    return ".".join(map(str, max(versions, default=(0, 0))))


def _programs(folder: Path) -> Iterator[bytes]:
    for file in folder.rglob("*"):
        if file.is_file() and not file.is_symlink():
            content = file.read_bytes()
            if content.startswith(b"\x7fELF"):
                yield content


def _pack(folder: Path, about: About, file: Path) -> None:
    """Pack the folder, with what it is told first; the same files are the same bytes."""
    with file.open("wb") as out, gzip.GzipFile("", "wb", 6, out, mtime=0) as zipped, tarfile.open(fileobj=zipped, mode="w") as packed:
        told = json.dumps(asdict(about)).encode()
        first = tarfile.TarInfo(ABOUT)
        first.size, first.mode = len(told), 0o644
        packed.addfile(first, io.BytesIO(told))
        for path in sorted(folder.rglob("*")):
            packed.add(path, str(path.relative_to(folder)), recursive=False, filter=_of_nobody)


def _of_nobody(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = entry.mtime = 0
    entry.uname = entry.gname = ""
    return entry
