"""Builds the node's own programs."""

import hashlib
from pathlib import Path

from tests.testbeds.kubernetes.build import build_with_kubernetes, cache, locked, version_key, whole

COREDNS = "v1.15.0"
SOURCE = Path(__file__).with_name("main.go")


def node_program() -> Path:
    """Return kubelet, kube-proxy and DNS in one binary, built when it is missing, in about nine minutes of processor time."""
    recipe = hashlib.sha256(SOURCE.read_bytes()).hexdigest()[:8]
    program = cache() / version_key() / f"coredns-{COREDNS.removeprefix('v')}-{recipe}" / SOURCE.parent.name
    with locked(cache() / f"{version_key()}.lock"):
        if not program.exists():
            program.parent.mkdir(parents=True, exist_ok=True)
            whole(lambda work: build_with_kubernetes(SOURCE, work, f"github.com/coredns/coredns {COREDNS}"), program)
    return program
