"""`make bench`: the store over HTTP, one client that waits for each answer, beside an empty view through the same middleware."""

import json
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

APPS = 10_000
SECONDS = 4.0
ROUNDS = 3
ROOT = Path(__file__).parent.parent
LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
ETAG = re.compile(rb"\r\netag: ([^\r]+)", re.IGNORECASE)


class Client:
    """One connection that is kept open; it does as little as it can, for it shares the processor with the server."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))

    def get(self, path: str, header: str = "") -> tuple[bytes, bytes]:
        """Return head and body of an answer."""
        self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{header}\r\n".encode())
        received = b""
        while b"\r\n\r\n" not in received:
            received += self.socket.recv(65536)
        head, _, body = received.partition(b"\r\n\r\n")
        length = LENGTH.search(head)
        if length is None and b" 304 " not in head[:20]:
            return head, self._chunks(body)
        while length and len(body) < int(length[1]):
            body += self.socket.recv(65536)
        return head, body

    def _chunks(self, body: bytes) -> bytes:
        while not body.endswith(b"0\r\n\r\n"):
            body += self.socket.recv(65536)
        return body


def measure(client: Client, path: str, header: str = "") -> list[float]:
    """Ask for a page again and again; return the seconds of each answer."""
    took = []
    end = time.perf_counter() + SECONDS / ROUNDS
    while time.perf_counter() < end:
        started = time.perf_counter()
        head, _ = client.get(path, header)
        took.append(time.perf_counter() - started)
        if head[9:12] not in {b"200", b"304"}:
            raise SystemExit(f"{path}: {head[:200].decode()}")
    return took


@contextmanager
def server(folder: Path) -> Iterator[tuple[int, int, float]]:
    """Run an installation; yield its port, its process and the seconds until it was ready."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "ROADSTEAD_DATA_DIR": str(folder), "ROADSTEAD_PORT": str(port), "ROADSTEAD_MAKE_KEYS": "1"}
    started = time.monotonic()
    with subprocess.Popen([sys.executable, "-m", "bench.server"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL) as process:
        try:
            while not _answers(port):
                time.sleep(0.02)
            yield port, process.pid, time.monotonic() - started
        finally:
            process.send_signal(signal.SIGTERM)


def _answers(port: int) -> bool:
    try:
        return b" 200 " in Client(port).get("/readyz")[0]
    except OSError:
        return False


def resident(process: int) -> float:
    """Return a process's memory in MiB."""
    return int(re.findall(r"VmRSS:\s+(\d+)", Path(f"/proc/{process}/status").read_text())[0]) / 1024


def targets(client: Client) -> dict[str, tuple[str, str]]:
    """Return what is measured: a name, an address and a header."""
    head, body = client.get("/api/v1/store/apps?limit=20")
    page = json.loads(body)
    tag = ETAG.search(head)
    return {
        "empty view": ("/bench/empty", ""),
        f"20 of {APPS:,}, first page": ("/api/v1/store/apps?limit=20", ""),
        f"20 of {APPS:,}, next page": (f"/api/v1/store/apps?limit=20&cursor={quote(page['next_cursor'])}", ""),
        "20, unchanged (304)": ("/api/v1/store/apps?limit=20", f"If-None-Match: {tag[1].decode() if tag else ''}\r\n"),
        f"search 博客 in {APPS:,}": (f"/api/v1/store/apps?q={quote('博客')}", ""),
        "one app": (f"/api/v1/store/apps/{page['items'][0]['id']}", ""),
        "store home, HTML": ("/", ""),
    }


def table(port: int) -> None:
    """Measure in turns, so that a busy moment of the machine meets all alike, and print."""
    client = Client(port)
    took: dict[str, list[float]] = {}
    wanted = targets(client)
    for _ in range(ROUNDS):
        for name, (path, header) in wanted.items():
            took.setdefault(name, []).extend(measure(client, path, header))
    empty = len(took["empty view"]) / sum(took["empty view"])
    print(f"{'one client':28}{'requests/s':>12}{'of empty':>10}{'median ms':>11}{'p99 ms':>9}")
    for name, seconds in took.items():
        rate = len(seconds) / sum(seconds)
        middle, late = statistics.median(seconds) * 1000, sorted(seconds)[int(len(seconds) * 0.99)] * 1000
        print(f"{name:28}{rate:12.0f}{rate / empty:10.2f}{middle:11.2f}{late:9.2f}")


def main() -> None:
    """Fill a fresh installation, start it again, measure."""
    with tempfile.TemporaryDirectory(prefix="roadstead-bench-") as folder:
        data = Path(folder, "data")
        with server(data) as (_, _, first):
            pass
        environment = {**os.environ, "ROADSTEAD_DATA_DIR": str(data)}
        subprocess.run([sys.executable, "-m", "bench.server", str(APPS)], cwd=ROOT, env=environment, check=True)
        with server(data) as (port, process, second):
            time.sleep(2)
            idle = resident(process)
            table(port)
            print(f"first start {first:.1f} s, with data {second:.1f} s; idle {idle:.0f} MiB, after the load {resident(process):.0f} MiB")


if __name__ == "__main__":
    main()
