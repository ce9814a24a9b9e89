"""A first package for machines: one role with everything that a check asks for, ready to be changed."""

import json
import re
from typing import Any

from roadstead.packaging.vm.config import FILE as CONFIG
from roadstead.packaging.vm.dialect import TEMPLATE
from roadstead.packaging.vm.metadata import FILE as METADATA
from roadstead.packaging.vm.metadata import is_name

ROLE = "node"
_CPU, _MEMORY = [1, 2, 4, 8, 16], [2048, 8192, 16384, 32768, 49152]
_TEMPLATE = """{
  "name": "{{.cluster.name}}",
  "description": "{{.cluster.description}}",
  "subnet": "{{.cluster.subnet}}",
  "nodes": [
    {
      "role": "node",
      "container": {"type": "docker", "image": "%(image)s:1.0"},
      "count": "{{.cluster.node.count}}",
      "cpu": "{{.cluster.node.cpu}}",
      "memory": "{{.cluster.node.memory}}",
      "volume": {"size": "{{.cluster.node.volume_size}}", "mount_point": "/data"},
      "services": {
        "init": {"cmd": "/opt/app/init.sh"},
        "start": {"cmd": "/opt/app/start.sh"},
        "stop": {"cmd": "/opt/app/stop.sh"}
      },
      "env": "{{.env.node}}"
    }
  ],
  "endpoints": {"app": {"port": "node.env.port", "protocol": "tcp"}}
}
"""
_README = """# %(name)s

What it is, and what it is good for.

- `package.json`: name, versions, who keeps it.
- `config.json`: what people are asked when they deploy it.
- `cluster.json.tmpl`: the machines that come of their answers.
- `locale/`: the questions in other languages.

`roadstead package check .` says what is wrong, `roadstead package render .` shows the machines.
"""


def scaffold(name: str) -> dict[str, str]:
    """Return the files of a new package by their path; raises ValueError for a name that no package may have."""
    if not is_name(name):
        raise ValueError(name)
    image = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    return {
        METADATA: _written(
            {
                "api_version": "v1",
                "name": name,
                "version": "0.1.0",
                "app_version": "1.0",
                "description": f"{name} on machines",
                "keywords": [],
                "maintainers": [],
            }
        ),
        CONFIG: _written(_group("", _cluster(), _env())),
        TEMPLATE: _TEMPLATE % {"image": image},
        "locale/en.json": _written({ROLE: "Nodes", "port": "Port"}),
        "locale/zh-cn.json": _written({ROLE: "节点", "port": "端口"}),
        "README.md": _README % {"name": name},
    }


def _cluster() -> dict[str, Any]:
    role = _group(
        ROLE,
        {"key": "cpu", "type": "integer", "default": 1, "range": _CPU, "required": True},
        {"key": "memory", "type": "integer", "unit": "MiB", "default": 2048, "range": _MEMORY, "required": True},
        {"key": "count", "type": "integer", "default": 3, "min": 1, "max": 100, "required": True},
        {"key": "volume_size", "type": "integer", "unit": "GiB", "default": 10, "min": 10, "max": 1000, "step": 10, "required": True},
    )
    return _group(
        "cluster",
        {"key": "name", "type": "string", "default": "", "required": True},
        {"key": "description", "type": "string", "default": ""},
        {"key": "subnet", "type": "string", "default": "", "required": True},
        role,
    )


def _env() -> dict[str, Any]:
    port = {"key": "port", "type": "integer", "default": 8080, "min": 1024, "max": 65535, "changeable": True}
    return _group("env", _group(ROLE, port))


def _group(key: str, *items: dict[str, Any]) -> dict[str, Any]:
    return {**({"key": key} if key else {}), "type": "array", "properties": list(items)}


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
