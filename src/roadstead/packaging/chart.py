"""Reads a Helm chart and the charts inside it, and says everything that is wrong with them as files; nothing is rendered here."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from roadstead.core.problems import Problem
from roadstead.packaging import archive, kinds, schema, yamlsafe
from roadstead.packaging.limits import MIB, Limits, PackageLimits

_MAX_FILE = 5 * MIB  # Helm refuses to load a larger one
_MAX_LEVELS = 5
_NAME = re.compile(r"[a-zA-Z0-9._-]+")
_NUMBER = r"(0|[1-9]\d*)"
_LABEL = r"[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*"
VERSION = re.compile(rf"v?{_NUMBER}\.{_NUMBER}\.{_NUMBER}(-{_LABEL})?(\+{_LABEL})?", re.ASCII)
_TEXTS = ("name", "version", "appVersion", "description", "home", "icon", "kubeVersion", "type")
_LISTS = ("keywords", "sources", "maintainers", "dependencies")


@dataclass
class Chart:
    """One chart with the charts in its `charts/`; `path` is where it lies in the package, empty for the main one."""

    files: Mapping[str, bytes]
    path: str = ""
    level: int = 0
    metadata: dict[str, Any] = field(default_factory=dict)
    schema: Any = None
    children: list["Chart"] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    renders: bool = True  # whether Helm can make anything of it, and may safely be asked to

    def at(self, name: str) -> str:
        """Return the path of one of its files in the package."""
        return f"{self.path}{name}"

    def text(self, key: str) -> str:
        """Return a text of Chart.yaml, or nothing."""
        value = self.metadata.get(key)
        return value.strip() if isinstance(value, str) else ""

    def fatal(self, *problems: Problem) -> None:
        """Note problems that leave nothing to render."""
        self.problems.extend(problems)
        self.renders = self.renders and not problems


def read(files: Mapping[str, bytes], limits: Limits, path: str = "", level: int = 0) -> Chart:
    """Read a chart and all that is in it."""
    chart = Chart(files, path, level)
    _read_metadata(chart)
    _read_values(chart)
    _read_schema(chart)
    _read_children(chart, limits)
    _check_dependencies(chart)
    for name, content in sorted(files.items()):
        if len(content) > _MAX_FILE:
            chart.fatal(kinds.FILE_TOO_LARGE(file=chart.at(name), limit=_MAX_FILE // MIB))
    return chart


def _read_metadata(chart: Chart) -> None:
    file = chart.at("Chart.yaml")
    if "Chart.yaml" not in chart.files:
        chart.fatal(kinds.FILE_MISSING(file=file))
        return
    document = yamlsafe.load_mapping(chart.files["Chart.yaml"], file)
    chart.fatal(*document.problems)
    chart.metadata = document.mapping
    if not document.problems:
        chart.fatal(*_wrong_metadata(chart, file))
        if chart.level == 0 and chart.metadata.get("type") == "library":
            chart.problems.append(kinds.CHART_LIBRARY(file=file, where="type"))


def _wrong_metadata(chart: Chart, file: str) -> Iterator[Problem]:
    data = chart.metadata
    if (generation := data.get("apiVersion")) not in ("v1", "v2"):
        yield kinds.CHART_API_VERSION(file=file, where="apiVersion", found=str(generation if generation is not None else ""))
    for key in _TEXTS:
        if not isinstance(data.get(key), str | None):
            yield kinds.CHART_FIELD_NOT_TEXT(file=file, where=key)
    for key in _LISTS:
        if not isinstance(data.get(key), list | None):
            yield kinds.CHART_FIELD_NOT_LIST(file=file, where=key)
    name, version = chart.text("name"), chart.text("version")
    if not name and isinstance(data.get("name"), str | None):
        yield kinds.CHART_NAME_EMPTY(file=file, where="name")
    elif name and not _NAME.fullmatch(name):
        yield kinds.CHART_NAME_INVALID(file=file, where="name", found=name)
    if isinstance(data.get("version"), str | None) and not VERSION.fullmatch(version):
        yield kinds.CHART_VERSION_INVALID(file=file, where="version", found=version)


def _read_values(chart: Chart) -> None:
    if "values.toml" in chart.files:
        chart.problems.append(kinds.VALUES_TOML(file=chart.at("values.toml")))
    if "values.yaml" in chart.files:
        chart.fatal(*yamlsafe.load_mapping(chart.files["values.yaml"], chart.at("values.yaml")).problems)
    elif chart.level == 0:
        chart.problems.append(kinds.FILE_MISSING(file="values.yaml"))


def _read_schema(chart: Chart) -> None:
    if "values.schema.json" not in chart.files:
        return
    file = chart.at("values.schema.json")
    document = yamlsafe.load_json(chart.files["values.schema.json"], file)
    # Helm's own validator would fetch what a reference names, so a chart with a wrong schema is never given to Helm.
    chart.fatal(*(document.problems or schema.problems_in(document.value, file)))
    chart.schema = document.value


def _read_children(chart: Chart, limits: Limits) -> None:
    folders: dict[str, dict[str, bytes]] = {}
    for name, content in sorted(chart.files.items()):
        if not name.startswith("charts/") or name.startswith(("charts/_", "charts/.")):
            continue
        first, _, rest = name.removeprefix("charts/").partition("/")
        if rest:
            folders.setdefault(first, {})[rest] = content
        elif first.endswith(".tgz"):
            _add_child(chart, first, *_unpacked(chart, first, content, limits), limits)
    for first, files in folders.items():
        _add_child(chart, first, files, [], limits)


def _unpacked(chart: Chart, name: str, content: bytes, limits: Limits) -> tuple[Mapping[str, bytes], list[Problem]]:
    place = chart.at(f"charts/{name}")
    contents = archive.read(content, limits)
    return contents.files, [replace(problem, file=f"{place}/{problem.file}".rstrip("/")) for problem in contents.problems]


def _add_child(chart: Chart, name: str, files: Mapping[str, bytes], problems: list[Problem], limits: Limits) -> None:
    place = chart.at(f"charts/{name}/")
    if chart.level >= _MAX_LEVELS:
        problems = [*problems, kinds.SUBCHARTS_TOO_DEEP(file=place.rstrip("/"), limit=_MAX_LEVELS)]
    if problems:
        chart.fatal(*problems)
        return
    child = read(files, _rest_of(limits, files), place, chart.level + 1)
    chart.children.append(child)
    chart.problems.extend(child.problems)
    chart.renders = chart.renders and child.renders


def _rest_of(limits: Limits, files: Mapping[str, bytes]) -> Limits:
    """What charts inside of charts may still take: each level counts against the one above it."""
    spent = sum(map(len, files.values()))
    return PackageLimits(
        upload_bytes=limits.upload_bytes,
        unpacked_bytes=max(0, limits.unpacked_bytes - spent),
        entries=max(0, limits.entries - len(files)),
        ratio=limits.ratio,
        depth=limits.depth,
    )


def _check_dependencies(chart: Chart) -> None:
    """A dependency that is declared must be there: nothing is downloaded, neither now nor when it is installed."""
    file, declared = "Chart.yaml", chart.metadata.get("dependencies")
    if chart.metadata.get("apiVersion") == "v1" and "requirements.yaml" in chart.files:
        file = "requirements.yaml"
        document = yamlsafe.load_mapping(chart.files[file], chart.at(file))
        chart.fatal(*document.problems)
        declared = document.mapping.get("dependencies")
    present = {child.text("name") for child in chart.children}
    for position, dependency in enumerate(declared if isinstance(declared, list) else []):
        name = dependency.get("name") if isinstance(dependency, dict) else None
        where = f"dependencies[{position}]"
        if not name or not isinstance(name, str):
            chart.fatal(kinds.DEPENDENCY_UNNAMED(file=chart.at(file), where=where))
        elif name not in present:
            chart.problems.append(kinds.DEPENDENCY_MISSING(file=chart.at(file), where=where, name=name))
