"""Packages for machines with one thing wrong."""

import json
from typing import Any

from roadstead.packaging.factories import CLUSTER, QUESTIONS, VM, vm


def package_with(field: str, value: Any) -> bytes:
    """Change a field of package.json."""
    return vm({"package.json": json.dumps(json.loads(VM["package.json"]) | {field: value})})


def config_with(path: str, value: Any) -> bytes:
    """Change a value of config.json by its path; None takes it away."""
    found = branch = json.loads(json.dumps(QUESTIONS))
    *steps, last = (int(step) if step.isdecimal() else step for step in path.split("."))
    for step in steps:
        branch = branch[step]
    branch[last] = value
    if value is None:
        del branch[last]
    return vm({"config.json": json.dumps(found)})


def template_with(old: str, new: str) -> bytes:
    """Change a part of cluster.json.tmpl."""
    assert old in CLUSTER
    return vm({"cluster.json.tmpl": CLUSTER.replace(old, new)})
