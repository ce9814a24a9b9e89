"""A package for machines, read from its files and opened for questions, answers and the cluster it describes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from roadstead.core.problems import Problem
from roadstead.packaging import kinds as common
from roadstead.packaging import yamlsafe
from roadstead.packaging.manifests import Findings
from roadstead.packaging.package import Package
from roadstead.packaging.questions import Form, told_anew
from roadstead.packaging.vm import checking, dialect, form, kinds, words
from roadstead.packaging.vm.answers import Answers, Link, answer, defaults
from roadstead.packaging.vm.building import document_of
from roadstead.packaging.vm.config import FILE as CONFIG
from roadstead.packaging.vm.config import read as read_items
from roadstead.packaging.vm.document import Document
from roadstead.packaging.vm.items import NETWORK_KEYS, Item
from roadstead.packaging.vm.metadata import FILE as METADATA
from roadstead.packaging.vm.metadata import problems_in
from roadstead.packaging.vm.roles import facts_of

FILES = (METADATA, CONFIG, dialect.TEMPLATE)
ANSWERS = "answers.json"


@dataclass(frozen=True)
class VmPackage(Package):
    """The files of a package for machines; read-only."""

    metadata: Mapping[str, Any] = field(default_factory=dict)
    config: Item = field(default_factory=Item)
    locales: Mapping[str, words.Dictionary] = field(default_factory=dict)

    values_in = "JSON"

    @property
    def values(self) -> str:
        """The answers that a form begins with."""
        return written(form.answers_of(self.config, defaults(self.config).data))

    @property
    def template(self) -> tuple[str, str]:
        """The template and the file that it is in."""
        file = template_file(self.contents) or dialect.TEMPLATE
        return self.text(file), file

    def locale(self, language: str) -> words.Words:
        """Return the author's words in a language."""
        return words.words_for(self.locales, language)

    @property
    def lacking_words(self) -> list[str]:
        """The author's words that are there in one of the platform's languages only."""
        return words.lacking(self.config.texts, self.locales)

    def answered_by(self, given: Mapping[str, Any], *, before: Mapping[str, Any] | None, links: Mapping[str, Link] | None) -> Answers:
        """Check answers; where they are good, the cluster that they make is checked too."""
        found = answer(self.config, given, before=before, links=links)
        return found if found.problems else replace(found, problems=tuple(errors_of(self.cluster(found.data).problems)))

    def cluster(self, data: Mapping[str, Any]) -> dialect.Rendered:
        """Render the cluster and check it; warnings are among the problems."""
        text, file = self.template
        rendered = dialect.render(text, data, file=file)
        if rendered.problems:
            return rendered
        value = checking.normalized(rendered.value)
        return dialect.Rendered(value, tuple(checking.check(value, self.config)))

    def document(self, data: Mapping[str, Any]) -> Document:
        """Return the cluster of data that was found good."""
        return document_of(self.cluster(data).value)

    def problems_of(self, values: str) -> list[Problem]:
        """Check answers as a form sends them, in which the instance's name and network needn't be yet."""
        document = answers_in(values)
        if document.problems:
            return list(document.problems)
        cluster = document.mapping.get("cluster")
        given = document.mapping
        if isinstance(cluster, dict | None):
            given = {**given, "cluster": {**self._stand_ins(), **(cluster or {})}}
        return list(self.answered_by(given, before=None, links=None).problems)

    def form_of(self, values: str, language: str = "") -> Form | None:
        """Return the questions with the answers that hold now; None where these can't be read."""
        document = answers_in(values)
        return None if document.problems else form.form_of(self.config, document.mapping, self.locale(language or form.language()))

    def answered(self, values: str, told: Mapping[str, str]) -> str:
        """Return answers with those of a form in them, by the names of its fields."""
        return written(_laid_over(answers_in(values).mapping, told_anew(self.form_of(values), told)))

    def sample(self) -> Document:
        """Return the cluster that the package's own answers make."""
        return self.document(defaults(self.config).data)

    def render(self, values: str, *, name: str, namespace: str) -> Findings:
        """Render the cluster with somebody's answers; the name stands in where they have none."""
        document = answers_in(values)
        if document.problems:
            return Findings(problems=document.problems)
        cluster = document.mapping.get("cluster")
        given = {**document.mapping, "cluster": {"name": name, **(cluster if isinstance(cluster, dict) else {})}}
        return self._found(answer(self.config, given))

    def preview(self) -> Findings:
        """Render the cluster with what the package itself offers; warnings are among the problems."""
        return self._found(defaults(self.config))

    def _found(self, answers: Answers) -> Findings:
        if answers.problems:
            return Findings(problems=tuple(replace(problem, file=problem.file or CONFIG) for problem in answers.problems))
        rendered = self.cluster(answers.data)
        if errors_of(rendered.problems):
            return Findings(problems=rendered.problems)
        document = document_of(rendered.value)
        images = {image for role in document.roles for image in (role.container.image, *role.container.images.values()) if image}
        return Findings(
            manifests=written(rendered.value),
            images=tuple(sorted(images)),
            network_isolated=True,
            problems=rendered.problems,
            roles=tuple(facts_of(document)),
        )

    def _stand_ins(self) -> dict[str, Any]:
        cluster = self.config.at("cluster")
        known = {item.key for item in cluster.properties} if cluster else set()
        return {key: value for key, value in {"name": "preview", **dict.fromkeys(NETWORK_KEYS, "")}.items() if key in known}


def read(files: Mapping[str, bytes]) -> tuple[VmPackage, list[Problem]]:
    """Read a package's files and say what is wrong with each; nothing is rendered here."""
    problems = [common.FILE_MISSING(file=name) for name in FILES[:2] if name not in files]
    if template_file(files) is None:
        problems.append(common.FILE_MISSING(file=dialect.TEMPLATE))
    described = yamlsafe.load_json(files.get(METADATA, b"{}"), METADATA)
    problems.extend(described.problems)
    if METADATA in files and not described.problems:
        wrong = problems_in(described.mapping) if isinstance(described.value, dict) else [common.NOT_A_MAPPING(file=METADATA)]
        problems.extend(wrong)
    asked = yamlsafe.load_json(files.get(CONFIG, b"{}"), CONFIG)
    problems.extend(asked.problems)
    items, wrong = read_items(asked.value) if CONFIG in files and not asked.problems else (Item(), [])
    problems.extend(wrong)
    locales, wrong = words.read(files)
    problems.extend(wrong)
    for file in (dialect.TEMPLATE, dialect.MUSTACHE, "README.md", "LICENSE"):
        problems.extend(yamlsafe.text_of(files.get(file, b""), file).problems)
    return VmPackage(files, described.mapping, items, locales), problems


def template_file(files: Mapping[str, bytes]) -> str | None:
    """Return the name of the file that the template is in."""
    return next((name for name in (dialect.TEMPLATE, dialect.MUSTACHE) if name in files), None)


def errors_of(problems: tuple[Problem, ...] | list[Problem]) -> list[Problem]:
    """Return the problems that keep a package or answers from being accepted."""
    return [problem for problem in problems if problem.code not in kinds.WARNINGS]


def answers_in(values: str) -> yamlsafe.Document:
    """Read answers from their text; none at all are good answers."""
    if not values.strip():
        return yamlsafe.Document({})
    document = yamlsafe.load_json(values.encode("utf-8", "surrogatepass"), ANSWERS)
    if document.problems or isinstance(document.value, dict):
        return document
    return yamlsafe.Document(problems=(common.NOT_A_MAPPING(file=ANSWERS),))


def written(value: Any) -> str:
    """Write JSON as people read it."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _laid_over(answers: Mapping[str, Any], changed: Mapping[str, Any]) -> dict[str, Any]:
    laid = dict(answers)
    for key, value in changed.items():
        below = laid.get(key)
        laid[key] = _laid_over(below if isinstance(below, dict) else {}, value) if isinstance(value, dict) else value
    return laid
