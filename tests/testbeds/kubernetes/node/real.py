"""Starts and stops a control plane with one real node."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.testbeds import groups
from tests.testbeds.debian import Unpacked, unpacked
from tests.testbeds.images import archives
from tests.testbeds.kubernetes.build import CannotBuild
from tests.testbeds.kubernetes.control_plane import ControlPlane, NotReady
from tests.testbeds.kubernetes.node.build import node_program
from tests.testbeds.kubernetes.node.files import Place, volumes, write_all
from tests.testbeds.kubernetes.node.network import Line

NAME = "real-1"
PAUSE = "roadstead.test/pause:1"
EXAMPLE = Path(__file__).parents[4] / "examples" / "wordpress" / "images"
IMAGES = {
    PAUSE: Path(__file__).with_name("pause"),
    "roadstead.test/wordpress:1": EXAMPLE / "wordpress",
    "roadstead.test/mariadb:1": EXAMPLE / "mariadb",
}
PACKAGES = (
    "containerd",
    "containernetworking-plugins",
    "libedit2",
    "libjansson4",
    "libmnl0",
    "libnftables1",
    "libnftnl11",
    "nftables",
    "runc",
)
START_SECONDS = 180


@dataclass(frozen=True)
class Prepared:
    """What a node is made of: unpacked packages, its own programs, and archives of images."""

    debian: Unpacked
    program: Path
    images: tuple[Path, ...]


@dataclass(frozen=True)
class RealNode:
    """A running node and its control plane. Volumes of the class `real` can be written by any user of a container."""

    plane: ControlPlane
    folder: Path
    first: int

    @staticmethod
    def prepare() -> Prepared:
        """Get what a node is made of, and the example's images; later calls find it. Raises `CannotBuild`."""
        if os.geteuid() != 0:
            raise CannotBuild("a real node is started by root only")
        return Prepared(unpacked(PACKAGES), node_program(), tuple(archives(IMAGES).values()))

    @classmethod
    @contextmanager
    def running(cls) -> Iterator["RealNode"]:
        """Have a cluster of one real node that has the example's images. Raises `CannotBuild` or `NotReady`."""
        prepared = cls.prepare()
        with contextlib.ExitStack() as stack:
            # Named as control planes are: what a killed run left is found, and swept away, by the same name.
            home = Path(tempfile.mkdtemp(prefix="roadstead-kubernetes-"))
            stack.callback(shutil.rmtree, home, ignore_errors=True)
            folder = home / "node"
            for part in (folder, folder / "log", folder / "volumes"):
                part.mkdir()
            # The groups go when nobody is in them any more: after the first process.
            stack.enter_context(_cgroup(home.name))
            first = stack.enter_context(_first_process(folder, prepared.debian))
            line = Line.lay(first)
            place = Place(folder, line.there, f"/{home.name}", prepared.debian.root, PAUSE)
            plane = ControlPlane.start(folder=home, nodes=0, address=line.here)
            stack.callback(plane.stop, keep_logs=True)
            node = cls(plane, folder, first)
            write_all(place, plane.folder / "certs" / "ca.crt")
            plane.kubectl("apply", "-f", "-", stdin=volumes(place))
            stack.callback(node._forget_pods)
            (folder / "kubeconfig").write_text(plane.kubeconfig)
            node._go(place, prepared)
            node._await_ready()
            yield node

    def _go(self, place: Place, prepared: Prepared) -> None:
        kubelet = {
            "config": self.folder / "kubelet.json",
            "kubeconfig": self.folder / "kubeconfig",
            "root-dir": self.folder / "kubelet",
            "cert-dir": self.folder / "pki",
            "hostname-override": NAME,
            "node-ip": place.address,
        }
        told = {
            "socket": place.socket,
            "node": str(prepared.program),
            "archives": list(map(str, prepared.images)),
            "kubelet": [f"--{flag}={value}" for flag, value in kubelet.items()],
        }
        half = self.folder / "go.half"
        half.write_text(json.dumps(told))
        half.rename(self.folder / "go")

    def _await_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and Path(f"/proc/{self.first}/exe").exists():
            with contextlib.suppress(OSError):
                if _ready(self.plane.get(f"/api/v1/nodes/{NAME}")):
                    return
            time.sleep(0.3)
        told = (self.folder / "log" / "node.log").read_text().strip().splitlines() or ["no output"]
        raise NotReady(f"the node did not get ready: {told[-1]}")

    def _forget_pods(self) -> None:
        """Take the pods away while somebody is there to end them, so that the kernel has little to tear down."""
        with contextlib.suppress(RuntimeError, subprocess.TimeoutExpired):
            self.plane.kubectl("delete", "pods", "--all-namespaces", "--all", "--grace-period=0", "--force")


def _ready(node: Mapping[str, Any]) -> bool:
    return any(condition["type"] == "Ready" and condition["status"] == "True" for condition in node["status"].get("conditions", ()))


@contextmanager
def _first_process(folder: Path, debian: Unpacked) -> Iterator[int]:
    """Have the node's first process, in namespaces of its own; yield its number outside. With it everything in there ends."""
    alone = ["setpriv", "--pdeathsig", "KILL", "unshare", "--mount", "--net", "--pid", "--fork", "--mount-proc", "--propagation", "private"]
    inside = [sys.executable, "-m", "tests.testbeds.kubernetes.node.inside", str(folder)]
    with (folder / "log" / "node.log").open("wb") as log:
        outer = subprocess.Popen([*alone, "--kill-child", *inside], env=debian.environment, stdout=log, stderr=log)  # our own words
    try:
        yield _only_child(outer)
    finally:
        outer.send_signal(signal.SIGKILL)
        outer.wait()


def _only_child(outer: subprocess.Popen[bytes]) -> int:
    children = Path(f"/proc/{outer.pid}/task/{outer.pid}/children")
    while outer.poll() is None:
        told = children.read_text().split()
        if told:
            return int(told[0])
        time.sleep(0.02)
    raise CannotBuild("namespaces of its own can't be made on this machine")


@contextmanager
def _cgroup(name: str) -> Iterator[None]:
    """Have a group of that name under every controller, and take it away with all that the node made below."""
    for group in groups.groups(name):
        group.mkdir()
    try:
        yield
    finally:
        groups.remove(name)
