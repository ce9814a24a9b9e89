"""A small package for machines whose services write down that they ran, so that the machines themselves tell what was done to them."""

import json
from typing import Any

from roadstead.packaging.factories import tgz

NAME = "ledger"
IMAGE = "roadstead.test/machine:1"
ROLES = ("first", "second")
LINES = "/data/lines"
SERVED = "sleep 1000000"
# Long enough for a kill to come in the middle.
_INIT = f"echo init begun >> {LINES}; sleep 0.4; echo init ended >> {LINES}"
_PEERS = (
    "import json, urllib.request as u;"
    "q = u.Request('http://127.0.0.1:9611/self/hosts', headers={'Accept': 'application/json'});"
    "hosts = json.load(u.urlopen(q, timeout=10));"
    "print('peers', *sorted(host['ip'] for role in hosts.values() for host in role.values()))"
)
# What is served holds a lock for as long as it runs, so that a second start finds it running.
_START = (
    f'echo start begun >> {LINES}; python3 -c "{_PEERS}" >> {LINES} || exit 1; '
    f"flock -n /run/serving sh -c 'echo $$ > /run/served; exec {SERVED}' > /dev/null 2>&1 & "
    f"sleep 0.2; echo start ended >> {LINES}"
)
_STOP = f"echo stop begun >> {LINES}; kill $(cat /run/served); echo stop ended >> {LINES}"


def packed() -> bytes:
    """Return the package."""
    files = {"package.json": json.dumps(_PACKAGE), "config.json": json.dumps(_QUESTIONS), "cluster.json.tmpl": _document()}
    return tgz(files, NAME)


_PACKAGE = {"api_version": "v1", "name": NAME, "version": "1.0.0", "app_version": "1.0"}
_CPU = {"key": "cpu", "type": "integer", "default": 1, "range": [1, 2], "required": True}
_QUESTIONS = {
    "type": "array",
    "properties": [
        {
            "key": "cluster",
            "type": "array",
            "properties": [
                {"key": "name", "type": "string", "default": NAME, "required": True},
                {"key": "description", "type": "string", "default": ""},
                {"key": "subnet", "type": "string", "default": "", "required": True},
                *({"key": role, "type": "array", "properties": [_CPU]} for role in ROLES),
            ],
        }
    ],
}


def _document() -> str:
    nodes = [_role(name, order) for order, name in enumerate(ROLES, 1)]
    document = {
        "name": "{{.cluster.name}}",
        "description": "{{.cluster.description}}",
        "subnet": "{{.cluster.subnet}}",
        "nodes": nodes,
        "endpoints": {ROLES[0]: {"port": 7070, "protocol": "tcp"}},
    }
    return json.dumps(document)


def _role(name: str, order: int) -> dict[str, Any]:
    services = {
        "init": {"cmd": _INIT, "timeout": 60},
        "start": {"cmd": _START, "order": order, "timeout": 60},
        "stop": {"cmd": _STOP, "order": 3 - order, "timeout": 60},
    }
    return {
        "role": name,
        "container": {"type": "docker", "image": IMAGE},
        "count": 1,
        "cpu": f"{{{{.cluster.{name}.cpu}}}}",
        "memory": 256,
        "volume": {"size": 10, "mount_point": "/data"},
        "services": services,
    }
