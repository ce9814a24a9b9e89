"""The throw-away process: it ends, whatever happens on either side, and leaves nothing behind."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from roadstead import helm
from roadstead.helm import process
from roadstead.helm.factories import chart
from roadstead.helm.tests.test_render import LOOP

SRC = str(Path(helm.__file__).parents[2])
KUBECONFIG = """
apiVersion: v1
kind: Config
current-context: a
clusters: [{{name: a, cluster: {{server: "https://127.0.0.1:{port}"}}}}]
users: [{{name: a, user: {{token: secret}}}}]
contexts: [{{name: a, context: {{cluster: a, user: a}}}}]
"""
CUT = """
import sys, socket
sys.path.append(sys.argv[1])
from roadstead.helm import isolation
if sys.argv[2] != "both":
    isolation._refuse_sockets = lambda: False
print(isolation.cut_network())
try:
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(("127.0.0.1", 9))
    print("reached")
except OSError:
    print("cut")
"""


pytestmark = pytest.mark.usefixtures("way")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where private folders are made."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture
def silent_server() -> Iterator[int]:
    """A server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def until(condition: Callable[[], object], seconds: float = 5) -> bool:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    return bool(condition())


def children_of(pid: int) -> list[int]:
    with contextlib.suppress(OSError):
        return [int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()]
    return []


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def rendering(parent: int) -> bool:
    """Whether a child of this process, or what that started, has Helm at work."""
    [child] = children_of(parent) or [0]
    worker = (children_of(child) or [0]) if helm.HELM.command else [child]
    used = Path(f"/proc/{worker[0]}/stat")
    return used.exists() and int(used.read_text().rpartition(")")[2].split()[11]) > 50  # hundredths of a second


def test_the_deadline_ends_a_call_to_a_server_that_never_answers(folder: Path, silent_server: int) -> None:
    before = children_of(os.getpid())
    with pytest.raises(helm.HelmFailure) as raised:
        helm.status(KUBECONFIG.format(port=silent_server), name="one", namespace="place", deadline=1.5)
    assert raised.value.kind == "timeout"
    assert list(folder.iterdir()) == []
    assert children_of(os.getpid()) == before


def test_a_server_that_is_not_there_is_unreachable(folder: Path) -> None:
    with pytest.raises(helm.HelmFailure) as raised:
        helm.install(KUBECONFIG.format(port=1), chart(), name="one", namespace="place", deadline=60)
    assert raised.value.kind == "unreachable"
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("kubeconfig", ["", " \n"])
def test_an_empty_kubeconfig_never_means_this_machine(kubeconfig: str) -> None:
    with pytest.raises(helm.HelmFailure) as raised:
        helm.status(kubeconfig, name="one", namespace="place")
    assert raised.value.kind == "credential"


def test_when_the_parent_is_killed_the_child_and_its_folder_go(folder: Path) -> None:
    code = (
        f"import sys, tempfile; sys.path.append({SRC!r}); tempfile.tempdir = {str(folder)!r}\n"
        "from roadstead import helm\nfrom roadstead.helm.factories import chart\n"
        f"helm.use({helm.HELM.command!r})\n"
        f"helm.render(chart(bomb={LOOP!r}), name='one', namespace='place', deadline=60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code])
    assert until(lambda: rendering(parent.pid), 60)
    [child] = children_of(parent.pid)
    family = [child, *children_of(child)]
    assert len(family) == 1 + bool(helm.HELM.command)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    assert until(lambda: not any(alive(process) for process in family), 60)
    assert until(lambda: not any(folder.iterdir()))


def test_the_child_knows_nothing_of_the_server(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KUBECONFIG", "HTTPS_PROXY", "ROADSTEAD_MASTER_KEY"):
        monkeypatch.setenv(name, "canary")
    monkeypatch.setattr(
        process, "_BOOT", "import json, os; print(json.dumps({'answer': {'result': dict(os.environ), 'network_isolated': 0}}))"
    )
    environment = process.run({}, deadline=60, bounds=process.Bounds())
    assert "canary" not in environment.values()
    assert Path(environment["HOME"]).parent == folder


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("raise SystemExit(3)", "crashed"),
        ("print('{\"answer\": {\"resu', end='')", "crashed"),
        ("import sys; sys.exit('fatal error: runtime: out of memory')", "memory"),
        ("import time; time.sleep(60)", "timeout"),
    ],
)
def test_a_process_without_an_answer_is_a_failure(folder: Path, monkeypatch: pytest.MonkeyPatch, code: str, kind: str) -> None:
    monkeypatch.setattr(process, "_BOOT", code)
    with pytest.raises(helm.HelmFailure) as raised:
        process.run({"values": "x" * 1_000_000}, deadline=2 if kind == "timeout" else 60, bounds=process.Bounds())
    assert raised.value.kind == kind
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("means", ["both", "namespace"])
def test_the_network_is_really_cut_when_it_is_said_to_be(means: str) -> None:
    done = subprocess.run([sys.executable, "-c", CUT, SRC, means], capture_output=True, text=True, check=True)
    assert done.stdout.split() in (["True", "cut"], ["False", "reached"])
    assert means != "both" or done.stdout.startswith("True")


def test_a_child_does_not_inherit_the_size_of_a_large_server() -> None:
    """The peak of `getrusage` goes through `exec`; a server that was large once must still render."""
    grow = "large = bytearray(700 * 2**20); large[::4096] = b'x' * len(large[::4096]); del large"
    ask = "import subprocess, sys; print(subprocess.run([sys.executable, '-c', sys.argv[1]], capture_output=True, text=True).stdout)"
    tell = "from roadstead.helm.isolation import resident_mib; print(resident_mib())"
    done = subprocess.run([sys.executable, "-c", f"{grow}; {ask}", tell], capture_output=True, text=True, check=True)
    assert 0 < int(done.stdout) < 200
