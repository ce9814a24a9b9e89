"""One package for machines whose answers say what goes wrong: its image, its services, its disk, its port, its templates."""

import json
from typing import Any

from roadstead.packaging.factories import tgz

NAME = "trouble"
MACHINE = "roadstead.test/machine:1"
LIVES = "sleep 100000 >/dev/null 2>&1 &"
_NUMBERS = {"cpu": 1, "memory": 64, "count": 1, "volume_size": 0}
_TEXTS = {"image": MACHINE, "init": "true", "start": LIVES, "stop": "true", "raw": "", "text": "", "protocol": "http"}
_WHOLE = {"port": 80, "timeout": 60}


def _item(key: str, default: object) -> dict[str, Any]:
    return {"key": key, "type": "integer" if isinstance(default, int) else "string", "default": default}


ODD = {
    "a/b": "slash",
    "two words": "blank",
    "名称": "鹭",
    "dot.ted": "dot",
    "-": "",
    "k" * 120: "long",
    "quoted": 'it\'s "so"\nand\tso',
    "large": "x" * 10_000,
}
"""Parameters whose names or values are unusual."""

QUESTIONS = {
    "type": "array",
    "properties": [
        {
            "key": "cluster",
            "type": "array",
            "properties": [
                {"key": "name", "type": "string", "default": "", "required": True},
                {"key": "description", "type": "string", "default": ""},
                {"key": "subnet", "type": "string", "default": ""},
                {"key": "web", "type": "array", "properties": [_item(*one) for one in _NUMBERS.items()]},
            ],
        },
        {"key": "env", "type": "array", "properties": [_item(*one) for one in {**_TEXTS, **_WHOLE}.items()]},
    ],
}
DOCUMENT = """{
  "name": "{{.cluster.name}}",
  "description": "{{.cluster.description}}",
  "subnet": "{{.cluster.subnet}}",
  "nodes": [{
    "role": "web",
    "container": {"type": "docker", "image": "{{.env.image}}"},
    "count": {{.cluster.web.count}},
    "cpu": {{.cluster.web.cpu}},
    "memory": {{.cluster.web.memory}},
    {{if .cluster.web.volume_size}}"volume": {"size": {{.cluster.web.volume_size}}, "mount_point": "/data"},{{end}}
    "services": {
      "init": {"cmd": "{{.env.init}}", "timeout": {{.env.timeout}}},
      "start": {"cmd": "{{.env.start}}", "timeout": {{.env.timeout}}},
      "stop": {"cmd": "{{.env.stop}}", "timeout": {{.env.timeout}}}
    }
  }],
  "env": {"text": "{{.env.text}}", ODD},
  "endpoints": {"web": {"port": {{.env.port}}, "protocol": "{{.env.protocol}}"}}{{print .env.raw}}
}
""".replace("ODD", json.dumps(ODD, ensure_ascii=False)[1:-1])
FILES = {
    "package.json": json.dumps({"api_version": "v1", "name": NAME, "version": "1.0.0"}),
    "config.json": json.dumps(QUESTIONS),
    "cluster.json.tmpl": DOCUMENT,
    "README.md": "# Trouble\n",
}


def packed() -> bytes:
    """Return the package."""
    return tgz(FILES, NAME)


def answers(**changes: object) -> str:
    """Return answers with some of them other than the package's own."""
    sizes = {name: value for name, value in changes.items() if name in _NUMBERS}
    return json.dumps({"cluster": {"web": sizes}, "env": {name: value for name, value in changes.items() if name not in _NUMBERS}})
