"""Disks: formatted once, never when there is anything on them, mounted and remembered. The programs are scripts that note their words."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from roadstead_agent import disks
from roadstead_agent.work import Work

Ordered = Callable[..., dict[str, Any]]
DISK = {"device": "/dev/vdb", "mount_point": "/data", "filesystem": "ext4", "options": ""}


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine whose programs write down what they were asked."""
    programs = tmp_path / "bin"
    programs.mkdir()
    scripts = {
        "blkid": 'case "$*" in *UUID*) echo 12-34;; *) test -e DIR/found || exit 2; cat DIR/found;; esac',
        "mkfs.ext4": "echo ext4 > DIR/found",
        "mkfs.xfs": "echo xfs > DIR/found",
        "mount": 'echo "dev $6 rest" >> DIR/mounts',
        "umount": "test -e DIR/busy && rm DIR/busy && exit 1; : > DIR/mounts",
        "fuser": "exit 1",
    }
    for name, script in scripts.items():
        (programs / name).write_text(f'#!/bin/sh\necho {name} "$*" >> {tmp_path}/calls\n{script.replace("DIR", str(tmp_path))}\n')
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(disks, "FSTAB", tmp_path / "fstab")
    monkeypatch.setattr(disks, "MOUNTS", tmp_path / "mounts")
    (tmp_path / "mounts").touch()
    (tmp_path / "fstab").write_text("UUID=0 / ext4 defaults 0 1\n")
    return tmp_path


def ordered(verb: Callable[[Work], dict[str, Any]], **disk: str) -> dict[str, Any]:
    work = Work.__new__(Work)
    work.params, work.timeout = {"disks": [DISK | disk]}, 60.0
    return verb(work)


def calls(machine: Path, name: str) -> list[str]:
    return [line for line in (machine / "calls").read_text().splitlines() if line.startswith(f"{name} ")]


def test_a_bare_one_is_formatted_mounted_and_remembered_once(machine: Path) -> None:
    point = str(machine / "data")
    for _ in range(2):
        assert ordered(disks.format_mount, mount_point=point)["state"] == "done"
    assert calls(machine, "mkfs.ext4") == ["mkfs.ext4 -q -F /dev/vdb"]
    assert calls(machine, "mount") == [f"mount -t ext4 -o defaults,noatime /dev/vdb {point}"]
    assert (machine / "fstab").read_text().splitlines() == ["UUID=0 / ext4 defaults 0 1", f"UUID=12-34 {point} ext4 defaults,noatime 0 2"]


@pytest.mark.parametrize("found", ["xfs", "LVM2_member", "dos"])
def test_what_carries_anything_is_never_formatted(machine: Path, found: str) -> None:
    (machine / "found").write_text(found)
    answer = ordered(disks.format_mount, mount_point=str(machine / "data"))
    assert (answer["state"], answer["result"]) == ("failed", {"problem": "disk_in_use"})
    assert found in answer["output"]
    assert [name for name in ("mkfs.ext4", "mkfs.xfs", "mount") if calls(machine, name)] == []


def test_a_disk_that_can_t_be_looked_at_is_not_formatted(machine: Path) -> None:
    (machine / "bin/blkid").write_text(f'#!/bin/sh\necho blkid "$*" >> {machine}/calls\necho no such device; exit 4\n')
    answer = ordered(disks.format_mount)
    assert (answer["state"], answer["output"]) == ("failed", "blkid: no such device")
    assert calls(machine, "mkfs.ext4") == []


@pytest.mark.parametrize(
    "wrong", [{"device": "vdb"}, {"device": "/dev/vdb;reboot"}, {"mount_point": "data"}, {"mount_point": "/a b"}, {"options": "a\nb"}]
)
def test_odd_words_reach_no_program(machine: Path, wrong: dict[str, str]) -> None:
    assert ordered(disks.format_mount, **wrong)["result"] == {"problem": "bad_params"}
    assert not (machine / "calls").exists()


def test_an_unknown_file_system_is_refused(machine: Path) -> None:
    assert ordered(disks.format_mount, filesystem="ntfs")["result"] == {"problem": "unknown_filesystem"}
    assert not (machine / "calls").exists()


def test_it_is_unmounted_when_it_is_free(machine: Path) -> None:
    (machine / "mounts").write_text("/dev/vdb /data ext4 rw\n")
    (machine / "busy").touch()
    assert ordered(disks.unmount)["state"] == "done"
    assert len(calls(machine, "umount")) == 2
    assert ordered(disks.unmount)["state"] == "done"
    assert len(calls(machine, "umount")) == 2
