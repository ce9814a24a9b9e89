"""What a reviewer types."""

from django import forms
from django.utils.translation import gettext_lazy as _

from roadstead.reviews.services import REASON_LENGTH


class RejectForm(forms.Form):
    """Why a version is refused."""

    reason = forms.CharField(
        label=_("Reason for rejection"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("At most 500 characters. Say what is wrong and what would make it pass; the developer reads it."),
        error_messages={"required": _("Say why it is rejected.")},
    )
