"""How much longer a deployment takes than the same `helm install`, on the testbed's control plane, whose nodes are pretended.

Both install the sample chart into a namespace that is there and wait until everything is ready, in turns.
"""

import json
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from bench.client import Client
from bench.installation import ROOT, printed_inside, server
from tests.testbeds.kubernetes import CannotBuild, ControlPlane, NotReady, build_helm

SAMPLE = ROOT / "examples/wordpress/helm"
ROUNDS, TARGET = 7, 1.5
PATIENCE, LOOK = 300.0, 0.02
HELM, OURS = "bench-helm", "bench-roadstead"


class Deployment(NamedTuple):
    """The seconds from the request until it ran, and those of each step."""

    seconds: float
    steps: dict[str, float]


class Somebody:
    """One who deploys over the API."""

    def __init__(self, port: int, token: str) -> None:
        self._client = Client(port)
        self._header = f"Authorization: Bearer {token}\r\n"

    def environment(self, plane: ControlPlane) -> str:
        """Make an environment at the control plane."""
        wish = {"name": "bench", "zone": OURS, "content": plane.kubeconfig}
        return str(self._post("/api/v1/environments", wish)["id"])

    def deploy(self, version: str, environment: str, name: str) -> Deployment:
        """Deploy, and wait until it runs."""
        begun = time.perf_counter()
        made = self._post("/api/v1/instances", {"version": version, "environment": environment, "name": name})
        while (found := self._get(f"/api/v1/instances/{made['id']}"))["transition"]:
            assert time.perf_counter() - begun < PATIENCE, found
            time.sleep(LOOK)
        took = time.perf_counter() - begun
        assert found["status"] == "active", found
        return Deployment(took, dict(_steps(self._get(f"/api/v1/jobs/{made['job']}")["steps"])))

    def delete(self, name: str) -> None:
        """Take it away again."""
        (found,) = [one for one in self._get("/api/v1/instances?limit=100")["items"] if one["name"] == name]
        self._client.delete(f"/api/v1/instances/{found['id']}", self._header)
        end = time.perf_counter() + PATIENCE
        while self._get(f"/api/v1/instances/{found['id']}")["transition"]:
            assert time.perf_counter() < end
            time.sleep(LOOK)

    def _get(self, path: str) -> Any:
        return self._client.json(path, self._header)

    def _post(self, path: str, body: dict[str, str]) -> Any:
        return self._client.post(path, self._header, json.dumps(body).encode())


def _steps(told: list[dict[str, Any]]) -> Iterator[tuple[str, float]]:
    for step in told:
        begun, ended = (datetime.fromisoformat(step[name]) for name in ("started_at", "finished_at"))
        yield step["title"], (ended - begun).total_seconds()


def by_helm(helm: Path, plane: ControlPlane, name: str) -> float:
    """Install by the official command, take it away again, and return the seconds that the installation took."""
    with tempfile.TemporaryDirectory(prefix="roadstead-bench-") as folder:
        kubeconfig = Path(folder) / "kubeconfig"
        kubeconfig.write_text(plane.kubeconfig)
        there = ("--namespace", HELM, "--kubeconfig", str(kubeconfig))
        begun = time.perf_counter()
        subprocess.run([helm, "install", name, SAMPLE, *there, "--wait=watcher"], check=True, capture_output=True)
        took = time.perf_counter() - begun
        subprocess.run([helm, "uninstall", name, *there, "--wait"], check=True, capture_output=True)
    return took


def measured(plane: ControlPlane, helm: Path) -> tuple[list[float], list[Deployment]]:
    """Deploy in both ways, in turns; the first of each warms up."""
    plane.kubectl("create", "namespace", HELM)
    with tempfile.TemporaryDirectory(prefix="roadstead-bench-") as name:
        folder = Path(name)
        with server(folder):
            pass  # makes the keys and the tables
        known = json.loads(printed_inside(folder, "bench.deployable"))
        with server(folder) as running:
            one = Somebody(running.port, known["token"])
            environment = one.environment(plane)
            plain, ours = [], []
            for number in range(ROUNDS + 1):
                plain.append(by_helm(helm, plane, f"helm-{number}"))
                ours.append(one.deploy(known["version"], environment, f"ours-{number}"))
                one.delete(f"ours-{number}")
    return plain[1:], ours[1:]


@contextmanager
def control_plane() -> Iterator[ControlPlane]:
    """Have a control plane of one's own."""
    plane = ControlPlane.start()
    try:
        yield plane
    finally:
        plane.stop()


def main() -> None:
    """Print the table."""
    try:
        helm = build_helm()
        with control_plane() as plane:
            plain, ours = measured(plane, helm)
    except (CannotBuild, NotReady) as reason:
        print(f"no overhead without a control plane: {reason}")
        return
    print(f"a deployment of the sample chart, {ROUNDS} of each{'':20}min  median    max  s")
    _row("helm install --wait", plain)
    _row("a deployment", [one.seconds for one in ours])
    for step in ours[0].steps:
        _row(f"  {step}", [one.steps[step] for one in ours])
    ratio = statistics.median(one.seconds for one in ours) / statistics.median(plain)
    print(f"target: {TARGET} times: {'met' if ratio <= TARGET else 'MISSED'} ({ratio:.2f})")


def _row(name: str, seconds: list[float]) -> None:
    print(f"{name:56}{min(seconds):8.2f}{statistics.median(seconds):8.2f}{max(seconds):7.2f}")


if __name__ == "__main__":
    main()
