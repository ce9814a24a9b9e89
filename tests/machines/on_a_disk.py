"""`python -m tests.machines.on_a_disk DEVICE FILESYSTEM OTHER FOLDER`: what an agent does with a real disk, told as JSON.

It runs in mounts and process ids of its own: unmounting ends whoever uses the disk, and nobody else is to be found.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from roadstead_agent import disks
from roadstead_agent.work import Work

SECONDS = 60


def main(device: str, filesystem: str, other: str, folder: Path) -> None:
    """Format, mount, write, unmount while it is used, mount again, and try to make another file system on it."""
    disks.FSTAB = folder / "fstab"
    point = folder / "data"
    disk = {"device": device, "mount_point": str(point), "filesystem": filesystem}
    told: dict[str, Any] = {"first": _did(disks.format_mount, disk)}
    (point / "kept").write_text("a herring\n")
    told["again"] = _did(disks.format_mount, disk)
    told["mounted"] = disks.mounted().count(str(point))
    user = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3600)"], cwd=point)
    until(lambda: Path(f"/proc/{user.pid}/cwd").resolve() == point)
    told["unmount"] = _did(disks.unmount, disk)
    told["user"] = user.wait(SECONDS)
    told["left"] = [str(path) for path in point.iterdir()]
    told["other"] = _did(disks.format_mount, {**disk, "filesystem": other})
    told["second"] = _did(disks.format_mount, disk)
    told["kept"] = (point / "kept").read_text()
    told["signature"] = disks.signature(device)
    told["fstab"] = disks.FSTAB.read_text().splitlines()
    told["gone"] = _did(disks.unmount, disk)
    told["gone again"] = _did(disks.unmount, disk)
    sys.stdout.write(json.dumps(told))


def _did(verb: Callable[[Work], dict[str, Any]], disk: dict[str, str]) -> dict[str, Any]:
    work = Work.__new__(Work)
    work.params, work.timeout = {"disks": [disk]}, SECONDS
    return verb(work)


def until(there: Callable[[], bool]) -> None:
    """Wait for something."""
    deadline = time.monotonic() + SECONDS
    while not there():
        assert time.monotonic() < deadline
        time.sleep(0.02)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], Path(sys.argv[4]))
