"""Puts a package of two roles into a store and makes people who may use this machine.

Prints the version, and of each person the token and the environment, as JSON.
"""

import json
import sys
from typing import Any

from bench.machines import MEMORY, PORT, ROLES
from roadstead.accounts.factories import person
from roadstead.accounts.scopes import Scope
from roadstead.accounts.tokens import create_token
from roadstead.blobs import services as blobs
from roadstead.catalog.models import Version
from roadstead.catalog.track import Status
from roadstead.packaging.factories import vm
from roadstead.runtimes.granting import grant_machine
from roadstead.runtimes.models import Environment
from roadstead.store.factories import listing
from tests.testbeds.docker.engine import MACHINE

_SIZE = [{"key": "memory", "type": "integer", "default": MEMORY, "required": True}]
_CLUSTER: list[dict[str, Any]] = [
    {"key": "name", "type": "string", "default": "bench", "required": True},
    {"key": "description", "type": "string", "default": ""},
    {"key": "subnet", "type": "string", "default": ""},
    *({"key": role, "type": "array", "properties": _SIZE} for role in ROLES),
]
_QUESTIONS = {"type": "array", "properties": [{"key": "cluster", "type": "array", "properties": _CLUSTER}]}


def packed() -> bytes:
    """Return the package: each role has one machine and one disk, none has services."""
    nodes = [
        {
            "role": role,
            "container": {"type": "docker", "image": MACHINE},
            "count": 1,
            "cpu": 1,
            "memory": f"{{{{.cluster.{role}.memory}}}}",
            "volume": {"size": 10, "mount_point": "/data"},
        }
        for role in ROLES
    ]
    endpoints = {"web": {"port": PORT, "protocol": "tcp"}}
    said: dict[str, Any] = {"name": "{{.cluster.name}}", "description": "", "subnet": "", "nodes": nodes, "endpoints": endpoints}
    return vm({"config.json": json.dumps(_QUESTIONS), "cluster.json.tmpl": json.dumps(said)})


def in_store() -> Version:
    """Put the package into the store of this process's data folder."""
    shown = listing(name="bench")
    Version.objects.filter(app=shown.app).update(type="vm", package=blobs.put(packed()))
    return Version.objects.get(app=shown.app, status=Status.ACTIVE)


def main(people: str) -> None:
    """Make them in the data folder of this process."""
    version, administrator, known = in_store(), person("global_admin"), []
    for _ in range(int(people)):
        user = person("user")
        grant_machine(actor=administrator, email=user.email)
        token = create_token(actor=user, name="bench", scopes=[*Scope], days=1)[1]
        known.append({"token": token, "environment": Environment.objects.get(owner=user, debug=False).pk})
    sys.stdout.write(json.dumps({"version": version.pk, "people": known}))
