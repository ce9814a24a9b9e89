"""What every cluster needs before pods can run: a default storage class and nodes."""

import json
from typing import Any

_ROOM = {"cpu": "32", "memory": "256Gi", "pods": "110", "ephemeral-storage": "100Gi"}


def objects(nodes: int) -> str:
    """Return the storage class and so many pretended nodes, for kubectl."""
    items = [_storage_class(), *(_node(f"fake-{number}") for number in range(1, nodes + 1))]
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": items})


def _storage_class() -> dict[str, Any]:
    return {
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": {"name": "standard", "annotations": {"storageclass.kubernetes.io/is-default-class": "true"}},
        "provisioner": "kubernetes.io/host-path",
    }


def _node(name: str) -> dict[str, Any]:
    labels = {"kubernetes.io/hostname": name, "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64"}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name, "labels": labels, "annotations": {"kwok.x-k8s.io/node": "fake"}},
        "status": {"allocatable": _ROOM, "capacity": _ROOM},
    }
