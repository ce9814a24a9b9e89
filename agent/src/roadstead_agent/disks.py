"""Disks of a machine at a place where they come bare: made a file system on, once, and mounted. Done already is done."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from roadstead_agent.tools import Trouble, run
from roadstead_agent.work import Answer, Work, done, failed

FSTAB, MOUNTS = Path("/etc/fstab"), Path("/proc/mounts")
OPTIONS = {"ext4": "defaults,noatime", "xfs": "rw,noatime,inode64,allocsize=16m"}
_MAKE = {"ext4": ("mkfs.ext4", "-q", "-F"), "xfs": ("mkfs.xfs", "-q")}
_NOTHING_FOUND = 2
_UNMOUNT_SECONDS = 30.0
_DEVICE = re.compile(r"/dev/[A-Za-z0-9_./-]+")


def format_mount(work: Work) -> Answer:
    """Make a file system on every bare device and mount them; one that carries anything is never formatted."""
    answers = [_one(disk, work.timeout) for disk in _listed(work)]
    return next((answer for answer in answers if answer["state"] != "done"), done(disks=[answer["result"] for answer in answers]))


def _listed(work: Work) -> list[dict[str, Any]]:
    return list(work.params["disks"]) if "disks" in work.params else [work.params]


def _one(disk: dict[str, Any], seconds: float) -> Answer:
    device, point = str(disk["device"]), str(disk.get("mount_point") or "/data")
    filesystem = str(disk.get("filesystem") or "ext4")
    options = str(disk.get("options") or OPTIONS.get(filesystem, "defaults"))
    if not _DEVICE.fullmatch(device) or not point.startswith("/") or any(sign in point + options for sign in " \t\n\\"):
        return failed("bad_params")
    if filesystem not in _MAKE:
        return failed("unknown_filesystem", f"no file system {filesystem} is made here")
    try:
        return _formatted(device, point, filesystem, options, seconds)
    except (Trouble, OSError) as trouble:
        return failed("disk", str(trouble))


def _formatted(device: str, point: str, filesystem: str, options: str, seconds: float) -> Answer:
    found = signature(device)
    if not found:
        run(*_MAKE[filesystem], device, seconds=seconds)
    elif found != filesystem:
        return failed("disk_in_use", f"{device} carries {found}")
    uuid = run("blkid", "-p", "-o", "value", "-s", "UUID", device)
    Path(point).mkdir(parents=True, exist_ok=True)
    if point not in mounted():
        run("mount", "-t", filesystem, "-o", options, device, point)
    _remember(f"UUID={uuid} {point} {filesystem} {options} 0 2", point)
    return done(uuid=uuid, formatted=not found)


def signature(device: str) -> str:
    """Return what a device carries; nothing only if it was looked at and there is nothing."""
    said = run("blkid", "-p", "-o", "value", "-s", "TYPE", "-s", "PTTYPE", device, codes=(0, _NOTHING_FOUND))
    return said.splitlines()[0] if said else ""


def mounted() -> list[str]:
    """Return the mount points of this machine."""
    return [line.split()[1] for line in MOUNTS.read_text().splitlines() if line.count(" ") > 1]


def _remember(line: str, point: str) -> None:
    """Have the machine mount it when it starts; of a mount point there is one line."""
    lines = FSTAB.read_text().splitlines() if FSTAB.exists() else []
    others = [known for known in lines if known.split()[1:2] != [point]]
    if [*others, line] != lines:
        aside = FSTAB.with_suffix(".roadstead")
        aside.write_text("\n".join([*others, line, ""]))
        aside.replace(FSTAB)


def unmount(work: Work) -> Answer:
    """End whoever uses the mount points, and unmount them."""
    answers = [_unmounted(str(disk.get("mount_point") or "/data"), work.timeout) for disk in reversed(_listed(work))]
    return next((answer for answer in answers if answer["state"] != "done"), done())


def _unmounted(point: str, seconds: float) -> Answer:
    end = time.monotonic() + min(seconds, _UNMOUNT_SECONDS)
    while point in mounted():
        with suppress(Trouble):
            run("fuser", "-k", "-m", point, codes=(0, 1))
        try:
            run("umount", point)
        except Trouble as trouble:
            if time.monotonic() > end:
                return failed("disk", str(trouble))
            time.sleep(0.5)
    return done()
