"""Renders a chart with its defaults and reads what came out: objects, images, and what is wrong with them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from roadstead import helm
from roadstead.core.problems import Problem
from roadstead.packaging import kinds, yamlsafe
from roadstead.packaging.limits import MIB
from roadstead.packaging.report import RoleFacts

_SECONDS = 20
_NAME, _NAMESPACE = "preview", "default"
_MAX_BYTES = 8 * MIB
_PLACE = re.compile(r"[\w.-]+/((?:charts/[\w.-]+/)*templates/[^\s:)\"]+):(\d+)")
_CONTAINERS = ("containers", "initContainers", "ephemeralContainers")


@dataclass(frozen=True)
class Findings:
    """What rendering told. `network_isolated` is False as long as nothing was rendered."""

    manifests: str = ""
    kinds: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    network_isolated: bool = False
    problems: tuple[Problem, ...] = ()
    roles: tuple[RoleFacts, ...] = ()


def render(chart: bytes, values: str = "", *, name: str = _NAME, namespace: str = _NAMESPACE) -> Findings:
    """Render, with the chart's own values unless others are given, in a process without network."""
    try:
        rendered = helm.render(chart, name=name, namespace=namespace, values=values, deadline=_SECONDS)
    except helm.HelmFailure as failure:
        return Findings(problems=(_failed(failure),))
    problems: list[Problem] = []
    found: list[dict[str, Any]] = []
    for file in (*rendered.crds, *rendered.files):
        path = file.path.partition("/")[2] if "/templates/" in file.path or "/crds/" in file.path else file.path
        objects, wrong = _objects(file.text, path)
        found.extend(objects)
        problems.extend(wrong)
    return Findings(
        manifests=rendered.manifests,
        kinds=tuple(sorted({f"{item['apiVersion']}/{item['kind']}" for item in found})),
        images=tuple(sorted({image for item in found for image in _images(item)})),
        network_isolated=rendered.network_isolated,
        problems=tuple(problems),
    )


def _failed(failure: helm.HelmFailure) -> Problem:
    """Say why nothing was rendered, at the template's line where Helm names one."""
    place = _PLACE.search(failure.text)
    file, line = (place[1], place[2]) if place else ("", "")
    reason = failure.text[:1_000]
    plain = {
        "values": kinds.RENDER_VALUES(file="values.yaml", reason=reason),
        "timeout": kinds.RENDER_TIMEOUT(limit=_SECONDS),
        "memory": kinds.RENDER_MEMORY(),
        "output": kinds.RENDER_OUTPUT(limit=_MAX_BYTES // MIB),
        "crashed": kinds.RENDER_CRASHED(reason=reason),
    }
    told = kinds.RENDER_FAILED if failure.kind == "render" else kinds.RENDER_REFUSED
    return plain.get(failure.kind) or told(file=file, where=line, reason=reason)


def _objects(text: str, file: str) -> tuple[list[dict[str, Any]], list[Problem]]:
    """Read the objects of one rendered file. A key that comes twice is left to the cluster, which takes the last."""
    documents = yamlsafe.load_all(text, file, max_bytes=_MAX_BYTES, keys_once=False)
    if documents.problems:
        return [], [_in_rendered_text(problem) for problem in documents.problems]
    objects, problems = [], []
    for document in filter(None, documents.value):
        if isinstance(document, dict) and all(isinstance(document.get(key), str) for key in ("apiVersion", "kind")):
            objects.append(document)
        else:
            problems.append(kinds.MANIFEST_INCOMPLETE(file=file))
    return objects, problems


def _in_rendered_text(problem: Problem) -> Problem:
    """The line is one of the rendered text, not of the template, so it goes into the sentence."""
    if problem.code != kinds.YAML_SYNTAX.code:
        return problem
    return kinds.MANIFEST_YAML(file=problem.file, line=problem.where or "–", reason=problem.params["reason"])


def _images(value: Any) -> Iterator[str]:
    """Yield the images of all containers, wherever a pod template lies in an object."""
    if isinstance(value, list):
        for item in value:
            yield from _images(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key in _CONTAINERS and isinstance(item, list):
                yield from (c["image"] for c in item if isinstance(c, dict) and isinstance(c.get("image"), str))
            yield from _images(item)
