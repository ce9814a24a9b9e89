"""`roadstead up` as a person meets it: a process of its own."""

import fcntl
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.ports import free_ports

PATIENCE = 60
IDLE_MIB = 220
# Of the processor, not of the clock: other tests run beside this one. The clock's figure is printed.
START_CPU_SECONDS = 5.0


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "roadstead", *arguments]


def clean() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("ROADSTEAD_", "DJANGO_"))}


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(*arguments), env=clean(), capture_output=True, text=True, timeout=PATIENCE, check=False)


@dataclass
class Running:
    """A started Roadstead: how long it took to be ready, and what it printed since."""

    process: subprocess.Popen[str]
    port: int
    seconds: float

    def resident_mib(self) -> float:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024

    def cpu_seconds(self) -> float:
        numbers = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(numbers[11]) + int(numbers[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self) -> str:
        """End it and return what it printed."""
        self.process.send_signal(signal.SIGTERM)
        said, _ = self.process.communicate(timeout=PATIENCE)
        return said


@contextmanager
def up(folder: Path, *options: str) -> Iterator[Running]:
    port = free_ports(1)[0]
    started = time.monotonic()
    arguments = command("up", "--port", str(port), "--data-dir", str(folder), *options)
    with subprocess.Popen(arguments, env=clean(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            # Whoever connects early waits at the door until all is ready.
            while process.poll() is None and not ready(port):
                time.sleep(0.02)
            assert process.poll() is None, process.communicate()[0]
            yield Running(process, port, time.monotonic() - started)
        finally:
            process.kill()


def ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=PATIENCE) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def test_the_first_start_prepares_all_and_the_second_keeps_it(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with up(folder) as first:
        said = first.stop()
    password = re.search(r"Password: +(\S+)", said)
    assert password, said
    assert f"http://localhost:{first.port}" in said
    assert first.process.returncode == 0
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    # What is mounted into frontgates is for whoever has that mount; the folder above it lets nobody else there.
    assert {file.name for file in folder.rglob("*") if stat.S_IMODE(file.stat().st_mode) & 0o077} == {"relay"}
    assert stat.S_IMODE((folder / "agents").stat().st_mode) == 0o700
    assert [*(folder / "agents/relay").iterdir()] == []

    with up(folder) as second:
        worked = second.cpu_seconds()
        time.sleep(1)
        idle = second.resident_mib()
        again = second.stop()
    assert "Password" not in again
    sys.stdout.write(f"first start {first.seconds:.1f} s, second {second.seconds:.1f} s ({worked:.1f} s of CPU), idle {idle:.0f} MiB\n")
    assert worked < START_CPU_SECONDS
    assert idle < IDLE_MIB


def asked(line: socket.socket, request: str) -> bytes:
    line.settimeout(PATIENCE)
    line.sendall(f"{request} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n".encode())
    return line.recv(12)


def test_at_the_door_for_agents_there_is_nothing_else(tmp_path: Path) -> None:
    with up(tmp_path / "data") as running:
        for request, there, here in (("GET /healthz", 200, 404), ("GET /", 200, 404), ("POST /agents/v1/report", 404, 404)):
            with socket.create_connection(("127.0.0.1", running.port)) as front, socket.socket(socket.AF_UNIX) as back:
                back.connect(str(tmp_path / "data/agents/relay/platform.sock"))
                assert (asked(front, request), asked(back, request)) == (f"HTTP/1.1 {there}".encode(), f"HTTP/1.1 {here}".encode())


def test_without_a_place_for_that_door_all_else_is_served(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/agents").write_text("in the way")
    with up(tmp_path / "data") as running:
        assert ready(running.port)
        assert "machines on this computer's own Docker can't be run" in running.stop()


def test_one_folder_one_process(tmp_path: Path) -> None:
    with up(tmp_path / "data") as first:
        refused = run("up", "--port", str(free_ports(1)[0]), "--data-dir", str(tmp_path / "data"))
        assert ready(first.port)
    assert refused.returncode == 1
    assert str(first.process.pid) in refused.stderr


def test_a_second_process_changes_nothing_before_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with (tmp_path / "data/engine.lock").open("w") as held:
        fcntl.lockf(held, fcntl.LOCK_EX)
        refused = run("up", "--port", str(free_ports(1)[0]), "--data-dir", str(tmp_path / "data"))
    assert refused.returncode == 1
    assert "Password" not in refused.stdout
    assert not (tmp_path / "data/roadstead.sqlite3").exists()


def test_a_taken_port_is_one_line_and_touches_nothing(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = other.getsockname()[1]
        refused = run("up", "--port", str(port), "--data-dir", str(tmp_path / "data"))
    assert refused.returncode == 1
    assert refused.stderr == f"roadstead: port {port} is taken; stop what listens there, or choose another one with --port\n"
    assert not (tmp_path / "data/roadstead.sqlite3").exists()


@pytest.mark.parametrize("inside", ["file/data", "/proc/data"])
def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path, inside: str) -> None:
    (tmp_path / "file").write_text("")
    folder = str(tmp_path / inside)
    refused = run("up", "--port", str(free_ports(1)[0]), "--data-dir", folder)
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"roadstead: {folder}: ")
    assert refused.stderr.count("\n") == 1


def test_the_demo_stays_on_this_machine(tmp_path: Path) -> None:
    refused = run("up", "--demo", "--host", "0.0.0.0", "--data-dir", str(tmp_path / "data"))  # noqa: S104  # that is what is refused
    assert refused.returncode == 1
    assert "on this machine only" in refused.stderr


def test_wrong_usage() -> None:
    assert run("up", "--port", "70000").returncode == 2
    assert run("dance").returncode == 2


def test_an_administrator_is_made_in_a_prepared_folder_only(tmp_path: Path) -> None:
    environment = {**clean(), "ROADSTEAD_DATA_DIR": str(tmp_path / "none")}
    arguments = command("admin", "create", "--email", "a@example.com")
    refused = subprocess.run(arguments, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert refused.returncode == 1
    assert refused.stderr.startswith("roadstead: this data folder has no keys yet: `roadstead up` makes them")
    assert refused.stderr.count("\n") == 1
    assert not (tmp_path / "none").exists()
