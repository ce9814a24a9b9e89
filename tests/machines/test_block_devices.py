"""Disks that come bare: formatted once and never again, on block devices of this machine's kernel."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.testbeds.debian import unpacked
from tests.testbeds.kubernetes import CannotBuild
from tests.testbeds.loop import MIB, PACKAGES, loop

ROOT = Path(__file__).parents[2]
SIZES = {"ext4": 64 * MIB, "xfs": 320 * MIB}
DONE = {"state": "done", "exit_code": 0}
ALONE = ("unshare", "--mount", "--pid", "--fork", "--mount-proc", "--propagation", "private", "--kill-child")


@pytest.fixture(scope="module")
def environment() -> dict[str, str]:
    """What makes file systems."""
    try:
        found = unpacked(PACKAGES).environment
    except CannotBuild as reason:
        pytest.skip(str(reason))
    return {**found, "PYTHONPATH": f"{ROOT}:{ROOT / 'agent/src'}"}


def alone(environment: dict[str, str], *words: str) -> str:
    done = subprocess.run([*ALONE, *words], env=environment, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("filesystem", SIZES)
def test_a_disk_is_formatted_once_and_what_it_holds_is_there_again(filesystem: str, environment: dict[str, str], tmp_path: Path) -> None:
    (other,) = SIZES.keys() - {filesystem}
    with loop(tmp_path / "disk", SIZES[filesystem]) as device:
        story = [sys.executable, "-m", "tests.machines.on_a_disk", device, filesystem, other, str(tmp_path)]
        told: dict[str, Any] = json.loads(alone(environment, *story))
    one = told["first"]["result"]["disks"][0]
    assert one["formatted"] is True
    for name in ("again", "second"):
        assert told[name]["result"]["disks"] == [{"uuid": one["uuid"], "formatted": False}]
    assert told["mounted"] == 1
    assert (told["unmount"]["state"], told["user"], told["left"]) == ("done", -9, [])
    assert (told["other"]["state"], told["other"]["result"], told["signature"]) == ("failed", {"problem": "disk_in_use"}, filesystem)
    assert told["kept"] == "a herring\n"
    assert [line.split()[:3] for line in told["fstab"]] == [[f"UUID={one['uuid']}", str(tmp_path / "data"), filesystem]]
    assert told["gone"]["state"] == told["gone again"]["state"] == "done"


def test_a_disk_with_a_table_of_partitions_is_left_as_it_is(environment: dict[str, str], tmp_path: Path) -> None:
    table = (
        bytes(446)
        + bytes([0, 0, 2, 0, 0x83, 0, 3, 0])
        + (2048).to_bytes(4, "little")
        + (4096).to_bytes(4, "little")
        + bytes(48)
        + b"\x55\xaa"
    )
    with loop(tmp_path / "disk", SIZES["ext4"]) as device:
        Path(device).write_bytes(table)
        code = (
            "import json; from tests.machines.on_a_disk import _did; from roadstead_agent import disks;"
            f"print(json.dumps(_did(disks.format_mount, {{'device': {device!r}, 'mount_point': {str(tmp_path / 'data')!r}}})))"
        )
        told = json.loads(alone(environment, sys.executable, "-c", code))
        assert (told["state"], told["output"]) == ("failed", f"{device} carries dos")
        assert Path(device).read_bytes()[: len(table)] == table
