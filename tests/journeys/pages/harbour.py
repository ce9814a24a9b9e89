"""A Kubernetes that is only told of: credentials are really checked, releases answer what is laid out here.

It stands in for the provider of that id, so that pages of instances are full on any machine and look the same each time.
"""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from roadstead.providers.kubernetes.problems import NO_ANSWER, NOT_READY, POD_MISSING, UNAUTHORIZED
from roadstead.providers.kubernetes.provider import KubernetesProvider
from roadstead.runtimes.sdk import (
    Endpoint,
    Event,
    Interrupted,
    Log,
    NotThere,
    Other,
    Pod,
    PodLog,
    Release,
    ReleaseView,
    Revision,
    Target,
    TimedOut,
    Unreachable,
    Workload,
)

if TYPE_CHECKING:
    from roadstead.core.problems import Problem

SERVER = "10.20.0.5:6443"
SILENT, REFUSING = "lost-and-found", "expired"  # namespaces
UNREADY, ENDLESS, BROKEN, ASLEEP = "metrics", "team-docs", "tickets", "shop-db"  # releases
BUG = "a-pod-that-nobody-thought-of"
NOTES = """\
{name} is installed.

Reach it from your machine:

  kubectl --namespace {namespace} port-forward service/{name}-web 8080:80

then open http://localhost:8080 and finish the set-up in the browser.
"""
LOG = """\
2026-11-27T08:14:02Z [notice] starting with 4 workers
2026-11-27T08:14:02Z [notice] database {name}-db:3306 answers, schema is at 62
2026-11-27T08:14:03Z [warning] no mail server is set, mails are kept in the queue
2026-11-27T08:14:03Z [notice] listening on 0.0.0.0:80
2026-11-27T08:14:18Z GET /healthz 200 2ms
2026-11-27T08:15:40Z GET / 200 38ms
"""


class Harbour(KubernetesProvider):
    """Answers for every release; `unready` are those that don't get ready now, `wait` passes time between two lines."""

    def __init__(self, wait: Callable[[float], None] = time.sleep) -> None:
        self.wait, self.unready = wait, set[str]()
        self.quiet = False  # nothing is wrong anywhere

    def probe(self, target: Target, *, seconds: float) -> "tuple[Problem, ...]":
        """Answer well, but for two namespaces."""
        if self.quiet:
            return ()
        if target.namespace == SILENT:
            return (NO_ANSWER(where="server", server=SERVER, seconds=9),)
        return (UNAUTHORIZED(server=SERVER),) if target.namespace == REFUSING else ()

    def claim_namespace(self, target: Target, *, stale: Callable[[str], bool]) -> None:
        """Let anybody have it."""

    def release_namespace(self, target: Target) -> None:
        """Nothing to take off."""

    def ensure_namespace(self, target: Target) -> None:
        """It is there."""

    def check_release(self, target: Target, release: Release) -> None:
        """Every name is free."""
        self.wait(1)

    def install(self, target: Target, release: Release, *, log: Log, seconds: float) -> None:
        """Say what an installation says."""
        log(f"Installing release {release.name} into namespace {target.namespace}")
        self.wait(6)
        log(f"Installed {release.name}, revision 1")

    upgrade = install

    def roll_back(self, target: Target, release: Release, *, revision: int, log: Log, seconds: float) -> None:
        """Say what a rollback says."""
        log(f"Rolled {release.name} back to revision {revision}")
        self.wait(4)

    def settle(self, target: Target, release: Release, *, log: Log) -> int:
        """The first revision stands."""
        self.wait(1)
        return 1

    def await_ready(self, target: Target, release: Release, *, log: Log, seconds: float, cancelled: Callable[[], bool]) -> None:
        """Get ready, or not in time, or never."""
        log(f"StatefulSet {release.name}-db: 0 of 1 ready")
        self.wait(8)
        log(f"StatefulSet {release.name}-db: 1 of 1 ready")
        log(f"Deployment {release.name}-web: 0 of 2 ready")
        if release.name == ENDLESS:
            log("Pod team-docs-web-5c9d8bb9f4-x7k2m: pulling image registry.example.com/docs:1.20.0")
            while not cancelled():
                self.wait(0.5)
            raise Interrupted(NOT_READY(seconds=600, what=f"Deployment {release.name}-web"))
        self.wait(31)
        if release.name in self.unready:
            log(f"Pod {release.name}-web-7d9c5b8f6-2xkqp: CrashLoopBackOff, back-off 40s restarting failed container")
            raise TimedOut(NOT_READY(seconds=600, what=f"Deployment {release.name}-web (1/2)"))
        log(f"Deployment {release.name}-web: 2 of 2 ready")

    def scale(self, target: Target, release: Release, *, running: bool, log: Log) -> None:
        """Say what was scaled."""
        log(f"Deployment {release.name}-web: 2 → {2 if running else 0}")
        self.wait(2)

    def await_stopped(self, target: Target, release: Release, *, log: Log, seconds: float, cancelled: Callable[[], bool]) -> None:
        """Stop."""
        self.wait(5)
        log("No pods are left")

    def uninstall(self, target: Target, release: Release, *, keep_history: bool, log: Log, seconds: float) -> None:
        """Uninstall."""
        self.wait(4)
        log(f"Uninstalled {release.name}")

    def await_gone(self, target: Target, release: Release, *, log: Log, seconds: float, cancelled: Callable[[], bool]) -> None:
        """Be gone."""
        self.wait(2)

    def workloads(self, target: Target, release: Release) -> ReleaseView:
        """Show a web tier and a database."""
        if target.namespace == SILENT and not self.quiet:
            raise Unreachable(NO_ANSWER(server=SERVER, seconds=9))
        return view_of(target, release.name)

    def revisions(self, target: Target, release: Release) -> tuple[Revision, ...]:
        """Three revisions, the first one with other values."""
        if target.namespace == SILENT:
            raise Unreachable(NO_ANSWER(server=SERVER, seconds=9))
        return (
            Revision(3, "deployed", chart_version="6.8.2", app_version="6.8.2", at="2026-11-27T07:02:11Z", values="replicaCount: 2\n"),
            Revision(2, "superseded", chart_version="6.8.2", app_version="6.8.2", at="2026-11-24T16:40:09Z", values="replicaCount: 3\n"),
            Revision(1, "superseded", chart_version="6.8.1", app_version="6.8.1", at="2026-11-20T09:12:44Z", values="replicaCount: 1\n"),
        )

    def events(self, target: Target, release: Release) -> tuple[Event, ...]:
        """What a cluster notes."""
        if target.namespace == SILENT:
            raise Unreachable(NO_ANSWER(server=SERVER, seconds=9))
        pod = f"{release.name}-web-7d9c5b8f6-2xkqp"
        return (
            Event("Pod", pod, "BackOff", "Back-off restarting failed container web", warning=True, count=14, at="2026-11-27T14:02:11Z"),
            Event("Pod", pod, "Pulled", "Container image is already present on the machine", at="2026-11-27T13:58:40Z"),
            Event("Deployment", f"{release.name}-web", "ScalingReplicaSet", "Scaled up replica set to 2", at="2026-11-27T13:58:31Z"),
        )

    def pod_log(self, target: Target, release: Release, *, pod: str, container: str, lines: int, previous: bool) -> PodLog:
        """The last lines of a pod of the release; one pod shows what a fault of ours looks like."""
        if pod == BUG:
            raise RuntimeError(pod)
        if not pod.startswith(release.name):
            raise NotThere(POD_MISSING(pod=pod))
        return PodLog("web", ("web", "backup"), LOG.format(name=release.name))


def view_of(target: Target, name: str) -> ReleaseView:
    """What runs of a release."""
    up = 0 if name == ASLEEP else 2
    pods = [_pod(f"{name}-web-7d9c5b8f6-{end}", place) for place, end in enumerate(("2xkqp", "9wzlm")[:up])]
    if name in {BROKEN, UNREADY}:
        crashed = "back-off 5m0s restarting failed container=web"
        pods[0] = Pod(
            pods[0].name,
            "Running",
            node="node-b",
            address="10.42.1.23",
            restarts=14,
            created="2026-11-27T12:58:31Z",
            reason="CrashLoopBackOff",
            message=crashed,
        )
    ready = sum(pod.ready for pod in pods)
    web = Workload("Deployment", f"{name}-web", ready, up, ("registry.example.com/web:6.8.2",), tuple(pods))
    base = Workload("StatefulSet", f"{name}-db", min(up, 1), min(up, 1), ("mariadb:11.4.5",), (_pod(f"{name}-db-0", 2),) if up else ())
    return ReleaseView(
        "deployed",
        workloads=(web, base),
        others=(
            Other(
                "Service",
                f"{name}-web",
                {"type": "LoadBalancer", "cluster_ip": "10.43.18.7", "external": "203.0.113.20", "ports": "80/TCP"},
            ),
            Other("Service", f"{name}-db", {"type": "ClusterIP", "cluster_ip": "10.43.7.41", "ports": "3306/TCP"}),
            Other("Ingress", f"{name}-web", {"hosts": f"{name}.example.com", "address": "203.0.113.20"}),
            Other("PersistentVolumeClaim", f"data-{name}-db-0", {"status": "Bound", "capacity": "8Gi", "access": "ReadWriteOnce"}),
            Other("PersistentVolumeClaim", f"{name}-uploads", {"status": "Bound", "capacity": "5Gi", "access": "ReadWriteOnce"}),
            Other("Secret", f"{name}-db", {"keys": "2"}),
        ),
        endpoints=(
            Endpoint(f"{name}-web", f"{name}.example.com", f"https://{name}.example.com/"),
            Endpoint(f"{name}-db", f"{name}-db.{target.namespace}.svc:3306"),
        ),
        notes=NOTES.format(name=name, namespace=target.namespace),
    )


def _pod(name: str, place: int) -> Pod:
    return Pod(name, "Running", ready=True, node=f"node-{'abc'[place]}", address=f"10.42.{place}.1{place}", created="2026-11-24T16:40:31Z")
