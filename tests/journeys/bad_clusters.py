"""Kubeconfigs that must be refused: what is pasted, and what stands behind the address."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from ssl import SSLSocket
from threading import Event
from typing import Any

from roadstead.providers.kubernetes.tests.pems import packed, pair, server

TOKEN = "canary-token-8841"


def kubeconfig(address: str, authority: str = "", **user: Any) -> str:
    """A kubeconfig as people paste it; it signs in with a token unless told otherwise."""
    cluster = {"server": address, **({"certificate-authority-data": packed(authority)} if authority else {})}
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "x",
            "clusters": [{"name": "c", "cluster": cluster}],
            "users": [{"name": "u", "user": user or {"token": TOKEN}}],
            "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}],
        }
    )


def running_a_program() -> str:
    """A kubeconfig of a managed cluster, which signs in by a program of the owner's machine."""
    command = {"apiVersion": "client.authentication.k8s.io/v1", "command": "aws", "args": ["eks", "get-token"]}
    return kubeconfig("https://10.0.0.1:6443", exec=command)


def closed_port() -> str:
    """A kubeconfig whose address nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return kubeconfig(f"https://127.0.0.1:{probe.getsockname()[1]}", pair()[1])


@contextmanager
def silent(folder: Path) -> Iterator[str]:
    """The kubeconfig of a server that accepts TLS and never answers."""
    end = Event()

    def behave(_connection: SSLSocket) -> None:
        end.wait(120)

    with server(folder, behave) as address:
        yield kubeconfig(address, pair()[1])
        end.set()
