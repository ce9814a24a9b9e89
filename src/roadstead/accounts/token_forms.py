"""The form of a new token."""

from django import forms
from django.utils.translation import gettext_lazy as _

from roadstead.accounts.scopes import WORDS
from roadstead.core.forms import Refusable

_DAYS = ((7, _("7 days")), (30, _("30 days")), (90, _("90 days")), (365, _("A year")))


class TokenForm(Refusable):
    """What a token is for, what it may do at most, and how long."""

    name = forms.CharField(label=_("Name"), max_length=50, help_text=_("What it is for, such as the job that uses it"))
    scopes = forms.MultipleChoiceField(
        label=_("It may"), choices=[(scope.value, word) for scope, word in WORDS.items()], widget=forms.CheckboxSelectMultiple
    )
    days = forms.TypedChoiceField(label=_("It ends after"), coerce=int, choices=_DAYS, initial=30)
