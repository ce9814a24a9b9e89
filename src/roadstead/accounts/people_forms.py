"""The forms of people, departments, roles, one's own account and the platform's rules."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from roadstead.accounts.people import PASSWORD_RULES
from roadstead.accounts.rules import RULES, operators_values
from roadstead.core.forms import Refusable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from roadstead.accounts.models import Group, Role


class RoleForm(Refusable):
    """One role to give."""

    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, *args: Any, roles: "Iterable[Role]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self.fields["role"], [(role.pk, role.title) for role in roles])


class _Placed(Refusable):
    """Somebody in a department."""

    name = forms.CharField(label=_("Name"), max_length=50, help_text=_("As others see it; at most 50 characters"))
    group = forms.ChoiceField(label=_("Department"), required=False)

    def __init__(self, *args: Any, groups: "Iterable[Group]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self.fields["group"], [(group.pk, "　" * group.path.count(".") + said(group)) for group in groups])


class PersonForm(_Placed, RoleForm):
    """A new person."""

    email = forms.EmailField(label=_("Email"), help_text=_("They sign in with it"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    field_order = ("email", "name", "role", "group")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = False
        self.fields["group"].help_text = _("For colleagues; customers get a place of their own")


class EditPersonForm(_Placed):
    """What is known of a person."""

    description = forms.CharField(label=_("Note"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    field_order = ("name", "group", "description")


class NameForm(Refusable):
    """The name of a department."""

    name = forms.CharField(label=_("Name"), max_length=100)


class RoleNameForm(Refusable):
    """What a role is called."""

    name = forms.CharField(label=_("Name"), max_length=50)
    description = forms.CharField(label=_("Note"), required=False, max_length=200)


class OwnForm(Refusable):
    """One's own name and language."""

    name = forms.CharField(label=_("Name"), max_length=50, help_text=_("As others see it; at most 50 characters"))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


class PasswordForm(Refusable):
    """A new password of one's own."""

    current = forms.CharField(
        label=_("Current password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    new = forms.CharField(
        label=_("New password"),
        strip=False,
        max_length=128,
        help_text=_("At least 10 characters"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(label=_("New password again"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))
    end_tokens = forms.BooleanField(
        label=_("Revoke my access tokens too"), required=False, help_text=_("If somebody else may have had the old password")
    )

    def clean_new(self) -> str:
        """Refuse what is easily guessed."""
        new: str = self.cleaned_data["new"]
        for validator in PASSWORD_RULES:
            validator.validate(new)
        return new

    def clean(self) -> dict[str, Any]:
        """Refuse two different passwords; the second is asked for only to be compared."""
        again = self.cleaned_data.pop("again", None)
        if "new" in self.cleaned_data and again is not None and self.cleaned_data["new"] != again:
            self.add_error("again", ValidationError(gettext("The two new passwords differ.")))
        return self.cleaned_data


class RulesForm(Refusable):
    """The platform's limits and times."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        usual = operators_values()
        for rule in RULES.values():
            hint = _("%(hint)s · %(least)s to %(most)s · as installed: %(usual)s")
            facts = {"hint": rule.hint, "least": rule.least, "most": rule.most, "usual": round(usual[rule.name] / rule.unit)}
            word, words = str(rule.word), hint % facts
            self.fields[rule.name] = forms.IntegerField(label=word, help_text=words, min_value=rule.least, max_value=rule.most)


def said(group: "Group") -> str:
    """Return a department's name; the top one of the platform is called in the reader's language."""
    return gettext("Whole organization") if group.name == "root" else group.name


def _choose(field: forms.Field, choices: list[tuple[str, str]]) -> None:
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices
