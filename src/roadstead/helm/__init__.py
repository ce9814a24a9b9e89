"""Helm, each call in a throw-away process. This door is all that other packages use.

`render` needs no cluster and gets no network; the others take a kubeconfig as text.
"""

from roadstead.helm.sdk import SdkHelm
from roadstead.helm.seam import FailureKind, Helm, HelmFailure, Release, Rendered, RenderedFile

HELM: Helm = SdkHelm()

render = HELM.render
install = HELM.install
upgrade = HELM.upgrade
rollback = HELM.rollback
uninstall = HELM.uninstall
status = HELM.status
clear_pending = HELM.clear_pending

__all__ = [
    "HELM",
    "FailureKind",
    "Helm",
    "HelmFailure",
    "Release",
    "Rendered",
    "RenderedFile",
    "clear_pending",
    "install",
    "render",
    "rollback",
    "status",
    "uninstall",
    "upgrade",
]
