"""Checks packages and opens those that are good. No row is written here."""

import gzip
import hashlib
import io
import tarfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from roadstead.core.problems import Problem
from roadstead.packaging import archive, chart, kinds, manifests, questions, schema, yamledit, yamlsafe
from roadstead.packaging.chart import Chart
from roadstead.packaging.concerns import Concern, concerns
from roadstead.packaging.difference import Line, Mark, compare, marks
from roadstead.packaging.errors import PackageUnreadable
from roadstead.packaging.limits import HIGHEST, STANDARD, Limits
from roadstead.packaging.package import Package, chart_archive, files_of
from roadstead.packaging.questions import Form, Group, Kind, Question
from roadstead.packaging.report import PackageFile, Report
from roadstead.packaging.traits import Change, changes
from roadstead.packaging.words import Group as ChangeGroup
from roadstead.packaging.words import in_words

__all__ = [
    "Change",
    "ChangeGroup",
    "Concern",
    "Form",
    "Group",
    "Kind",
    "Line",
    "Mark",
    "Package",
    "PackageFile",
    "Question",
    "Report",
    "answered",
    "changes",
    "check",
    "check_values",
    "compare",
    "concerns",
    "file_marks",
    "form_of",
    "in_words",
    "open_package",
    "pack_folder",
    "render",
]

_VM_FILES = ("package.json", "config.json", "cluster.json.tmpl")
_VALUES = "values.yaml"


def check(data: bytes, *, filename: str = "", limits: Limits = STANDARD) -> Report:
    """Check an uploaded package and say everything that is wrong with it. Renders its templates: never call it inside a transaction.

    `filename` is only shown; what the bytes are is told by themselves.
    """
    report = Report(digest=hashlib.sha256(data).hexdigest())
    contents = archive.read(data, limits)
    if contents.problems:
        named = tuple(replace(problem, file=problem.file or filename) for problem in contents.problems)
        return replace(report, problems=named)
    report = replace(report, files=files_of(contents.files))
    if "Chart.yaml" in contents.files:
        return _check_chart(report, chart.read(contents.files, limits))
    if any(name in contents.files for name in _VM_FILES):
        return _check_vm(report, contents.files)
    misplaced = [
        kinds.CHART_MISPLACED(file=path) for path in sorted(contents.files) if path.endswith("/Chart.yaml") and path.count("/") == 1
    ]
    return replace(report, problems=tuple(misplaced) or (kinds.PACKAGE_UNKNOWN(file=filename),))


def open_package(data: bytes) -> Package:
    """Open a chart that was accepted before; raises PackageUnreadable if it can't be one that was."""
    contents = archive.read(data, HIGHEST)
    if contents.problems:
        raise PackageUnreadable(problems=contents.problems)
    found = chart.read(contents.files, HIGHEST)
    if not found.renders:
        raise PackageUnreadable(problems=found.problems)
    return Package(found)


def file_marks(before: Package, after: Package) -> dict[str, Mark]:
    """Return which files of a package were added, changed or removed since another one."""
    return marks(before.chart.files, after.chart.files)


def check_values(package: Package, values: str) -> list[Problem]:
    """Check values that somebody edited: safe YAML, a mapping, and together with the defaults what the chart's schema asks for."""
    document = yamlsafe.load_mapping(values.encode("utf-8", "surrogatepass"), _VALUES)
    if document.problems:
        return list(document.problems)
    return _against_schema(package.chart, document.mapping)


def form_of(package: Package, values: str) -> Form | None:
    """Return what the chart's schema asks for, answered by these values; None without a schema, or where the values can't be read."""
    document = yamlsafe.load_mapping(values.encode("utf-8", "surrogatepass"), _VALUES)
    if package.schema is None or document.problems:
        return None
    form = questions.form_of(package.schema, _merged(_defaults(package.chart), document.mapping))
    return form if form.questions else None


def answered(package: Package, values: str, told: Mapping[str, str]) -> str:
    """Return values with the answers of a form in them, by the names of its fields; only what differs from before is touched."""
    form = form_of(package, values)
    tree: dict[str, Any] = {}
    for question in form.questions if form else ():
        heard = question.heard(told.get(question.name))
        if repr(heard) == repr(question.heard(question.told)):
            continue
        branch = tree
        for step in question.path[:-1]:
            branch = branch.setdefault(step, {})
        branch[question.path[-1]] = heard
    return yamledit.changed(values, tree) if tree else values


def render(package: Package, values: str, *, name: str, namespace: str) -> manifests.Findings:
    """Render a chart with somebody's values, as its installation under a name would. Never call it inside a transaction."""
    return manifests.render(package.chart_archive(), values, name=name, namespace=namespace)


def pack_folder(path: Path) -> bytes:
    """Pack a folder of an author's machine as an upload would be; links stay links, so that a check reports them."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.PAX_FORMAT) as packed:
        packed.add(path.resolve(), arcname=path.resolve().name, filter=_without_traces)
    return gzip.compress(plain.getvalue(), mtime=0)


def _without_traces(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    if "/.git" in member.name and member.name.split("/")[1] == ".git":
        return None
    member.mtime = member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


def _check_chart(report: Report, found: Chart) -> Report:
    problems = list(found.problems)
    if found.renders:
        problems.extend(_against_schema(found, {}))
        findings = manifests.render(chart_archive(found))
        # Where the values break the schema, Helm only says so again, in English.
        repeated = bool(problems) and any(problem.code == kinds.RENDER_VALUES.code for problem in findings.problems)
        problems.extend(() if repeated else findings.problems)
        report = replace(
            report,
            manifests=findings.manifests,
            kinds=findings.kinds,
            images=findings.images,
            network_isolated=findings.network_isolated,
        )
    return replace(_described(report, found), problems=tuple(problems))


def _described(report: Report, found: Chart) -> Report:
    return replace(
        report,
        delivery="helm",
        name=found.text("name"),
        version=found.text("version"),
        app_version=found.text("appVersion"),
        description=found.text("description"),
        home=_web_address(found.text("home")),
        icon_url=_web_address(found.text("icon")),
        kube_version=found.text("kubeVersion"),
        deprecated=found.metadata.get("deprecated") is True,
        keywords=_texts(found.metadata.get("keywords")),
        sources=_texts(found.metadata.get("sources")),
        maintainers=_maintainers(found.metadata.get("maintainers")),
        values=_text(found.files, _VALUES),
        readme=_text(found.files, "README.md"),
    )


def _check_vm(report: Report, files: Mapping[str, bytes]) -> Report:
    problems: list[Problem] = [kinds.VM_NOT_YET()]
    problems.extend(kinds.FILE_MISSING(file=name) for name in _VM_FILES if name not in files)
    described = yamlsafe.load_json(files.get("package.json", b"{}"), "package.json")
    problems.extend(described.problems)
    name, version, app_version = (str(described.mapping.get(key, "")) for key in ("name", "version", "app_version"))
    return replace(report, delivery="vm", name=name, version=version, app_version=app_version, problems=tuple(problems))


def _against_schema(found: Chart, values: Mapping[str, Any]) -> list[Problem]:
    if found.schema is None:
        return []
    return schema.check(found.schema, _merged(_defaults(found), values), _VALUES)


def _defaults(found: Chart) -> dict[str, Any]:
    return yamlsafe.load_mapping(found.files.get(_VALUES, b""), _VALUES).mapping


def _merged(defaults: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Lay values over defaults as Helm does: mappings are merged, null takes a default away, all else replaces it."""
    merged = dict(defaults)
    for key, value in values.items():
        below = merged.get(key)
        if value is None and key in merged:
            del merged[key]
        elif isinstance(value, dict) and isinstance(below, dict):
            merged[key] = _merged(below, value)
        else:
            merged[key] = value
    return merged


def _web_address(text: str) -> str:
    """Return an address that may become a link; `javascript:` and the like never do."""
    return text if text.lower().startswith(("https://", "http://")) else ""


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def _maintainers(value: Any) -> tuple[dict[str, str], ...]:
    people = [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
    return tuple({key: str(person[key]) for key in ("name", "email", "url") if person.get(key)} for person in people)


def _text(files: Mapping[str, bytes], path: str) -> str:
    return files.get(path, b"").decode("utf-8-sig", "replace")
