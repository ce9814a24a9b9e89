"""What a reviewer or an administrator types."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from roadstead.core.problems import Words
from roadstead.reviews.services import REASON_LENGTH
from roadstead.reviews.track import FORCED, Stage, Verdict

_TECHNICAL: tuple[Words, ...] = (
    _("Containers have no CPU and memory limits."),
    _("A node port is fixed, so two instances can't share a cluster."),
    _("Containers have no probes, so nobody notices when one hangs."),
    _("It reaches out of its namespace or onto the host without need."),
    _("The test deployment failed."),
)
_BUSINESS: tuple[Words, ...] = (
    _("The introduction or the screenshots don't show what the app does."),
    _("The instructions are missing or incomplete."),
    _("The terms of service are missing."),
    _("The provider's certification doesn't cover this app."),
)
# What is said again and again; chosen beside, or in place of, words of one's own.
COMMON: Mapping[str, tuple[Words, ...]] = {
    Stage.PROVIDER: (*_BUSINESS[:2], *_TECHNICAL[:4]),
    Stage.BUSINESS: _BUSINESS,
    Stage.TECHNICAL: _TECHNICAL,
}


class RejectForm(forms.Form):
    """Why a version is refused: some of the common reasons, words of one's own, or both."""

    common = forms.MultipleChoiceField(label=_("Common reasons"), required=False, widget=forms.CheckboxSelectMultiple)
    reason = forms.CharField(
        label=_("Reason for rejection"),
        max_length=REASON_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("At most 500 characters. Say what is wrong and what would make it pass; the developer reads it."),
    )

    def __init__(self, data: Mapping[str, object] | None = None, *, stage: str) -> None:
        super().__init__(data, auto_id="reject_%s")
        chosen = self.fields["common"]
        if isinstance(chosen, forms.MultipleChoiceField):
            chosen.choices = [(str(number), words) for number, words in enumerate(COMMON.get(stage, ()))]
        self.stage = stage

    def clean(self) -> dict[str, str]:
        """Put the reasons together, one a line."""
        common = COMMON.get(self.stage, ())
        chosen = [str(common[int(number)]) for number in self.cleaned_data.get("common", ())]
        reason = "\n".join([*chosen, self.cleaned_data.get("reason", "").strip()]).strip()
        if not reason and "reason" not in self.errors:
            self.add_error("reason", _("Say why it is rejected."))
        if len(reason) > REASON_LENGTH:
            self.add_error("reason", _("Together these reasons are longer than 500 characters."))
        return {"reason": reason}


class ForceForm(forms.Form):
    """What an administrator decides past the stages, and why."""

    verdict = forms.ChoiceField(
        label=_("Decision"),
        choices=[(Verdict.PASS.value, _("Force pass")), (Verdict.REJECT.value, _("Force reject"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("At most 500 characters. The second administrator and the record read it."),
        error_messages={"required": _("Say why the review is cut short.")},
    )

    def __init__(self, data: Mapping[str, object] | None = None) -> None:
        super().__init__(data, auto_id="force_%s")

    def wish(self) -> tuple[Verdict, str]:
        """The decision and its reason."""
        return next(verdict for verdict in FORCED if verdict == self.cleaned_data["verdict"]), self.cleaned_data["reason"]
