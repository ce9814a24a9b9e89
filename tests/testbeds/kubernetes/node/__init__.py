"""A real node in namespaces of its own, so that this machine's network and mounts stay as they are."""

from tests.testbeds.kubernetes.node.real import RealNode

__all__ = ["RealNode"]
