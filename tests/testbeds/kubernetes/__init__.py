"""A real Kubernetes control plane on loopback, with pretended nodes: `python -m tests.testbeds.kubernetes up`."""

from tests.testbeds.kubernetes.build import CannotBuild, build, build_helm
from tests.testbeds.kubernetes.control_plane import ControlPlane, NotReady

__all__ = ["CannotBuild", "ControlPlane", "NotReady", "build", "build_helm"]
