"""The deploy form and the two questions that an instance page asks."""

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from roadstead.clusters.errors import NameRefused, ValuesRefused, VersionNotOffered

if TYPE_CHECKING:
    from roadstead.catalog.models import Version
    from roadstead.clusters.selectors import Place
    from roadstead.core.problems import Problem

Check = Callable[[str], "list[Problem]"]

KEEP, CLEAN_UP = "keep", "clean_up"
SUGGESTION_LENGTH = 30


def _values() -> forms.CharField:
    """The field that parameters are typed into."""
    return forms.CharField(
        label="values.yaml",
        required=False,
        strip=False,
        max_length=512 * 1024,
        help_text=_("YAML. What you leave as it is keeps the package's default."),
        widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "false", "autocapitalize": "off", "class": "rs-code", "wrap": "off"}),
    )


class DeployForm(forms.Form):
    """Where, under which name, with which parameters, and what becomes of a failed creation.

    `check` finds what is wrong with the values; `problems` lists it, with lines.
    """

    environment = forms.ChoiceField(
        label=_("Environment"),
        error_messages={"required": _("Choose an environment."), "invalid_choice": _("Choose one of the environments shown here.")},
    )
    name = forms.CharField(
        label=_("Instance name"),
        help_text=_("1–53 lower-case letters, digits and hyphens, a letter first; it can't be changed later"),
        max_length=53,
        error_messages={"required": NameRefused.words, "max_length": NameRefused.words},
        validators=[RegexValidator(r"^[a-z]([a-z0-9-]*[a-z0-9])?\Z", NameRefused.words)],
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "class": "rs-mono"}),
    )
    values = _values()
    on_failure = forms.ChoiceField(
        label=_("When the creation fails"),
        choices=[(CLEAN_UP, _("Clean up: remove what was created")), (KEEP, _("Keep it for diagnosis"))],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, places: "list[Place]", check: Check = lambda _values: [], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.check = check
        self.problems: list[Problem] = []
        choice = self.fields["environment"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(place.environment.pk, place.environment.name) for place in places if place.fits]

    def clean_values(self) -> str:
        """Check the values against the package now, so that every mistake of the form is shown at once."""
        # A browser sends line ends of its own; the file had plain ones.
        values: str = self.cleaned_data["values"].replace("\r\n", "\n")
        self.problems = self.check(values)
        if self.problems:
            raise forms.ValidationError(ValuesRefused.words)
        return values

    def wish(self) -> dict[str, Any]:
        """Return what `services.create` is to do."""
        names = {"environment": "environment_id"}
        return {names.get(name, name): value for name, value in self.cleaned_data.items()}


class ChangeForm(forms.Form):
    """Another version, other parameters; `check` takes both, `problems` lists what it found, with lines."""

    version = forms.ChoiceField(
        label=_("Version"),
        error_messages={"required": _("Choose a version."), "invalid_choice": VersionNotOffered.words},
    )
    values = _values()

    def __init__(
        self,
        *args: Any,
        versions: "Sequence[Version]",
        check: "Callable[[str, str], list[Problem]]" = lambda _version, _values: [],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.check = check
        self.problems: list[Problem] = []
        choice = self.fields["version"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(version.pk, version.name) for version in versions]

    def clean_values(self) -> str:
        """Check the values against the package of the chosen version."""
        values: str = self.cleaned_data["values"].replace("\r\n", "\n")
        version = self.cleaned_data.get("version", "")
        self.problems = self.check(version, values) if version else []
        if self.problems:
            raise forms.ValidationError(ValuesRefused.words)
        return values


class ConfirmForm(forms.Form):
    """Deleting and ceasing (`act`) ask for the instance's name."""

    name = forms.CharField(label=_("Instance name"))
    differs = _("This isn't its name. Type “%(name)s”.")

    def __init__(self, *args: Any, wanted: str, act: str, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": f"{act}_%s", **kwargs})
        self.wanted, self.act = wanted, act
        field = self.fields["name"]
        field.label = _("Type “%(name)s” to go on") % {"name": wanted}
        field.widget.attrs |= {"autocomplete": "off", "spellcheck": "false", "data-name": wanted}

    def clean_name(self) -> str:
        """Refuse another name than the instance's."""
        name: str = self.cleaned_data["name"]
        if name.strip() != self.wanted:
            raise forms.ValidationError(self.differs % {"name": self.wanted})
        return name


class SeveralForm(ConfirmForm):
    """Deleting several asks for their number."""

    differs = _("This isn't their number. Type “%(name)s”.")

    def __init__(self, *args: Any, wanted: str, act: str, **kwargs: Any) -> None:
        super().__init__(*args, wanted=wanted, act=act, **kwargs)
        self.fields["name"].label = _("Type their number, “%(number)s”, to go on") % {"number": wanted}
        self.fields["name"].widget.attrs["inputmode"] = "numeric"


def suggested_name(app_name: str) -> str:
    """Return a release name made of an app's name, short enough for what the chart appends to it."""
    words = re.sub(r"[^a-z0-9]+", "-", app_name.lower()).strip("-")
    named = words if words[:1].isalpha() else f"app-{words}"
    return named[:SUGGESTION_LENGTH].strip("-")
