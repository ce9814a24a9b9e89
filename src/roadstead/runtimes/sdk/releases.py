"""The seam between the platform and a place that runs releases: what a provider is, what it is told and what it answers.

A provider is a class without constructor arguments, found through the entry point group `roadstead.providers`. Every call is
idempotent, has a deadline, and fails only with a `ProviderError`, which carries a problem for people and whether trying again
can help. A release belongs to whoever installed it: `token` is the same in every call about one release (the id of the instance),
and a release of that name with another token is never touched.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar, Literal, Protocol, runtime_checkable

from roadstead.core.problems import Problem, Words
from roadstead.runtimes.sdk.common import CredentialAsks, CredentialReport, Log


@dataclass(frozen=True)
class Target:
    """One place: a credential, a namespace, and the mark that claims the namespace (the id of the environment)."""

    credential: str = field(repr=False)
    namespace: str
    mark: str = ""


@dataclass(frozen=True)
class Release:
    """What to install. `chart` is a packaged chart; `values` is YAML that overlays the chart's own.

    `change` marks the revision that an upgrade makes, so that one and the same change is made once.
    """

    name: str
    token: str
    chart: bytes = field(default=b"", repr=False)
    values: str = field(default="", repr=False)
    change: str = ""


@dataclass(frozen=True)
class RanImage:
    """The image of one container: as the manifest names it, and the SHA-256 of what really ran; empty where the cluster tells none."""

    container: str
    image: str
    digest: str = ""


@dataclass(frozen=True)
class Pod:
    """One pod; `reason` and `message` say why it is not ready, in the words of the cluster."""

    name: str
    status: str
    ready: bool = False
    node: str = ""
    address: str = ""
    restarts: int = 0
    created: str = ""
    reason: str = ""
    message: str = ""
    images: tuple[RanImage, ...] = ()


@dataclass(frozen=True)
class Workload:
    """A Deployment, StatefulSet or DaemonSet with its pods."""

    kind: str
    name: str
    ready: int
    wanted: int
    images: tuple[str, ...] = ()
    pods: tuple[Pod, ...] = ()


@dataclass(frozen=True)
class Other:
    """Another object of the release with the facts worth showing; of secrets only the number of keys."""

    kind: str
    name: str
    facts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Endpoint:
    """A way to reach what runs. `url` is empty where there is none to open, such as an address inside the cluster."""

    name: str
    address: str
    url: str = ""


@dataclass(frozen=True)
class ReleaseView:
    """What a release looks like now. `problems` names what could not be read; the rest is still right."""

    status: str
    workloads: tuple[Workload, ...] = ()
    pods: tuple[Pod, ...] = ()
    """Pods that belong to none of the workloads, such as those of a Job."""
    others: tuple[Other, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    notes: str = ""
    problems: tuple[Problem, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return a JSON shape; problems in the form in which they can be said in any language."""
        return {**asdict(self), "problems": [problem.to_store() for problem in self.problems]}


@dataclass(frozen=True)
class Revision:
    """One entry of a release's history. `values` is what overlaid the chart's own, as YAML without comments.

    `change` is the mark of the upgrade that made it, or that of the one that it was rolled back to; empty for an installation.
    """

    number: int
    status: str
    change: str = ""
    chart_version: str = ""
    app_version: str = ""
    at: str = ""
    values: str = field(default="", repr=False)
    description: str = ""
    """What made it, in the words of the place."""

    @property
    def whole(self) -> bool:
        """Whether it ran: one that failed or never came to its end is nothing to go back to."""
        return self.status in {"deployed", "superseded"}


@dataclass(frozen=True)
class Event:
    """Something that the cluster noted about an object of a release."""

    kind: str
    name: str
    reason: str
    message: str
    warning: bool = False
    count: int = 1
    at: str = ""


@dataclass(frozen=True)
class PodLog:
    """The last lines that one container of a pod wrote, and the containers that there are; `restarted` have an earlier run."""

    container: str
    containers: tuple[str, ...]
    text: str = field(default="", repr=False)
    restarted: tuple[str, ...] = ()


@runtime_checkable
class ReleaseProvider(Protocol):
    """A kind of place that runs Helm releases in namespaces."""

    id: ClassVar[str]
    delivery: ClassVar[Literal["helm"]]
    title: ClassVar[Words]
    asks: ClassVar[CredentialAsks]

    def check_credential(self, content: str) -> CredentialReport:
        """Read a pasted credential as data, without any network, process or file, and report everything wrong with it."""

    def check_namespace(self, name: str) -> tuple[Problem, ...]:
        """Say what is wrong with the name of a namespace, offline."""

    def probe(self, target: Target, *, seconds: float) -> tuple[Problem, ...]:
        """Try the target within a limit: does it answer, accept the credential and grant the rights? Changes nothing."""

    def claim_namespace(self, target: Target, *, stale: Callable[[str], bool]) -> None:
        """Make sure that the namespace exists and carries the target's mark; raise `NameTaken` for another mark that is not stale."""

    def release_namespace(self, target: Target) -> None:
        """Take the target's mark off its namespace, if it is there."""

    def ensure_namespace(self, target: Target) -> None:
        """Make sure that the namespace exists; a mark is added where there is none and never changed."""

    def check_release(self, target: Target, release: Release) -> None:
        """Raise when the release could not be installed: no answer, missing rights, or `NameTaken`."""

    def install(self, target: Target, release: Release, *, log: Log, seconds: float) -> None:
        """Install the release, or find that it is installed; a half-made one with the same token is cleared first."""

    def upgrade(self, target: Target, release: Release, *, log: Log, seconds: float) -> None:
        """Make the release what chart and values say, or find that this change was made; a revision stuck half-made is cleared first."""

    def roll_back(self, target: Target, release: Release, *, revision: int, log: Log, seconds: float) -> None:
        """Make the release what it was at a revision, or find that it is; a revision stuck half-made is cleared first."""

    def settle(self, target: Target, release: Release, *, log: Log) -> int:
        """Clear what a dead operation left half-made of a release that ran before, and return the revision that stands."""

    def revisions(self, target: Target, release: Release) -> tuple[Revision, ...]:
        """Return the release's history, newest first."""

    def scale(self, target: Target, release: Release, *, running: bool, log: Log) -> None:
        """Let the workloads run as they did, or none of their pods; how many there were is remembered where they are."""

    def await_stopped(self, target: Target, release: Release, *, log: Log, seconds: float, cancelled: Callable[[], bool]) -> None:
        """Wait until no pod of the workloads is left."""

    def events(self, target: Target, release: Release) -> tuple[Event, ...]:
        """Return what was noted lately about the release's objects and pods, newest first."""

    def pod_log(self, target: Target, release: Release, *, pod: str, container: str, lines: int, previous: bool) -> PodLog:
        """Return the last lines of a pod of this release, or of its run before the last restart; `NotThere` for any other pod."""

    def await_ready(self, target: Target, release: Release, *, log: Log, seconds: float, cancelled: Callable[[], bool]) -> None:
        """Wait until all workloads are ready, saying what they wait for."""

    def workloads(self, target: Target, release: Release) -> ReleaseView:
        """Return what the release looks like now."""

    def uninstall(self, target: Target, release: Release, *, keep_history: bool, log: Log, seconds: float) -> None:
        """Remove what the release made; gone already is done. With its history, its name stays taken."""

    def await_gone(self, target: Target, release: Release, *, log: Log, seconds: float, cancelled: Callable[[], bool]) -> None:
        """Wait until nothing that the release made is left but claims that the chart keeps."""

    def leftovers(self, target: Target, release: Release, *, seen: Sequence[tuple[str, str]]) -> tuple[Other, ...]:
        """Return what a removal left on purpose: claims with data, and what the chart keeps. `seen` are (kind, name) of what it had."""
