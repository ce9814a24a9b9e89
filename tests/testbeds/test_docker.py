"""The tests' own engine: what it keeps when it is restarted, that its ports are reached, and that it leaves nothing behind."""

import contextlib
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator

import pytest
from docker.client import DockerClient
from docker.models.containers import Container

from tests.ports import free_ports
from tests.testbeds import groups
from tests.testbeds.docker import Engine, sweep
from tests.testbeds.docker.engine import MACHINE
from tests.testbeds.docker.network import bridges

SECONDS = 60


@pytest.fixture
def own(docker_engine: Engine) -> Iterator[Engine]:
    """An engine beside the shared one, which may be stopped."""
    engine = Engine.start()
    try:
        yield engine
    finally:
        engine.remove()


def test_another_process_uses_it_and_its_ports_are_reached(docker_engine: Engine) -> None:
    again = Engine.read(docker_engine.folder / "state.json")
    assert again.alive
    port = free_ports(1)[0]
    with contextlib.closing(again.client()) as client:
        network = client.networks.create("bed-ports", labels={"bed": "1"})
        served = _served(client, "bed-ports", port)
        try:
            assert "Directory listing" in _page(port)
        finally:
            served.remove(force=True)
            network.remove()


def test_what_runs_does_so_again_after_a_restart_and_after_a_loss_of_power(own: Engine) -> None:
    port = free_ports(1)[0]
    with contextlib.closing(own.client()) as client:
        client.networks.create("bed-restart")
        made = _served(client, "bed-restart", port).id
    for stop in (own.down, own.kill):
        stop()
        assert not own.alive
        own.up()
        with contextlib.closing(own.client()) as client:
            assert client.containers.get(made).status == "running"
        assert _page(port)


def test_what_a_killed_run_left_is_swept_away(docker_engine: Engine) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    orphan = Engine.start(owner=ended.pid)
    with contextlib.closing(orphan.client()) as client:
        client.networks.create("bed-orphan")
        _served(client, "bed-orphan", free_ports(1)[0])
    assert bridges(orphan.slot)
    sweep()
    assert not orphan.folder.exists()
    assert not bridges(orphan.slot)
    assert not [group for group in groups.groups(orphan.folder.name) if group.exists()]
    assert docker_engine.alive


def _served(client: DockerClient, network: str, port: int) -> Container:
    command = ["python3", "-m", "http.server", "80"]
    ports = {"80/tcp": ("127.0.0.1", port)}
    again = {"Name": "unless-stopped"}
    made: Container = client.containers.run(
        MACHINE, command, detach=True, network=network, ports=ports, restart_policy=again, stop_signal="SIGKILL"
    )
    return made


def _page(port: int) -> str:
    deadline = time.monotonic() + SECONDS
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
                return str(answer.read().decode())
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
