"""The doors as such: sizes, rates, what isn't an agent's, and polls that wait without a thread."""

import asyncio
import http.client
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from roadstead.agents.rates import Rates
from roadstead.agents.tests.machines import PlatformProcess, until
from roadstead_agent import signing, wire
from roadstead_agent.http import Line

WAITING = 200
THREADS = 24


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlatformProcess]:
    with PlatformProcess(tmp_path_factory.mktemp("doors") / "data") as platform:
        yield platform


def asked(platform: PlatformProcess, method: str, path: str, body: bytes = b"", **headers: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", platform.port, timeout=60)
    connection.request(method, path, body, headers)
    status = connection.getresponse().status
    connection.close()
    return status


@pytest.mark.parametrize(("method", "path"), [("GET", "/"), ("GET", wire.POLL), ("POST", "/agents/v1/other"), ("POST", wire.PARCEL)])
def test_there_is_nothing_else(platform: PlatformProcess, method: str, path: str) -> None:
    assert asked(platform, method, path) == 404


@pytest.mark.parametrize("path", [wire.ENROL, wire.POLL, wire.RELAY, wire.REPORT])
@pytest.mark.parametrize(
    "headers", [{}, {"roadstead-agent": "agt-x", "roadstead-time": "9" * 30}, {"roadstead-time": "x", "roadstead-mac": "é"}]
)
def test_who_says_nothing_finds_nothing(platform: PlatformProcess, path: str, headers: dict[str, str]) -> None:
    assert asked(platform, "POST", path, b"{}", **headers) == 404


def test_a_body_has_a_limit(platform: PlatformProcess) -> None:
    with socket.create_connection(("127.0.0.1", platform.port), timeout=60) as line:
        line.sendall(f"POST {wire.REPORT} HTTP/1.1\r\nhost: x\r\ncontent-length: {10**9}\r\n\r\n".encode())
        piece = b"x" * 65536
        for _ in range(wire.MAX_BODY // len(piece) + 2):
            line.sendall(piece)
        assert line.recv(64).startswith(b"HTTP/1.1 413")


def test_rates() -> None:
    rates = Rates(burst=3, a_second=0)
    assert [rates.allow("a") for _ in range(5)] == [True, True, True, False, False]
    assert rates.allow("b")


@dataclass
class Gate:
    """A frontgate without a machine."""

    id: str
    secret: bytes

    def request(self, path: str, content: dict[str, Any]) -> wire.Request:
        return wire.Request.signed(self.secret, self.id, path, wire.sealed(self.secret, content, purpose=path), time=wire.moment())


def enrolled(platform: PlatformProcess, line: Line, number: int) -> Gate:
    agent = platform.ask("admit", role="frontgate", subject_id=f"cl-{number}", name="gate")
    token, nonce = bytes.fromhex(platform.ask("boot", agent=agent)["token"]), signing.fresh_nonce()
    body = wire.sealed(token, {"nonce": nonce}, purpose="enrol")
    answer = line.post(wire.Request.signed(token, agent, wire.ENROL, body, time=wire.moment()))
    return Gate(agent, signing.secret_from(token, agent, nonce, wire.opened(token, answer.body, purpose="enrolled")["nonce"]))


async def poll(socket: Path, gate: Gate) -> dict[str, Any]:
    """Wait as a frontgate does, on a connection of its own."""
    request = gate.request(wire.POLL, {"have": {}, "wait": wire.HOLD_SECONDS})
    reader, writer = await asyncio.open_unix_connection(str(socket))
    headers = {"host": "x", "content-length": len(request.body), **request.headers()}
    lines = [f"POST {request.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    writer.write("\r\n".join([*lines, "", ""]).encode() + request.body)
    await writer.drain()
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    length = next(int(line.split(":")[1]) for line in head.splitlines() if line.lower().startswith("content-length"))
    body = await reader.readexactly(length)
    writer.close()
    assert " 200 " in head.splitlines()[0]
    return wire.opened(gate.secret, body, purpose=f"answer {wire.POLL}")


async def all_wait(platform: PlatformProcess, gates: list[Gate]) -> tuple[int, list[dict[str, Any]]]:
    """Have all wait, count threads when they do, order something of each, and return what they got."""
    polls = [asyncio.create_task(poll(platform.socket, gate)) for gate in gates]
    await asyncio.to_thread(until, lambda: platform.ask("counts")["waiting"] == len(gates), "all to wait")
    counts = await asyncio.to_thread(platform.ask, "counts")
    for gate in gates:
        await asyncio.to_thread(platform.ask, "order", agent=gate.id, token=f"t-{gate.id}", params={"cmd": "true"})
    return counts["threads"], await asyncio.gather(*polls)


def test_200_wait_without_a_thread_each(platform: PlatformProcess) -> None:
    line = Line(str(platform.socket))
    gates = [enrolled(platform, line, number) for number in range(WAITING)]
    line.close()
    before = platform.ask("counts")["threads"]
    threads, answers = asyncio.run(all_wait(platform, gates))
    sys.stdout.write(f"threads: {before} before, {threads} with {WAITING} waiting\n")
    assert threads <= THREADS
    for gate, answer in zip(gates, answers, strict=True):
        assert [parcel["agent"] for parcel in answer["parcels"]] == [gate.id]
