"""What the stories on a real control plane share: the sample's chart, and a namespace with the provider's verbs in it."""

import io
import random
import tarfile
from dataclasses import replace
from functools import cache
from itertools import count
from pathlib import Path

from roadstead.providers.kubernetes.kubeconfig import Kubeconfig, check
from roadstead.providers.kubernetes.provider import KubernetesProvider
from roadstead.runtimes.sdk import Release, Target
from tests.testbeds.kubernetes import ControlPlane

SAMPLE = Path(__file__).parents[5] / "examples/wordpress/helm"
PROVIDER = KubernetesProvider()
_numbers = count(1)


@cache
def sample() -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        archive.add(SAMPLE, arcname="wordpress")
    return packed.getvalue()


def blog(owner: str = "cl-1", values: str = "") -> Release:
    return Release("blog", owner, sample(), values)


class Story:
    """A namespace of its own and the provider's verbs in it, with what they said."""

    def __init__(self, plane: ControlPlane) -> None:
        self.plane = plane
        self.target = Target(check(plane.kubeconfig).credential, f"story-{random.getrandbits(32):08x}-{next(_numbers)}", "runtime-mine")
        self.lines: list[str] = []

    def install(self, release: Release, seconds: float = 60) -> None:
        PROVIDER.install(self.target, release, log=self.lines.append, seconds=seconds)

    def await_ready(self, release: Release, seconds: float = 30, *, cancelled: bool = False) -> None:
        PROVIDER.await_ready(self.target, release, log=self.lines.append, seconds=seconds, cancelled=lambda: cancelled)

    def remove(self, release: Release, *, keep_history: bool = False) -> None:
        PROVIDER.uninstall(self.target, release, keep_history=keep_history, log=self.lines.append, seconds=60)

    def await_gone(self, release: Release) -> None:
        PROVIDER.await_gone(self.target, release, log=self.lines.append, seconds=30, cancelled=lambda: False)

    def names(self, kinds: str) -> list[str]:
        return self.plane.kubectl("-n", self.target.namespace, "get", kinds, "-o", "name").split()

    def account(self, role: str) -> Target:
        """Return the target as a service account with a cluster role in this namespace."""
        space = self.target.namespace
        self.plane.kubectl("-n", space, "create", "serviceaccount", role)
        self.plane.kubectl("-n", space, "create", "rolebinding", role, f"--clusterrole={role}", f"--serviceaccount={space}:{role}")
        token = self.plane.kubectl("-n", space, "create", "token", role).strip()
        config = replace(Kubeconfig.stored(self.target.credential), token=token)
        return replace(self.target, credential=config.as_text())
