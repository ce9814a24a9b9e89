"""A place that keeps a ledger of what was really done to it, and a package to deploy there."""

import io
import tarfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Literal

import pytest

from roadstead.clusters.tests.fakes_view import VIEW
from roadstead.core.problems import Problem, problem_kind
from roadstead.jobs import StepWaits
from roadstead.runtimes.sdk import (
    CredentialReport,
    Event,
    Log,
    NameTaken,
    NotThere,
    Other,
    PodLog,
    ProviderError,
    Release,
    ReleaseView,
    Revision,
    Target,
)

TAKEN = problem_kind("fake_taken", "taken")
LATE = problem_kind("fake_late", "not ready within %(seconds)s seconds")
SCHEMA = b'{"type": "object", "properties": {"replicas": {"type": "integer"}}}'


@dataclass
class FakeProvider:
    """Releases by name; `fails` names a call and what it raises; `ledger` lists what changed, not what was asked."""

    id: ClassVar[str] = "kubernetes"
    delivery: ClassVar[Literal["helm"]] = "helm"
    title: ClassVar[str] = "Kubernetes"
    releases: dict[str, str] = field(default_factory=dict)
    history: dict[str, str] = field(default_factory=dict)
    namespaces: set[str] = field(default_factory=set)
    charts: list[bytes] = field(default_factory=list)
    ledger: list[str] = field(default_factory=list)
    fails: dict[str, ProviderError] = field(default_factory=dict)
    pause: float = 0
    revisions_kept: list[Revision] = field(default_factory=list)
    running: bool = True

    def _may(self, call: str) -> None:
        if call in self.fails:
            raise self.fails[call]

    def check_credential(self, content: str) -> CredentialReport:
        return CredentialReport(credential=content)

    def check_namespace(self, _name: str) -> tuple[Problem, ...]:
        return ()

    def probe(self, _target: Target, *, seconds: float) -> tuple[Problem, ...]:
        del seconds
        return ()

    def claim_namespace(self, target: Target, *, stale: Callable[[str], bool]) -> None:
        del stale
        self.ensure_namespace(target)

    def release_namespace(self, target: Target) -> None:
        self.namespaces.discard(target.namespace)

    def ensure_namespace(self, target: Target) -> None:
        self._may("ensure_namespace")
        if target.namespace not in self.namespaces:
            self.namespaces.add(target.namespace)
            self.ledger.append("namespace")

    def check_release(self, _target: Target, release: Release) -> None:
        self._may("check_release")
        if self.releases.get(release.name, release.token) != release.token:
            raise NameTaken(TAKEN())

    def install(self, target: Target, release: Release, *, log: Log, seconds: float) -> None:
        del seconds
        self._may("install")
        self.check_release(target, release)
        self.charts.append(release.chart)
        if release.name not in self.releases:
            log(f"installing {release.name}")
            self.releases[release.name] = self.history[release.name] = release.token
            self.ledger.append("install")
            self._add("", release.values)

    def await_ready(self, _target: Target, _release: Release, *, log: Log, seconds: float, cancelled: Callable[[], bool]) -> None:
        del log, seconds, cancelled
        self._may("await_ready")

    def workloads(self, _target: Target, release: Release) -> ReleaseView:
        time.sleep(self.pause)
        self._may("workloads")
        if release.name not in self.releases:
            raise NotThere(TAKEN())
        return VIEW

    def _add(self, change: str, values: str) -> None:
        kept = [replace(one, status="superseded") for one in self.revisions_kept]
        self.revisions_kept = [Revision(len(kept) + 1, "deployed", change, "1.0.0", "", "2026-11-23T06:00:00Z", values), *kept]

    def upgrade(self, _target: Target, release: Release, *, log: Log, seconds: float) -> None:
        del log, seconds
        self._may("upgrade")
        self.charts.append(release.chart)
        if self.revisions_kept[0].change != release.change:
            self._add(release.change, release.values)
            self.ledger.append("upgrade")

    def roll_back(self, _target: Target, _release: Release, *, revision: int, log: Log, seconds: float) -> None:
        del log, seconds
        self._may("roll_back")
        to = next(one for one in self.revisions_kept if one.number == revision)
        now = self.revisions_kept[0]
        if (now.change, now.values) != (to.change, to.values):
            self._add(to.change, to.values)
            self.ledger.append(f"back to {revision}")

    def settle(self, _target: Target, _release: Release, *, log: Log) -> int:
        del log
        self._may("settle")
        return self.revisions_kept[0].number

    def revisions(self, _target: Target, _release: Release) -> tuple[Revision, ...]:
        self._may("revisions")
        return tuple(self.revisions_kept)

    def scale(self, _target: Target, _release: Release, *, running: bool, log: Log) -> None:
        del log
        self._may("scale")
        if self.running != running:
            self.running = running
            self.ledger.append("start" if running else "stop")

    def await_stopped(self, _target: Target, _release: Release, *, log: Log, seconds: float, cancelled: Callable[[], bool]) -> None:
        del log, seconds, cancelled
        self._may("await_stopped")

    def events(self, _target: Target, _release: Release) -> tuple[Event, ...]:
        self._may("events")
        return (Event("Pod", "blog-mariadb-0", "BackOff", "<b>Back-off</b> pulling", warning=True, count=3, at="2026-11-23T06:00:00Z"),)

    def pod_log(self, _target: Target, _release: Release, *, pod: str, container: str, lines: int, previous: bool) -> PodLog:
        self._may("pod_log")
        if pod != "blog-mariadb-0":
            raise NotThere(TAKEN())
        text = "<before> the restart" if previous else f"<ready> after {lines}\n"
        return PodLog(container or "mariadb", ("mariadb", "exporter"), text, ("mariadb",))

    def uninstall(self, _target: Target, release: Release, *, keep_history: bool, log: Log, seconds: float) -> None:
        del log, seconds
        self._may("uninstall")
        if self.releases.get(release.name) == release.token:
            del self.releases[release.name]
            self.ledger.append("uninstall")
        if not keep_history and self.history.get(release.name) == release.token:
            del self.history[release.name]
            self.ledger.append("forget")

    def await_gone(self, _target: Target, _release: Release, *, log: Log, seconds: float, cancelled: Callable[[], bool]) -> None:
        del log, seconds, cancelled
        self._may("await_gone")

    def leftovers(self, _target: Target, _release: Release, *, seen: Sequence[tuple[str, str]]) -> tuple[Other, ...]:
        self._may("leftovers")
        return tuple(Other(kind, name, {"capacity": "8Gi"}) for kind, name in seen if kind == "PersistentVolumeClaim")


@dataclass
class FakeRun:
    """One call of a step, without a job."""

    subject: str
    left: float = 600
    timeout: float = 610
    cancelled: bool = False
    lines: list[str] = field(default_factory=list)
    params: dict[str, Any] = field(default_factory=dict)

    def log(self, line: str) -> None:
        self.lines.append(line)

    def remaining(self) -> float:
        return self.left

    def wait(self, seconds: float) -> None:
        raise StepWaits(seconds)


def chart(values: str = "replicas: 1\n", template: str = "") -> bytes:
    """A small chart with a schema, and perhaps a template."""
    files = {"Chart.yaml": b"apiVersion: v2\nname: demo\nversion: 1.0.0\n", "values.yaml": values.encode(), "values.schema.json": SCHEMA}
    files |= {"templates/all.yaml": template.encode()} if template else {}
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, data in files.items():
            entry = tarfile.TarInfo(f"demo/{name}")
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return packed.getvalue()


def at(monkeypatch: pytest.MonkeyPatch, provider: FakeProvider) -> FakeProvider:
    """Let every environment lead to this provider."""
    monkeypatch.setattr("roadstead.runtimes.services.target_of", lambda _id: (provider, Target("secret", "demo")))
    return provider
