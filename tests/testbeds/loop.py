"""Block devices of the tests' own: files that the kernel shows as disks."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from shutil import which

MIB = 2**20
_LOSETUP = ("losetup",)
PROGRAMS = ("losetup", "blkid", "mount", "umount", "unshare")
PACKAGES = ("e2fsprogs", "libcom-err2", "libedit2", "libext2fs2", "libinih1", "libss2", "liburcu8", "psmisc", "xfsprogs")
"""What makes file systems and ends who uses them; images bring it along, this machine may not."""


@cache
def why_not() -> str:
    """Say why this machine can't have such devices; nothing if it can."""
    missing = [name for name in PROGRAMS if which(name) is None]
    if os.geteuid() != 0 or missing:
        return f"{missing[0]} is missing" if missing else "block devices are made by root only"
    with tempfile.TemporaryDirectory() as folder:
        try:
            with loop(Path(folder, "disk"), MIB) as device:
                return "" if Path(device).is_block_device() else f"{device} isn't a device here"
        except (OSError, subprocess.CalledProcessError) as problem:
            return f"losetup said no: {problem}"


@contextmanager
def loop(file: Path, size: int) -> Iterator[str]:
    """Have a device of this size, with nothing on it."""
    with file.open("wb") as content:
        content.truncate(size)
    done = subprocess.run([*_LOSETUP, "--find", "--show", str(file)], check=True, capture_output=True, text=True)  # our own words
    device = done.stdout.strip()
    try:
        yield device
    finally:
        subprocess.run([*_LOSETUP, "--detach", device], check=False, capture_output=True)  # our own words
