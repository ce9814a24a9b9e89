"""A provider that only pretends, and environments of it, for tests."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Literal

from roadstead.core.problems import Problem, Words, problem_kind
from roadstead.runtimes import registry, services
from roadstead.runtimes.sdk import (
    CredentialAsks,
    CredentialReport,
    Event,
    Log,
    NameTaken,
    NotThere,
    Other,
    PodLog,
    Release,
    ReleaseView,
    Revision,
    Target,
    Workload,
)

if TYPE_CHECKING:
    from roadstead.accounts.models import User
    from roadstead.runtimes.models import Environment

BAD = problem_kind("pretended_bad", "This credential is bad")
TAKEN = problem_kind("pretended_taken", "The place %(name)s is taken")
MISSING = problem_kind("pretended_missing", "There is no %(name)s")
DOWN = problem_kind("pretended_down", "Nobody is at home")


@dataclass
class FakeProvider:
    """Keeps releases in memory. A credential that starts with `bad` is refused; `answers` is what a probe finds."""

    id: ClassVar[str] = "pretend"
    delivery: ClassVar[Literal["helm"]] = "helm"
    title: ClassVar[Words] = "Pretend"
    asks: ClassVar[CredentialAsks] = CredentialAsks(label="Secret word", rule="Anything but bad", commands="make secret-word")

    answers: list[Problem] = field(default_factory=list)
    cluster: str = ""
    marks: dict[str, str] = field(default_factory=dict)
    releases: dict[str, Release] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)

    def check_credential(self, content: str) -> CredentialReport:
        """Refuse what starts with `bad`."""
        if content.startswith("bad"):
            return CredentialReport(problems=(BAD(where="line 1"),))
        summary = {"server": "pretend.test:6443", "user": "tester", "cluster": self.cluster}
        return CredentialReport(credential=content.strip(), summary=summary)

    def check_namespace(self, name: str) -> tuple[Problem, ...]:
        """Refuse names with capitals."""
        return () if name == name.lower() else (MISSING(where="zone", name=name),)

    def probe(self, target: Target, *, seconds: float) -> tuple[Problem, ...]:
        """Answer what the test has laid out."""
        self.calls.append(f"probe {target.namespace}")
        return tuple(self.answers)

    def claim_namespace(self, target: Target, *, stale: Callable[[str], bool]) -> None:
        """Keep one mark a namespace."""
        held = self.marks.get(target.namespace, "")
        if held not in ("", target.mark) and not stale(held):
            raise NameTaken(TAKEN(where="zone", name=target.namespace))
        self.marks[target.namespace] = target.mark

    def release_namespace(self, target: Target) -> None:
        """Forget the mark."""
        if self.marks.get(target.namespace) == target.mark:
            del self.marks[target.namespace]

    def ensure_namespace(self, target: Target) -> None:
        """Mark a new namespace."""
        self.marks.setdefault(target.namespace, target.mark)

    def check_release(self, target: Target, release: Release) -> None:
        """Refuse another's name."""
        self._ours(target, release)

    def install(self, target: Target, release: Release, *, log: Log, seconds: float) -> None:
        """Keep the release."""
        self._ours(target, release)
        self.calls.append(f"install {release.name}")
        self.releases[release.name] = release
        log(f"installed {release.name}")

    def await_ready(self, target: Target, release: Release, *, log: Log, seconds: float, cancelled: Callable[[], bool]) -> None:
        """Say that all is well."""
        log("1/1 ready")

    def workloads(self, target: Target, release: Release) -> ReleaseView:
        """Show one workload."""
        if release.name not in self.releases:
            raise NotThere(MISSING(name=release.name))
        return ReleaseView("deployed", workloads=(Workload("Deployment", release.name, ready=1, wanted=1),))

    def uninstall(self, target: Target, release: Release, *, keep_history: bool, log: Log, seconds: float) -> None:
        """Forget the release."""
        self.calls.append(f"uninstall {release.name}")
        self.releases.pop(release.name, None)

    def await_gone(self, target: Target, release: Release, *, log: Log, seconds: float, cancelled: Callable[[], bool]) -> None:
        """Say that nothing is left."""
        log("gone")

    def leftovers(self, target: Target, release: Release, *, seen: Sequence[tuple[str, str]]) -> tuple[Other, ...]:
        """Leave nothing."""
        return ()

    def upgrade(self, target: Target, release: Release, *, log: Log, seconds: float) -> None:
        """Replace the release."""
        self.install(target, release, log=log, seconds=seconds)

    def roll_back(self, target: Target, release: Release, *, revision: int, log: Log, seconds: float) -> None:
        """Note the revision."""
        self.calls.append(f"roll back {release.name} to {revision}")

    def settle(self, target: Target, release: Release, *, log: Log) -> int:
        """Say that the first revision stands."""
        return 1

    def revisions(self, target: Target, release: Release) -> tuple[Revision, ...]:
        """Keep no history."""
        return ()

    def scale(self, target: Target, release: Release, *, running: bool, log: Log) -> None:
        """Note what was asked for."""
        self.calls.append(f"{'start' if running else 'stop'} {release.name}")

    def await_stopped(self, target: Target, release: Release, *, log: Log, seconds: float, cancelled: Callable[[], bool]) -> None:
        """Say that nothing runs."""
        log("stopped")

    def events(self, target: Target, release: Release) -> tuple[Event, ...]:
        """Note nothing."""
        return ()

    def pod_log(self, target: Target, release: Release, *, pod: str, container: str, lines: int, previous: bool) -> PodLog:
        """Know no pod."""
        raise NotThere(MISSING(name=pod))

    def _ours(self, target: Target, release: Release) -> None:
        held = self.releases.get(release.name)
        if held and held.token != release.token:
            raise NameTaken(TAKEN(where="name", name=f"{target.namespace}/{release.name}"))


@contextmanager
def fake_provider() -> Iterator[FakeProvider]:
    """Install a provider that pretends, for a while."""
    made = FakeProvider()
    registry.put(made)
    try:
        yield made
    finally:
        registry.drop(made.id)


def environment(owner: "User", *, zone: str = "shop", name: str = "Staging", debug: bool = False) -> "Environment":
    """Make an environment of the provider that pretends, which must be installed."""
    return services.create_environment(actor=owner, provider=FakeProvider.id, content="a secret word", zone=zone, name=name, debug=debug)
