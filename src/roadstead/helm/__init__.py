"""Helm, each call in a throw-away process. This door is all that other packages use.

`render` needs no cluster and gets no network; the others take a kubeconfig as text. `use` has a `helm` command do the work instead of
the SDK.
"""

from roadstead.helm.seam import FailureKind, Helm, HelmFailure, Release, Rendered, RenderedFile
from roadstead.helm.throwaway import ThrowAwayHelm
from roadstead.helm.version import GENERATION, is_fit, version_of

HELM = ThrowAwayHelm()
_SEAM: Helm = HELM

render = HELM.render
install = HELM.install
upgrade = HELM.upgrade
rollback = HELM.rollback
uninstall = HELM.uninstall
status = HELM.status
clear_pending = HELM.clear_pending


def use(command: str) -> None:
    """Call Helm through this command from now on, in the whole process; an empty one is the SDK."""
    HELM.command = command


__all__ = [
    "GENERATION",
    "HELM",
    "FailureKind",
    "Helm",
    "HelmFailure",
    "Release",
    "Rendered",
    "RenderedFile",
    "clear_pending",
    "install",
    "is_fit",
    "render",
    "rollback",
    "status",
    "uninstall",
    "upgrade",
    "use",
    "version_of",
]
