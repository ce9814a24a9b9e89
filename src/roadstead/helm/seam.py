"""The seam to Helm: what a caller asks and gets, whichever way Helm is reached."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

FailureKind = Literal[
    "invalid",  # the chart, a name or an object that the cluster refuses
    "render",  # a template failed
    "values",  # the values are no YAML mapping or break the chart's schema
    "timeout",  # the deadline passed; the release may be half made
    "unreachable",  # no connection to the cluster, or its certificate is not trusted
    "credential",  # the cluster does not know the caller, or forbids the act
    "conflict",  # the release name or an object of the chart belongs to something else
    "pending",  # another operation holds the release, or died holding it
    "missing",  # no such namespace or release
    "crashed",  # the process ended without an answer
    "memory",  # the process needed more memory than it may have
    "output",  # the answer is larger than allowed
]


class HelmFailure(Exception):
    """Helm did not do what was asked. `kind` is for programs, `text` is Helm's own words, in English."""

    def __init__(self, kind: FailureKind, text: str) -> None:
        super().__init__(f"{kind}: {text}")
        self.kind = kind
        self.text = text


@dataclass(frozen=True)
class RenderedFile:
    """What one template gave; `path` starts at the chart's folder (`demo/templates/service.yaml`)."""

    path: str
    text: str


@dataclass(frozen=True)
class Rendered:
    """A chart rendered without a cluster. `network_isolated` says whether the process really had no network."""

    files: tuple[RenderedFile, ...]
    crds: tuple[RenderedFile, ...]
    notes: str
    network_isolated: bool

    @property
    def manifests(self) -> str:
        """Everything an install would send, custom resource definitions first, as `helm template` prints it."""
        return "".join(f"---\n# Source: {file.path}\n{file.text.strip()}\n" for file in (*self.crds, *self.files))


@dataclass(frozen=True)
class Release:
    """One revision of a release. `labels` holds what `install` was given, so that a caller finds its own work again."""

    name: str
    namespace: str
    revision: int
    status: str
    chart_name: str
    chart_version: str
    app_version: str
    labels: Mapping[str, str]
    manifest: str
    notes: str

    @property
    def pending(self) -> bool:
        """Whether an operation holds the release, or died holding it."""
        return self.status.startswith("pending-")


Progress = Callable[[str], None]


class Helm(Protocol):
    """Seven verbs. `chart` is a gzipped tar, `values` YAML text, `deadline` seconds until the process is killed."""

    def render(self, chart: bytes, *, name: str, namespace: str, values: str = "", deadline: float = 20) -> Rendered:
        """Render the chart with its defaults under `values`; asks no cluster, so `lookup` finds nothing."""
        ...

    def install(
        self,
        kubeconfig: str,
        chart: bytes,
        *,
        name: str,
        namespace: str,
        values: str = "",
        labels: Mapping[str, str] | None = None,
        description: str = "",
        create_namespace: bool = False,
        wait: bool = False,
        deadline: float = 600,
        progress: Progress | None = None,
    ) -> Release:
        """Install a release; without `wait` it returns once the objects are accepted (hooks are always awaited)."""
        ...

    def upgrade(
        self,
        kubeconfig: str,
        chart: bytes,
        *,
        name: str,
        namespace: str,
        values: str = "",
        labels: Mapping[str, str] | None = None,
        description: str = "",
        deadline: float = 600,
        progress: Progress | None = None,
    ) -> Release:
        """Make a new revision with these values and none of the former ones; its labels are added to those that the release has."""
        ...

    def rollback(self, kubeconfig: str, *, name: str, namespace: str, revision: int, deadline: float = 600) -> Release:
        """Make a new revision that is as an earlier one was, with the labels of that one."""
        ...

    def uninstall(
        self, kubeconfig: str, *, name: str, namespace: str, wait: bool = False, keep_history: bool = False, deadline: float = 600
    ) -> bool:
        """Remove a release in whatever state it is; False when there was none. Objects that hooks made stay, as Helm has it."""
        ...

    def status(self, kubeconfig: str, *, name: str, namespace: str, deadline: float = 30) -> Release | None:
        """Return the latest revision, or None."""
        ...

    def clear_pending(self, kubeconfig: str, *, name: str, namespace: str, deadline: float = 600) -> bool:
        """Remove a first revision that died while installing, with what it made; False when nothing was pending.

        A pending upgrade or rollback of a release that ran before is not touched: it fails with kind `pending`.
        """
        ...
