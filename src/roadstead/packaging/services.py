"""Checks packages and opens those that are good. No row is written here."""

import gzip
import hashlib
import io
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from roadstead.core.problems import Problem
from roadstead.packaging import archive, chart, kinds, manifests
from roadstead.packaging.chart import Chart
from roadstead.packaging.chart_package import VALUES, ChartPackage, against_schema, chart_archive
from roadstead.packaging.concerns import Concern, concerns
from roadstead.packaging.difference import Line, Mark, compare, marks
from roadstead.packaging.errors import AnswersRefused, PackageUnreadable
from roadstead.packaging.limits import HIGHEST, STANDARD, Limits
from roadstead.packaging.needs import Needs, of_machines, of_workloads
from roadstead.packaging.package import Package, files_of
from roadstead.packaging.questions import Form, Group, Kind, Question
from roadstead.packaging.report import PackageFile, Report
from roadstead.packaging.traits import Change
from roadstead.packaging.traits import changes as _changes_of_objects
from roadstead.packaging.vm import package as vm
from roadstead.packaging.vm.answers import Answers, Link
from roadstead.packaging.vm.document import Document, Endpoint, Role, Service
from roadstead.packaging.vm.kinds import WARNINGS
from roadstead.packaging.vm.package import VmPackage
from roadstead.packaging.vm.roles import changes as _changes_of_roles
from roadstead.packaging.vm.roles import lacking_services
from roadstead.packaging.vm.scaffold import scaffold
from roadstead.packaging.words import Group as ChangeGroup
from roadstead.packaging.words import in_words

__all__ = [
    "Answers",
    "Change",
    "ChangeGroup",
    "ChartPackage",
    "Concern",
    "Document",
    "Endpoint",
    "Form",
    "Group",
    "Kind",
    "Line",
    "Link",
    "Mark",
    "Needs",
    "Package",
    "PackageFile",
    "Question",
    "Report",
    "Role",
    "Service",
    "VmPackage",
    "answered",
    "changes",
    "check",
    "check_values",
    "compare",
    "concerns",
    "file_marks",
    "form_of",
    "in_words",
    "lacking_services",
    "lacking_words",
    "made_with",
    "needs_of",
    "open_chart",
    "open_package",
    "open_vm",
    "pack_folder",
    "render",
    "scaffold",
    "vm_answers",
    "vm_document",
    "vm_form",
]


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
    if _is_vm(contents.files):
        return _check_vm(report, contents.files)
    misplaced = [
        kinds.CHART_MISPLACED(file=path) for path in sorted(contents.files) if path.endswith("/Chart.yaml") and path.count("/") == 1
    ]
    return replace(report, problems=tuple(misplaced) or (kinds.PACKAGE_UNKNOWN(file=filename),))


def open_package(data: bytes) -> Package:
    """Open a package that was accepted before; raises PackageUnreadable if it can't be one that was."""
    files = _files_in(data)
    return _vm_of(files) if _is_vm(files) else _chart_of(files)


def open_chart(data: bytes) -> ChartPackage:
    """Open a chart that was accepted before."""
    return _chart_of(_files_in(data))


def open_vm(data: bytes) -> VmPackage:
    """Open a package for machines that was accepted before."""
    return _vm_of(_files_in(data))


def _files_in(data: bytes) -> Mapping[str, bytes]:
    contents = archive.read(data, HIGHEST)
    if contents.problems:
        raise PackageUnreadable(problems=contents.problems)
    return contents.files


def _chart_of(files: Mapping[str, bytes]) -> ChartPackage:
    found = chart.read(files, HIGHEST)
    if not found.renders:
        raise PackageUnreadable(problems=found.problems)
    return ChartPackage(files, found)


def _vm_of(files: Mapping[str, bytes]) -> VmPackage:
    found, problems = vm.read(files)
    if errors := vm.errors_of(problems):
        raise PackageUnreadable(problems=errors)
    return found


def _is_vm(files: Mapping[str, bytes]) -> bool:
    return "Chart.yaml" not in files and any(name in files for name in vm.FILES)


def changes(delivery: str, before: str, after: str) -> list[Change]:
    """Return what changed between two results of templates: the manifests of charts, or the clusters of packages for machines."""
    return _CHANGES[delivery](before, after)


_CHANGES = {"helm": _changes_of_objects, "vm": _changes_of_roles}


def file_marks(before: Package, after: Package) -> dict[str, Mark]:
    """Return which files of a package were added, changed or removed since another one."""
    return marks(before.contents, after.contents)


def check_values(package: Package, values: str) -> list[Problem]:
    """Check values that somebody edited, together with what the package has for the rest."""
    return package.problems_of(values)


def form_of(package: Package, values: str) -> Form | None:
    """Return what people are asked, answered by these values; None where nothing is asked, or where the values can't be read."""
    return package.form_of(values)


def answered(package: Package, values: str, told: Mapping[str, str]) -> str:
    """Return values with the answers of a form in them, by the names of its fields."""
    return package.answered(values, told)


def render(package: Package, values: str, *, name: str, namespace: str) -> manifests.Findings:
    """Render a package with somebody's values, as its instance under a name would. Never call it inside a transaction."""
    return package.render(values, name=name, namespace=namespace)


def made_with(data: bytes, values: str) -> tuple[str, Sequence[Problem]]:
    """Return what a good package makes with somebody's values, or what is wrong with these."""
    package = open_package(data)
    if problems := package.problems_of(values):
        return "", problems
    findings = package.render(values, name="preview", namespace="default")
    return findings.manifests, vm.errors_of(findings.problems)


def vm_answers(
    package: VmPackage,
    answers: Mapping[str, Any],
    *,
    before: Mapping[str, Any] | None = None,
    links: Mapping[str, Link] | None = None,
) -> Answers:
    """Check answers by every rule of the package, and the cluster that they make.

    `before` is the data of the instance as it is, where there is one: then what was fixed at its creation must stay. `links` are the
    instances that may be linked, by id.
    """
    return package.answered_by(answers, before=before, links=links)


def vm_document(package: VmPackage, answers: Mapping[str, Any]) -> Document:
    """Return the cluster that answers make; raises AnswersRefused with all that is wrong with them."""
    found = vm_answers(package, answers)
    if found.problems:
        raise AnswersRefused(problems=found.problems)
    return package.document(found.data)


def vm_form(package: VmPackage, answers: Mapping[str, Any], language: str) -> Form | None:
    """Return the questions, a group a role, with the answers that hold now, in the author's words for a language."""
    return package.form_of(vm.written(dict(answers)), language)


def needs_of(package: Package, manifests: str) -> Needs:
    """Add up what a package asks its place for, as it was rendered."""
    return of_machines(manifests) if isinstance(package, VmPackage) else of_workloads(manifests)


def lacking_words(package: VmPackage) -> list[str]:
    """Return the author's words that are there in one of the platform's languages only."""
    return package.lacking_words


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
        problems.extend(against_schema(found, {}))
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
        values=_text(found.files, VALUES),
        readme=_text(found.files, "README.md"),
    )


def _check_vm(report: Report, files: Mapping[str, bytes]) -> Report:
    package, problems = vm.read(files)
    if not vm.errors_of(problems):
        findings = package.preview()
        problems.extend(findings.problems)
        report = replace(report, manifests=findings.manifests, images=findings.images, network_isolated=findings.network_isolated)
        report = replace(report, values=package.values, roles=findings.roles)
    found = package.metadata
    return replace(
        report,
        delivery="vm",
        name=_line(found.get("name")),
        version=_line(found.get("version")),
        app_version=_line(found.get("app_version")),
        description=_line(found.get("description")),
        home=_web_address(_line(found.get("home"))),
        icon_url=_web_address(_line(found.get("icon"))),
        keywords=_texts(found.get("keywords")),
        sources=_texts(found.get("sources")),
        maintainers=_maintainers(found.get("maintainers")),
        readme=_text(files, "README.md"),
        problems=tuple(vm.errors_of(problems)),
        warnings=tuple(problem for problem in problems if problem.code in WARNINGS),
    )


def _line(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


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
