"""A registry of images of the tests' own, out of Debian's package; the tests' engine reaches it on this machine."""

import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.ports import free_ports
from tests.testbeds.debian import unpacked

USER, PASSWORD = "keeper", "geheim"
_HASH = "$2b$05$HcR57k7Tsl4QdH2SnIA/4.SqCXlr8NFXkND/uHi2ZxgCrXfTNYWKW"
SECONDS = 60


@contextmanager
def registry(folder: Path, *, locked: bool = False) -> Iterator[str]:
    """Have one, with a login if it is `locked`; gives its host as images are named. Raises `CannotBuild`."""
    program = unpacked(("docker-registry",)).root / "usr/bin/docker-registry"
    host = f"127.0.0.1:{free_ports(1)[0]}"
    folder.mkdir()
    told = f"version: 0.1\nlog:\n  level: error\nstorage:\n  filesystem:\n    rootdirectory: {folder}/kept\nhttp:\n  addr: {host}\n"
    if locked:
        (folder / "users").write_text(f"{USER}:{_HASH}\n")
        told += f"auth:\n  htpasswd:\n    realm: tests\n    path: {folder}/users\n"
    (folder / "config.yml").write_text(told)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([str(program), "serve", str(folder / "config.yml")], stdout=log, stderr=log)
    try:
        _await(f"http://{host}/v2/", process, folder / "log")
        yield host
    finally:
        process.kill()
        process.wait()


def _await(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=10):
                return
        except urllib.error.HTTPError as refusal:
            refusal.close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(log.read_text()[-2000:])
