"""The parameters of a deployment as a form made from the chart's schema. The YAML beside it is what counts: answers are written into it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from roadstead.blobs import services as blobs
from roadstead.packaging import services as packaging
from roadstead.packaging.services import Kind

if TYPE_CHECKING:
    from django.forms.boundfield import BoundField

    from roadstead.catalog.models import Version
    from roadstead.core.problems import Problem

FORM, YAML = "form", "yaml"
_FEW = 12  # questions that are shown unfolded
_PLAIN = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}


@dataclass(frozen=True)
class Field:
    """One question as the page shows it."""

    question: packaging.Question
    bound: "BoundField"


@dataclass(frozen=True)
class Part:
    """The fields of one object, below its own name if it lies in another one."""

    title: str
    description: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Section:
    """Everything below one name of the top level; the first has none."""

    title: str
    description: str
    parts: tuple[Part, ...]
    unfolded: bool


@dataclass(frozen=True)
class Parameters:
    """What the card of the parameters shows: the form with its sections, or the YAML."""

    version: "Version"
    text_name: str  # the language of the text: YAML or JSON
    view: str
    switches: bool  # whether there is a form to change to
    sections: tuple[Section, ...] = ()
    only_in_yaml: tuple[str, ...] = ()
    problems: tuple["Problem", ...] = ()  # those that belong to no field


class Answers(forms.Form):
    """The fields of a schema. It is never asked whether it is valid: the schema decides, on the YAML."""

    def __init__(self, questions: Iterable[packaging.Question]) -> None:
        super().__init__()
        for question in questions:
            self.fields[question.name] = forms.Field(
                label=question.title,
                help_text=_rule(question),
                initial=question.shown,
                required=question.required,
                widget=_widget(question),
            )

    def say(self, name: str, problem: "Problem") -> None:
        """Put a problem at its field."""
        self.errors.setdefault(name, self.error_class()).append(problem.message)


def typed(post: QueryDict, versions: Mapping[str, "Version"]) -> str:
    """Return the YAML that a page sent. `asked` names the version whose form was on it, if one was."""
    # A browser sends line ends of its own; the file had plain ones.
    text = post.get("values", "").replace("\r\n", "\n")
    asked = versions.get(post.get("asked", ""))
    if not asked:
        return text
    told = {name: "\n".join(map(str, several)) for name, several in post.lists()}
    return packaging.answered(packaging.open_package(blobs.read(asked.package)), text, told)


def view_of(sent: Mapping[str, str]) -> str:
    """Which of both views a page asks for: the one that its button names, or the one that it was."""
    return sent.get("view") or (FORM if "asked" in sent or "values" not in sent else YAML)


def parameters_of(version: "Version", text: str, problems: Iterable["Problem"], view: str) -> Parameters:
    """Return the card for a text and what is wrong with it."""
    package = packaging.open_package(blobs.read(version.package))
    form = packaging.form_of(package, text)
    if form is None or view == YAML:
        # Whoever mends a text that can't be read goes on to the form then.
        return Parameters(version, package.values_in, YAML, bool(form or packaging.form_of(package, "")), problems=tuple(problems))
    answers = Answers(form.questions)
    names = {question.where: question.name for question in form.questions}
    homeless = []
    for problem in problems:
        if name := _field_of(problem, names):
            answers.say(name, problem)
        else:
            homeless.append(problem)
    return Parameters(version, package.values_in, FORM, True, tuple(_sections(form, answers)), form.left, tuple(homeless))


def _field_of(problem: "Problem", names: Mapping[str, str]) -> str | None:
    """Find the field that a problem is about: the value that lacks, the value itself, or the list that it is in."""
    lacking = f"{problem.where}.{problem.params.get('name', '')}".strip(".")
    return names.get(lacking) or names.get(problem.where) or names.get(problem.where.partition("[")[0])


def _sections(form: packaging.Form, answers: Answers) -> Iterable[Section]:
    few = len(form.questions) <= _FEW
    for title, found in groupby(form.groups, key=lambda group: "".join(group.titles[:1])):
        groups = list(found)
        parts = tuple(_part(group, answers) for group in groups if group.questions)
        if not parts:
            continue
        wrong = any(field.bound.errors for part in parts for field in part.fields)
        first = groups[0]
        yield Section(title, first.description, parts, few or wrong)


def _part(group: packaging.Group, answers: Answers) -> Part:
    inner = " · ".join(group.titles[1:])
    fields = tuple(Field(question, answers[question.name]) for question in group.questions)
    return Part(inner, group.description if inner else "", fields)


def _widget(question: packaging.Question) -> forms.Widget:
    low, high = question.bounds
    limits = {key: value for key, value in (("min", low), ("max", high)) if value is not None}
    match question.kind:
        case Kind.SWITCH:
            return forms.CheckboxInput()
        case Kind.CHOICE | Kind.CHOICES:
            several = forms.CheckboxSelectMultiple if question.kind is Kind.CHOICES else forms.Select
            kind = forms.RadioSelect if question.is_row else several
            return kind(choices=question.choices, attrs={"lang": ""})  # the author's words
        case Kind.SECRET:
            return forms.PasswordInput(render_value=True, attrs={**_PLAIN, "autocomplete": "new-password"})
        case Kind.NUMBER:
            step = "any" if "number" in question.types else question.step
            return forms.NumberInput(attrs={"step": step, **limits, **_marks(question)})
        case Kind.LIST | Kind.LINES:
            return forms.Textarea(attrs={**_PLAIN, "rows": 3})
        case Kind.TEXT:
            return forms.TextInput(attrs=_PLAIN)


def _marks(question: packaging.Question) -> dict[str, str]:
    if question.fixed:
        return {"readonly": ""}
    return {"data-slide": ""} if question.slides else {}


def _rule(question: packaging.Question) -> str:
    """Say the rule before the mistake: what the author says, and what the schema adds."""
    rules: dict[str, Any] = dict(question.rules)
    low, high = question.bounds
    said = [question.description]
    if question.fixed:
        said.append(_("This number is fixed"))
    elif low is not None and high is not None:
        said.append(f"{_plain(low)}–{_plain(high)}")
    elif low is not None or high is not None:
        said.append(f"≥ {_plain(low)}" if low is not None else f"≤ {_plain(high or 0)}")
    if question.kind is Kind.LIST:
        said.append(_("one a line"))
        said.append(", ".join(map(str, rules.get("enum", ()))))
    if "pattern" in rules and not question.description:
        said.append(_("pattern %(pattern)s") % {"pattern": rules["pattern"]})
    return " · ".join(filter(None, said))


def _plain(number: float) -> str:
    return json.dumps(number)
