"""Starts and stops a control plane: etcd, API server, controller manager, scheduler, and kwok for nodes that only pretend."""

import base64
import contextlib
import json
import os
import shutil
import signal
import ssl
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from tests.testbeds.kubernetes import certificates
from tests.testbeds.kubernetes.build import Programs, build, cache
from tests.testbeds.kubernetes.manifests import objects
from tests.testbeds.kubernetes.parts import Ports, parts_after_the_server, parts_of_the_server

VOLUMES = Path("/tmp/hostpath_pv")  # noqa: S108  # where the controller manager's host-path provisioner always puts volumes
START_SECONDS = 120.0


class NotReady(Exception):
    """The control plane did not come up; the message names the part and the folder of its log."""


@dataclass(frozen=True)
class ControlPlane:
    """A running control plane. What it is can be written to a file and read by another process, which may use and stop it."""

    folder: Path
    ports: Ports
    token: str
    owner: int
    nodes: int
    address: str = certificates.LOOPBACK
    seconds: float = 0.0

    @classmethod
    def start(cls, *, folder: Path | None = None, nodes: int = 2, owner: int | None = None, address: str = certificates.LOOPBACK) -> Self:
        """Start afresh on free ports and wait until pods can run.

        `nodes` only pretend. `owner` is the process whose end makes it a leftover (0: nobody's). `address` is where the API server listens:
        loopback, or this machine's end of a line to a node in a network of its own.
        """
        programs = build()
        began = time.monotonic()
        folder = folder or Path(tempfile.mkdtemp(prefix="roadstead-kubernetes-"))
        folder.mkdir(parents=True, exist_ok=True)
        token = certificates.write_all(folder / "certs", address)
        plane = cls(folder, Ports.free(), token, os.getpid() if owner is None else owner, nodes, address)
        plane._write_kubeconfig()
        try:
            plane._raise_parts(programs)
        except BaseException:
            plane.stop(keep_logs=True)
            raise
        plane = cls(**{**vars(plane), "seconds": time.monotonic() - began})
        (folder / "state.json").write_text(json.dumps({**asdict(plane), "folder": str(folder)}))
        return plane

    @classmethod
    def read(cls, state: Path) -> Self:
        """Return the control plane that another process started."""
        told = json.loads(state.read_text())
        return cls(**{**told, "folder": Path(told["folder"]), "ports": Ports(**told["ports"])})

    @property
    def server(self) -> str:
        """The address of the API server."""
        return f"https://{self.address}:{self.ports.server}"

    @property
    def kubeconfig(self) -> str:
        """A kubeconfig as people have it: authority, server and token, all inline."""
        return (self.folder / "kubeconfig").read_text()

    @property
    def alive(self) -> bool:
        """Whether every part still runs."""
        return all(_runs(pid, name) for name, pid in self._pids())

    def kubectl(self, *arguments: str, stdin: str = "", timeout: float = 60) -> str:
        """Run kubectl as administrator and return what it printed; a failure raises with its words."""
        command = [str(build().control_plane), "kubectl", "--kubeconfig", str(self.folder / "kubeconfig"), *arguments]
        done = subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=timeout, check=False)  # a test's own words
        if done.returncode:
            raise RuntimeError(f"kubectl {' '.join(arguments)}: {done.stderr.strip()}")
        return done.stdout

    def get(self, path: str) -> Any:
        """Return what the API answers at a path, as JSON."""
        request = urllib.request.Request(self.server + path, headers={"Authorization": f"Bearer {self.token}"})  # https only
        context = ssl.create_default_context(cafile=str(self.folder / "certs" / "ca.crt"))
        with _direct(urllib.request.HTTPSHandler(context=context)).open(request, timeout=5) as answer:
            body = answer.read()
        return json.loads(body) if body[:1] == b"{" else body.decode()

    def stop(self, *, keep_logs: bool = False) -> None:
        """Stop every part by its process id, then remove the state and the volumes that it had made."""
        volumes = self._volumes()
        for name, pid in reversed(list(self._pids())):
            _end(pid, name)
        for volume in volumes:
            shutil.rmtree(volume, ignore_errors=True)
        if not keep_logs:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _raise_parts(self, programs: Programs) -> None:
        # One after the other: the API server ends when its store doesn't answer within 20 seconds, which a busy machine may need.
        for (name, command), ready in zip(
            parts_of_the_server(self.folder, self.ports, self.address), (self._stores, self._serves), strict=True
        ):
            self._launch(name, [str(programs.control_plane), *command])
            self._wait(ready, name)
        for name, command in parts_after_the_server(self.folder):
            self._launch(name, [str(programs.control_plane), *command])
        kubeconfig, annotation = str(self.folder / "kubeconfig"), "kwok.x-k8s.io/node=fake"
        only_ours = [
            "--manage-all-nodes=false",
            f"--manage-nodes-with-annotation-selector={annotation}",
            "--node-lease-duration-seconds=40",
        ]
        self._launch("kwok", [str(programs.kwok), "--kubeconfig", kubeconfig, "--config", str(programs.stages), *only_ours])
        self.kubectl("apply", "-f", "-", stdin=objects(self.nodes))
        self._wait(self._all_there, "controllers and nodes")

    def _stores(self) -> bool:
        with _direct().open(f"http://127.0.0.1:{self.ports.etcd}/health", timeout=5) as answer:
            return bool(json.loads(answer.read())["health"] == "true")

    def _serves(self) -> bool:
        return bool(self.get("/readyz") == "ok")

    def _all_there(self) -> bool:
        self.get("/api/v1/namespaces/default/serviceaccounts/default")
        conditions = [condition for node in self.get("/api/v1/nodes")["items"] for condition in node["status"].get("conditions", ())]
        ready = [condition for condition in conditions if condition["type"] == "Ready" and condition["status"] == "True"]
        return len(ready) == self.nodes

    def _launch(self, name: str, command: list[str]) -> None:
        (self.folder / "log").mkdir(exist_ok=True)
        (self.folder / "pids").mkdir(exist_ok=True)
        with (self.folder / "log" / f"{name}.log").open("wb") as log:
            # A session of its own: a Ctrl-C meant for the tests must not stop it half-way.
            process = subprocess.Popen(
                command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )  # our programs
        (self.folder / "pids" / f"{name}.pid").write_text(str(process.pid))
        # It goes on without this object, and `stop` ends it by its id, maybe from another process: nothing to warn of.
        process.returncode = 0

    def _wait(self, ready: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError, urllib.error.URLError):
                if ready():
                    return
            dead = [name for name, pid in self._pids() if not _runs(pid, name)]
            if dead:
                raise NotReady(f"{dead[0]} ended at once; its log is in {self.folder / 'log'}")
            time.sleep(0.1)
        raise NotReady(f"{what} did not get ready within {START_SECONDS:.0f} s; logs are in {self.folder / 'log'}")

    def _pids(self) -> Iterator[tuple[str, int]]:
        for file in sorted((self.folder / "pids").glob("*.pid"), key=lambda file: file.stat().st_mtime_ns):
            yield file.stem, int(file.read_text())

    def _volumes(self) -> list[Path]:
        try:
            claimed = self.get("/api/v1/persistentvolumes")["items"]
        except OSError:
            return []
        folders = [Path(volume["spec"]["hostPath"]["path"]) for volume in claimed if "hostPath" in volume["spec"]]
        return [folder for folder in folders if folder.parent == VOLUMES]

    def _write_kubeconfig(self) -> None:
        authority = base64.b64encode((self.folder / "certs" / "ca.crt").read_bytes()).decode()
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "testbed",
            "clusters": [{"name": "testbed", "cluster": {"server": self.server, "certificate-authority-data": authority}}],
            "users": [{"name": "admin", "user": {"token": self.token}}],
            "contexts": [{"name": "testbed", "context": {"cluster": "testbed", "user": "admin"}}],
        }
        path = self.folder / "kubeconfig"
        path.touch(mode=0o600)
        path.write_text(json.dumps(config, indent=2))


def sweep() -> None:
    """Stop control planes whose owner is gone: a test run that was killed leaves one behind."""
    for state in Path(tempfile.gettempdir()).glob("roadstead-kubernetes-*/state.json"):
        # Another run may be writing or removing its own at this moment.
        # Another version of these tests may have written other things down: TypeError.
        with contextlib.suppress(FileNotFoundError, ValueError, TypeError):
            plane = ControlPlane.read(state)
            if plane.owner and not Path(f"/proc/{plane.owner}").exists():
                plane.stop()


def standing() -> Path:
    """Return the folder of the one control plane that people start by hand."""
    return cache() / "run"


def _direct(*handlers: urllib.request.BaseHandler) -> urllib.request.OpenerDirector:
    """Return what asks loopback, past any proxy of the environment."""
    return urllib.request.build_opener(urllib.request.ProxyHandler({}), *handlers)


def _runs(pid: int, name: str) -> bool:
    """Whether the process is there and is still the one that we started."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    # In its very first moment a process has no words yet; one that ended and wasn't waited for has none any more.
    if not any(words):
        return state != "Z"
    return any(word.rsplit(b"/", 1)[-1] == name.encode() for word in words[:2])


def _end(pid: int, name: str) -> None:
    """Ask a process to stop, and insist after five seconds."""
    for sign, patience in ((signal.SIGTERM, 5.0), (signal.SIGKILL, 5.0)):
        if not _runs(pid, name):
            return
        os.kill(pid, sign)
        deadline = time.monotonic() + patience
        while _runs(pid, name) and time.monotonic() < deadline:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
            time.sleep(0.05)
