"""Helm in a throw-away process a call: through its official SDK, or through a `helm` command."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from roadstead.helm.process import Bounds, run
from roadstead.helm.seam import HelmFailure, Progress, Release, Rendered, RenderedFile

# Each revision holds the whole chart in a secret of the namespace.
MAX_HISTORY = 20


@dataclass
class ThrowAwayHelm:
    """The `Helm` of the seam. It keeps nothing between calls, so threads may share it. Without a `command` the SDK does the work."""

    bounds: Bounds = field(default_factory=Bounds)
    command: str = ""

    def _run(self, request: Mapping[str, Any], *, chart: bytes = b"", deadline: float, progress: Progress | None = None) -> dict[str, Any]:
        return run(request, chart=chart, deadline=deadline, bounds=self.bounds, command=self.command, progress=progress)

    def render(self, chart: bytes, *, name: str, namespace: str, values: str = "", deadline: float = 20) -> Rendered:
        """Render the chart in a process without network."""
        request = {"call": "render", "offline": True, "name": name, "namespace": namespace, "values": values}
        answer = self._run(request, chart=chart, deadline=deadline)
        return Rendered(
            files=tuple(RenderedFile(path, text) for path, text in answer["files"]),
            crds=tuple(RenderedFile(path, text) for path, text in answer["crds"]),
            notes=answer["notes"],
            network_isolated=answer["network_isolated"],
        )

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
        """Install a release; the SDK's own time-out comes a little before the deadline, so that Helm can record the failure."""
        request = {
            **_at_cluster("install", kubeconfig, name, namespace, deadline),
            "values": values,
            "labels": dict(labels or {}),
            "description": description,
            "create_namespace": create_namespace,
            "wait": wait,
        }
        return _release(self._run(request, chart=chart, deadline=deadline, progress=progress))

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
        """Make a new revision of a release, with these values and none of the former ones."""
        request = {
            **_at_cluster("upgrade", kubeconfig, name, namespace, deadline),
            "values": values,
            "labels": dict(labels or {}),
            "description": description,
            "max_history": MAX_HISTORY,
        }
        return _release(self._run(request, chart=chart, deadline=deadline, progress=progress))

    def rollback(self, kubeconfig: str, *, name: str, namespace: str, revision: int, deadline: float = 600) -> Release:
        """Make a new revision that is as an earlier one was."""
        request = {**_at_cluster("rollback", kubeconfig, name, namespace, deadline), "revision": revision}
        return _release(self._run(request, deadline=deadline))

    def uninstall(
        self, kubeconfig: str, *, name: str, namespace: str, wait: bool = False, keep_history: bool = False, deadline: float = 600
    ) -> bool:
        """Remove a release; False when there was none."""
        request = {**_at_cluster("uninstall", kubeconfig, name, namespace, deadline), "wait": wait, "keep_history": keep_history}
        return bool(self._run(request, deadline=deadline)["found"])

    def status(self, kubeconfig: str, *, name: str, namespace: str, deadline: float = 30) -> Release | None:
        """Return the latest revision, or None."""
        answer = self._run(_at_cluster("status", kubeconfig, name, namespace, deadline), deadline=deadline)
        return _release(answer) if "revision" in answer else None

    def clear_pending(self, kubeconfig: str, *, name: str, namespace: str, deadline: float = 600) -> bool:
        """Remove a first revision that died while installing; False when nothing was pending."""
        request = _at_cluster("clear_pending", kubeconfig, name, namespace, deadline)
        return bool(self._run(request, deadline=deadline)["found"])


def _at_cluster(call: str, kubeconfig: str, name: str, namespace: str, deadline: float) -> dict[str, Any]:
    # With an empty one Helm would quietly take localhost or the pod's own service account.
    if not kubeconfig.strip():
        raise HelmFailure("credential", "The kubeconfig is empty.")
    return {
        "call": call,
        "offline": False,
        "kubeconfig": kubeconfig,
        "name": name,
        "namespace": namespace,
        "timeout": max(1, int(deadline) - 3),
    }


def _release(summary: Mapping[str, Any]) -> Release:
    return Release(
        name=summary["name"],
        namespace=summary["namespace"],
        revision=summary["revision"],
        status=summary["status"],
        chart_name=summary.get("chart_name", ""),
        chart_version=summary.get("chart_version", ""),
        app_version=summary.get("app_version", ""),
        labels=summary.get("labels") or {},
        manifest=summary.get("manifest", ""),
        notes=summary.get("notes", ""),
    )
