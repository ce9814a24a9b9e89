"""`roadstead web` and `roadstead worker` as processes of their own."""

import base64
import os
import re
import signal
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from roadstead.cli.tests.test_up import PATIENCE, clean, command, ready
from roadstead.core.ids import new_id
from tests.ports import free_ports
from tests.testbeds.postgres import databases

SERVER = os.environ.get("ROADSTEAD_DATABASE_URL", "")
KEYS = {"ROADSTEAD_SECRET_KEY": "only-for-tests", "ROADSTEAD_MASTER_KEY": base64.b64encode(bytes(32)).decode()}


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An installation of its own: on the server where the tests run on one, else in a folder."""
    place = {"ROADSTEAD_DATABASE_URL": databases.create(SERVER, new_id("parts"))} if SERVER else {}
    return {**clean(), **KEYS, **place, "ROADSTEAD_DATA_DIR": str(tmp_path / "data")}


@contextmanager
def started(environment: dict[str, str], *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    running = subprocess.Popen(command(*arguments), env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    with running as process:
        try:
            yield process
        finally:
            process.kill()


def stopped(process: "subprocess.Popen[str]") -> tuple[int, str]:
    """Have a process end in good order; return its exit code and what it printed."""
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=PATIENCE)
    return process.returncode, said


def wait(found: Callable[[], Any]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not found():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize("part", ["web", "worker"])
@pytest.mark.only_on("sqlite")
def test_on_sqlite_a_part_says_what_does_it_all(environment: dict[str, str], part: str, tmp_path: Path) -> None:
    refused = subprocess.run(command(part), env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert refused.returncode == 1
    assert "roadstead up" in refused.stderr
    assert refused.stderr.count("\n") == 1
    assert not (tmp_path / "data").exists()


@pytest.mark.only_on("postgresql")
def test_parts_started_at_once_make_one_installation(environment: dict[str, str]) -> None:
    ports = free_ports(2)
    with (
        started(environment, "web", "--port", str(ports[0])) as first,
        started(environment, "web", "--port", str(ports[1])) as second,
        started(environment, "worker") as worker,
    ):
        wait(lambda: all(map(ready, ports)))
        with urllib.request.urlopen(f"http://127.0.0.1:{ports[1]}/accounts/login/", timeout=PATIENCE) as page:
            assert page.status == 200
        assert worker.stdout
        line = worker.stdout.readline()
        while "worker runs" not in line:
            assert line, "the worker ended"
            line = worker.stdout.readline()
        ended = [stopped(process) for process in (first, second, worker)]
    assert [code for code, _said in ended] == [0, 0, 0]
    assert len(re.findall(r"Password: +(\S+)", "".join(said for _code, said in ended))) <= 1


@pytest.mark.only_on("postgresql")
def test_a_part_without_keys_makes_none(environment: dict[str, str], tmp_path: Path) -> None:
    keyless = {name: value for name, value in environment.items() if name not in KEYS}
    refused = subprocess.run(command("worker"), env=keyless, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert refused.returncode == 1
    assert "no keys yet" in refused.stderr
    assert not (tmp_path / "data/keys.toml").exists()


def test_an_installation_is_prepared_once_and_for_all(environment: dict[str, str], tmp_path: Path) -> None:
    first, again = (
        subprocess.run(command("prepare"), env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False) for _ in range(2)
    )
    assert (first.returncode, again.returncode) == (0, 0), first.stderr + again.stderr
    assert len(re.findall(r"Password: +(\S+)", first.stdout)) == 1
    assert again.stdout == ""
    assert (tmp_path / "data/blobs").is_dir()


def test_without_its_bucket_nothing_is_prepared(environment: dict[str, str], tmp_path: Path) -> None:
    nowhere = {"ROADSTEAD_S3__BUCKET": "harbour", "ROADSTEAD_S3__ENDPOINT": f"http://127.0.0.1:{free_ports(1)[0]}"}
    secrets = {"ROADSTEAD_S3__ACCESS_KEY": "key", "ROADSTEAD_S3__SECRET_KEY": "secret", "ROADSTEAD_S3__REGION": "eu-west-1"}
    place = {**environment, **nowhere, **secrets, "LANG": "en"}
    refused = subprocess.run(command("prepare"), env=place, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert "Password" not in refused.stdout
    assert not (tmp_path / "data/roadstead.sqlite3").exists()


def test_demo_data_fills_an_empty_installation_once(environment: dict[str, str]) -> None:
    filling, place = command("demo-data", "--apps", "20"), {**environment, "LANG": "en"}
    first, again = (subprocess.run(filling, env=place, capture_output=True, text=True, timeout=180, check=False) for _ in range(2))
    assert first.returncode == 0, first.stderr
    assert again.returncode == 1
    assert "nothing was changed" in again.stderr
